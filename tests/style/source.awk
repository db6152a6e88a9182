# SPDX-License-Identifier: GPL-2.0-or-later
# What every source file must keep, as far as text can show it; for tests/style/source.sh.
# Prints "file:line: fault". The layout (a function's braces, and only those, alone in the
# first column) is clang-format's business, and relied on here.

function fault(line, text) { printf "%s:%d: %s\n", name, line, text }

function start_file() {
    name = FILENAME
    is_c = name ~ /\.[ch]$/
    is_c_like = name ~ /\.([chS]|def)$/
    is_code = is_c_like || name ~ /(\.(sh|bash|awk|py|cmake|ld)|CMakeLists\.txt|\.ci\/run)$/
    licensed = 0; owns = 0; body = 0; lines = 0
}

function end_file() {
    if (name == "") return
    if (is_code && !licensed) fault(1, "no SPDX-License-Identifier line at its top")
    if (is_c && !owns) fault(2, "does not open with a comment on what it owns")
    if (is_code && lines > max_file) fault(lines, "over " max_file " lines")
}

FNR == 1 { end_file(); start_file() }

{
    lines = FNR
    if (/\r/) fault(FNR, "a carriage return")
    else if (/[ \t]$/) fault(FNR, "white space at the end of the line")
}

is_code && /SPDX-License-Identifier: GPL-2\.0-or-later/ && FNR <= 3 {
    licensed = !is_c || (FNR == 1 && $0 == "/* SPDX-License-Identifier: GPL-2.0-or-later */")
}

# The comment that says what the file owns: the first thing after the licence, some words long.
is_c && FNR <= 4 && /^\/\*/ && !/SPDX/ { owns = 1 }
is_c && FNR <= 4 && !/^\/\*/ && !/^$/ && !owns { owns = -1 }
is_c && owns == -1 { fault(FNR, "does not open with a comment on what it owns"); owns = 2 }

is_c_like && /\t/ { fault(FNR, "a tab") }
# Code is laid out by clang-format, which leaves comments alone.
is_c && length($0) > 100 && /^ *\/?\*/ { fault(FNR, "a comment over 100 columns") }
# Spelled so that this file keeps its own rule.
is_code && /(^|[^A-Za-z])(TO[D]O|FIX[M]E|XX[X])([^A-Za-z]|$)/ { fault(FNR, "an open end left in the code") }

name ~ /\.c$/ && /^[ \t]+#[ \t]*(if|el|endif)/ { fault(FNR, "an indented #if") }
is_c && body && /^[ \t]*#[ \t]*(if|el|endif)/ { fault(FNR, "#if inside a function") }
is_c && /^\{$/ { body = FNR }
is_c && /^\}$/ && body {
    if (FNR - body - 1 > max_function) fault(body, "function of " (FNR - body - 1) " lines, over " max_function)
    body = 0
}

END { end_file() }
