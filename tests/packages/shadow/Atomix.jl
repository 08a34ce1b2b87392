module Atomix
end
