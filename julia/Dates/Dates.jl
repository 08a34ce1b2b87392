# Dates and times as far as programs print and measure them: `now`, calendar dates and periods.
module Dates

export Date, DateTime, Time, now, today, year, month, day, hour, minute, second, millisecond, dayofweek, dayofyear, isleapyear, daysinmonth, datetime2unix, unix2datetime, format,
    Period, Year, Month, Week, Day, Hour, Minute, Second, Millisecond, Microsecond, Nanosecond, value

abstract type Period end
for (name, unit) in ((:Year, "year"), (:Month, "month"), (:Week, "week"), (:Day, "day"), (:Hour, "hour"), (:Minute, "minute"), (:Second, "second"), (:Millisecond, "millisecond"),
        (:Microsecond, "microsecond"), (:Nanosecond, "nanosecond"))
    @eval begin
        struct $name <: Period
            value::Int64
            $name(x::Number) = new(Int64(x))
        end
        unit_name(::$name) = $unit
        Base.:+(a::$name, b::$name) = $name(a.value + b.value)
        Base.:-(a::$name, b::$name) = $name(a.value - b.value)
        Base.:*(a::$name, n::Real) = $name(a.value * n)
        Base.:*(n::Real, a::$name) = $name(a.value * n)
        Base.isless(a::$name, b::$name) = isless(a.value, b.value)
    end
end
value(p::Period) = p.value
Base.show(io::IO, p::Period) = print(io, p.value, " ", unit_name(p), p.value == 1 ? "" : "s")
Base.print(io::IO, p::Period) = show(io, p)
milliseconds(p::Week) = 604800000 * p.value
milliseconds(p::Day) = 86400000 * p.value
milliseconds(p::Hour) = 3600000 * p.value
milliseconds(p::Minute) = 60000 * p.value
milliseconds(p::Second) = 1000 * p.value
milliseconds(p::Millisecond) = p.value
const FixedPeriod = Union{Week,Day,Hour,Minute,Second,Millisecond}

# Days since 0000-12-31, proleptic Gregorian.
struct Date
    days::Int64
    Date(::Val{:days}, n::Integer) = new(n)
end
# Milliseconds since the same day's midnight.
struct DateTime
    ms::Int64
    DateTime(::Val{:ms}, n::Integer) = new(n)
end
isleapyear(y::Integer) = (y % 4 == 0) & ((y % 100 != 0) | (y % 400 == 0))
daysinmonth(y::Integer, m::Integer) = m == 2 ? 28 + isleapyear(y) : m in (4, 6, 9, 11) ? 30 : 31
# counts in years that begin in March
function day_number(y, m, d)
    z = m < 3 ? y - 1 : y
    mz = m < 3 ? m + 12 : m
    return d + fld(153mz - 457, 5) + 365z + fld(z, 4) - fld(z, 100) + fld(z, 400) - 306
end
function year_month_day(days::Integer)
    z = days + 306
    h = 100z - 25
    a = fld(h, 3652425)
    b = a - fld(a, 4)
    y = fld(100b + h, 36525)
    c = b + z - 365y - fld(y, 4)
    m = div(5c + 456, 153)
    d = c - div(153m - 457, 5)
    return m > 12 ? (y + 1, m - 12, d) : (y, m, d)
end
function Date(y::Integer, m::Integer = 1, d::Integer = 1)
    1 <= m <= 12 || throw(ArgumentError(string("Month: ", m, " out of range (1:12)")))
    1 <= d <= daysinmonth(y, m) || throw(ArgumentError(string("Day: ", d, " out of range (1:", daysinmonth(y, m), ")")))
    return Date(Val(:days), day_number(y, m, d))
end
DateTime(y::Integer, m::Integer = 1, d::Integer = 1, h::Integer = 0, mi::Integer = 0, s::Integer = 0, ms::Integer = 0) =
    DateTime(Val(:ms), 86400000 * Date(y, m, d).days + 3600000h + 60000mi + 1000s + ms)
