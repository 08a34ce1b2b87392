environment = cglobal(:environ, Ptr{Ptr{UInt8}})
