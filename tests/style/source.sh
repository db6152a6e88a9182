#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The rules for source text that no formatter knows: licence line, what a file owns, length of
# files and functions, no #if in functions, comments within 100 columns, clean line ends.
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

check() {
    local file
    LC_ALL=C awk -v max_file=700 -v max_function=60 -f "$SRC/tests/style/source.awk" "$@"
    for file in "$@"; do
        [[ ! -s $file || -z $(tail -c 1 "$file") ]] || echo "$file: no newline at its end"
    done
}

# keep, break_rule: plant a file of the given name whose text (with \n for a line's end) follows
# a proper head; it must be found good, or at the given fault.
head_of_c='/* SPDX-License-Identifier: GPL-2.0-or-later */\n/* Owns a sample; leaves the rest. */\n'
keep() {
    printf '%b' "$head_of_c$2" | plant "$1"
    must_pass "$1" "$1"
}
break_rule() {
    printf '%b' "$head_of_c$3" | plant "$1"
    must_complain "^$1.*: $2" good.c "$1"
}
bare() {
    printf '%b' "$3" | plant "$1"
    must_complain "^$1:.*: $2" good.c "$1"
}
repeat() { awk -v n="$1" -v text="$2" 'BEGIN { while (n--) printf "%s\\n", text }'; }
function_of() { printf "%s" "int f(void)\n{\n$(repeat "$1" "    g();")}\n"; }

keep good.c 'int f(void)\n{\n    return 1;\n}\n'
keep limits.c "$(repeat 633 'int x;')$(function_of 60)"
keep if_outside.c '#if 1\nint f(void)\n{\n}\n#endif\n'
bare no_licence.c 'no SPDX' '/* Owns a sample. */\nint x;\n'
bare no_licence.sh 'no SPDX' '#!/bin/sh\ntrue\n'
bare no_owner.c 'does not open' '/* SPDX-License-Identifier: GPL-2.0-or-later */\nint x;\n'
break_rule space.c 'white space' 'int x; \n'
break_rule long_comment.c 'a comment over 100' "/* $(printf '%0100d' 0) */\n"
break_rule return.c 'a carriage return' 'int x;\r\n'
break_rule newline.c 'no newline' 'int x;'
break_rule tab.h 'a tab' '\tint x;\n'
break_rule open_end.c 'an open end' '/* TO''DO: more */\n'
break_rule indented.c 'an indented #if' '  #if 1\n#endif\n'
break_rule inside.c '#if inside' 'int f(void)\n{\n#if 1\n    return 1;\n#endif\n}\n'
break_rule long_file.c 'over 700 lines' "$(repeat 699 'int x;')"
break_rule long_function.c 'function of 61 lines' "$(function_of 61)"

check_tree '*.c' '*.h' '*.S' '*.def' '*.ld' '*.sh' '*.bash' '*.awk' '*.py' '*.cmake' \
    '*CMakeLists.txt' '*.json' '*.md' '.ci/run'
