# Constants made of π and of square roots and logarithms of small numbers; they take the precision of what they meet.
module IrrationalConstants

abstract type IrrationalConstant <: AbstractIrrational end

for (name, value) in ((:twoπ, 2big(π)), (:fourπ, 4big(π)), (:halfπ, big(π) / 2), (:quartπ, big(π) / 4), (:invπ, 1 / big(π)), (:twoinvπ, 2 / big(π)), (:fourinvπ, 4 / big(π)),
        (:inv2π, 1 / (2big(π))), (:inv4π, 1 / (4big(π))), (:sqrt2, sqrt(big(2.0))), (:sqrt3, sqrt(big(3.0))), (:sqrtπ, sqrt(big(π))), (:sqrt2π, sqrt(2big(π))), (:sqrt4π, sqrt(4big(π))),
        (:sqrthalfπ, sqrt(big(π) / 2)), (:invsqrt2, 1 / sqrt(big(2.0))), (:invsqrtπ, 1 / sqrt(big(π))), (:invsqrt2π, 1 / sqrt(2big(π))), (:loghalf, -log(big(2.0))), (:logtwo, log(big(2.0))),
        (:logten, log(big(10.0))), (:logπ, log(big(π))), (:log2π, log(2big(π))), (:log4π, log(4big(π))))
    T = Symbol(uppercasefirst(string(name)))
    @eval begin
        struct $T <: IrrationalConstant end
        const $name = $T()
        Base.Float64(::$T) = $(Float64(value))
        Base.Float32(::$T) = $(Float32(value))
        Base.show(io::IO, ::$T) = print(io, $(string(name)))
        export $name
    end
end

end
