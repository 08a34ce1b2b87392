# Every conversion, flag, width and precision of C's format language.
using Printf, Test
@test @sprintf("%d %5d|%-5d|%05d|%+d|% d", 1, 2, 3, 4, 5, 6) == "1     2|3    |00004|+5| 6"
@test @sprintf("%x %X %#x %o %#o %c %s", 255, 255, 255, 8, 8, 'a', "hi") == "ff FF 0xff 10 010 a hi"
@test @sprintf("%f %.2f %10.3f|%-10.3f|", 1.5, 2.345, 3.14159, 2.71828) == "1.500000 2.35      3.142|2.718     |"
@test @sprintf("%e %.3E %g %g %G", 12345.678, 0.00012, 1e-10, 123456789.0, 1e20) == "1.234568e+04 1.200E-04 1e-10 1.23457e+08 1E+20"
@test @sprintf("%a %a %.1a", 1.0, 0.1, 1.96875) == "0x1p+0 0x1.999999999999ap-4 0x2.0p+0"
@test @sprintf("%5.1f%% %*d %.*f", 99.5, 6, 42, 2, 3.14159) == " 99.5%     42 3.14"
@test @sprintf("%08.3f|%+.2e|%s|%10s|%-10s|%.3s", 3.14159, -1.5, :sym, "r", "l", "truncate") == "0003.142|-1.50e+00|sym|         r|l         |tru"
@test @sprintf("%d %u %i", 0xff, 3, -4) == "255 3 -4"
@test @sprintf("%g %g %g %#g", 100000.0, 1000000.0, 0.0001, 1.0) == "100000 1e+06 0.0001 1.00000"
@test @sprintf("%f %f %d", NaN, -Inf, big(10)^20) == "NaN -Inf 100000000000000000000"
@test @sprintf("%.20f %.0f %.0f %.0f", 0.1, 0.5, 1.5, 2.5) == "0.10000000000000000555 0 2 2"
@test @sprintf("%.3d|%5.3d|%d|%d", 7, 7, true, typemin(Int)) == "007|  007|1|-9223372036854775808"
@test @sprintf("%.5f", big"2"^0.5) == "1.41421"
@test Printf.format(Printf.Format("%d-%s"), 1, "x") == "1-x"
@test sprint((io, x) -> @printf(io, "%d", x), 3) == "3"
@test_throws ArgumentError Printf.format(Printf.Format("%d %d"), 1)
@test_throws Printf.InvalidFormatStringError Printf.Format("%q")
