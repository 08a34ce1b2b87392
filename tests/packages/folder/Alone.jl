"A package of one file."
module Alone
export half
half(x) = x / 2
end
