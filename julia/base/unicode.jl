# Classes of characters, by their general category (1 Lu … 5 Lo, 6–8 marks, 9–11 numbers, 12–18 punctuation,
# 19–22 symbols, 23–25 separators, 26 Cc, 27 Cf, 28 Cs, 29 Co, 0 and above: unassigned).

category_code(c::AbstractChar) = ismalformed(c) ? 31 : Core.Host.char_category(Char(c))
isdigit(c::AbstractChar) = (c >= '0') & (c <= '9')
isxdigit(c::AbstractChar) = '0' <= c <= '9' || 'a' <= c <= 'f' || 'A' <= c <= 'F'
isletter(c::AbstractChar) = 1 <= category_code(c) <= 5
isnumeric(c::AbstractChar) = 9 <= category_code(c) <= 11
islowercase(c::AbstractChar) = isascii(c) ? 'a' <= c <= 'z' : category_code(c) == 2
isuppercase(c::AbstractChar) = isascii(c) ? 'A' <= c <= 'Z' : (k = category_code(c); k == 1 || k == 3)
iscntrl(c::AbstractChar) = c <= '\x1f' || '\x7f' <= c <= '\u9f'
ispunct(c::AbstractChar) = 12 <= category_code(c) <= 18
isspace(c::AbstractChar) = c == ' ' || '\t' <= c <= '\r' || c == '\u85' || '\ua0' <= c && category_code(c) == 23
isprint(c::AbstractChar) = 1 <= category_code(c) <= 23
uppercase(c::AbstractChar) = Core.Host.char_upper(Char(c))
lowercase(c::AbstractChar) = Core.Host.char_lower(Char(c))
# letters of two letters have a form with only the first one large; Georgian has no titles
function titlecase(c::AbstractChar)
    u = codepoint(c)
    0x01c4 <= u <= 0x01cc && return Char(u - (u - 0x01c4) % 0x3 + 0x1)
    0x01f1 <= u <= 0x01f3 && return 'ǲ'
    (0x10d0 <= u <= 0x10ff || c == 'ß') && return Char(c)
    return Core.Host.char_upper(Char(c))
end
