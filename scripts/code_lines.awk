# SPDX-License-Identifier: GPL-2.0-or-later
# Lines of code of C and assembly files: those that have more than blanks and comments, which are
# /* ... */ and, in assembly, # at the end of a line or with a blank after it.
FNR == 1 { comment = 0 }
{
    line = $0
    if (FILENAME ~ /\.S$/) sub(/[ \t]# .*/, "", line)
    while (1) {
        if (comment) {
            if (!match(line, /\*\//)) { line = ""; break }
            line = substr(line, RSTART + 2); comment = 0
        }
        if (!match(line, /\/\*/)) break
        rest = substr(line, RSTART + 2)
        kept = kept substr(line, 1, RSTART - 1)
        line = rest; comment = 1
    }
    line = kept line; kept = ""
    if (line ~ /[^ \t]/) n++
}
END { print n + 0 }
