module Dotted
twice(x) = 2x
end
