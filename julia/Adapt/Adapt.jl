# Conversion of nested data by rules on its parts: `adapt(to, x)`.
module Adapt

import Base.Device
import Base.Device: adapt, adapt_structure, adapt_storage

export adapt, adapt_structure, adapt_storage, @adapt_structure

# The rule of a struct: convert every field, then call the type's constructor.
macro adapt_structure(T)
    return quote
        function Adapt.adapt_structure(to, x::$(esc(T)))
            return Device.adapt_fields(to, x, $(esc(T)))
        end
    end
end
adapt(to) = x -> adapt(to, x)

end
