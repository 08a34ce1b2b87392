module Colours
const red = "red"
end
