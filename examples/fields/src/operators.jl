# Differences by the place of the result: device code dispatches on it.
@inline δ(::Face, a, i) = i == 1 ? a[1] - a[end] : i > length(a) ? a[1] - a[end] : a[i] - a[i-1]
@inline δ(::Center, a, i) = a[i+1] - a[i]
