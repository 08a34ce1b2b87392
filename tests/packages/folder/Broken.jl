module Broken
no_such_function()
end