Date(t::DateTime) = Date(Val(:days), fld(t.ms, 86400000))
DateTime(d::Date) = DateTime(Val(:ms), 86400000 * d.days)
Date(s::AbstractString) = Date(map(x -> parse(Int, x), split(s, '-'))...)
const unix_epoch = 719163
unix2datetime(t::Real) = DateTime(Val(:ms), 86400000 * unix_epoch + round(Int64, 1000t))
datetime2unix(t::DateTime) = (t.ms - 86400000 * unix_epoch) / 1000
now() = unix2datetime(floor(1000 * time()) / 1000)
today() = Date(now())
year(d::Union{Date,DateTime}) = year_month_day(Date(d).days)[1]
month(d::Union{Date,DateTime}) = year_month_day(Date(d).days)[2]
day(d::Union{Date,DateTime}) = year_month_day(Date(d).days)[3]
Date(d::Date) = d
hour(t::DateTime) = mod(fld(t.ms, 3600000), 24)
minute(t::DateTime) = mod(fld(t.ms, 60000), 60)
second(t::DateTime) = mod(fld(t.ms, 1000), 60)
millisecond(t::DateTime) = mod(t.ms, 1000)
dayofweek(d) = mod1(Date(d).days, 7)
dayofyear(d) = Date(d).days - Date(year(d)).days + 1
Base.:-(a::Date, b::Date) = Day(a.days - b.days)
Base.:-(a::DateTime, b::DateTime) = Millisecond(a.ms - b.ms)
Base.:+(d::Date, p::Union{Day,Week}) = Date(Val(:days), d.days + div(milliseconds(p), 86400000))
Base.:-(d::Date, p::Union{Day,Week}) = Date(Val(:days), d.days - div(milliseconds(p), 86400000))
function Base.:+(d::Date, p::Month)
    y, m, k = year_month_day(d.days)
    n = 12y + m - 1 + p.value
    y, m = fld(n, 12), mod(n, 12) + 1
    return Date(y, m, min(k, daysinmonth(y, m)))
end
Base.:+(d::Date, p::Year) = d + Month(12 * p.value)
Base.:-(d::Date, p::Union{Month,Year}) = d + typeof(p)(-p.value)
Base.:+(t::DateTime, p::FixedPeriod) = DateTime(Val(:ms), t.ms + milliseconds(p))
Base.:-(t::DateTime, p::FixedPeriod) = DateTime(Val(:ms), t.ms - milliseconds(p))
Base.isless(a::Date, b::Date) = isless(a.days, b.days)
Base.isless(a::DateTime, b::DateTime) = isless(a.ms, b.ms)
two(n) = lpad(string(n), 2, "0")
date_text(d) = ((y, m, k) = year_month_day(Date(d).days); string(lpad(string(y), 4, "0"), "-", two(m), "-", two(k)))
Base.print(io::IO, d::Date) = print(io, date_text(d))
Base.show(io::IO, d::Date) = print(io, "Dates.Date(\"", date_text(d), "\")")
Base.show(io::IO, ::MIME"text/plain", d::Date) = print(io, d)
datetime_text(t) = string(date_text(t), "T", two(hour(t)), ":", two(minute(t)), ":", two(second(t)), millisecond(t) == 0 ? "" : string(".", rstrip(lpad(string(millisecond(t)), 3, "0"), '0')))
Base.print(io::IO, t::DateTime) = print(io, datetime_text(t))
Base.show(io::IO, t::DateTime) = print(io, "Dates.DateTime(\"", datetime_text(t), "\")")
Base.show(io::IO, ::MIME"text/plain", t::DateTime) = print(io, t)
# `yyyy mm dd HH MM SS s`: each run of letters is replaced by its number
function format(t::Union{Date,DateTime}, f::AbstractString)
    dt = t isa Date ? DateTime(t) : t
    r = String(f)
    for (k, v) in ("yyyy" => lpad(string(year(dt)), 4, "0"), "mm" => two(month(dt)), "dd" => two(day(dt)), "HH" => two(hour(dt)), "MM" => two(minute(dt)), "SS" => two(second(dt)),
        "sss" => lpad(string(millisecond(dt)), 3, "0"))
        r = replace(r, k => v)
    end
    return r
end

end
