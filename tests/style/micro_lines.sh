#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The microkernel is small: what runs in supervisor mode, borrowed sources and its own headers
# included, is under 2000 lines, without comments and blank lines.
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"
LIMIT=2000

count() {
    awk -f "$SRC/scripts/code_lines.awk" "$@"
}

check() {
    local lines
    lines=$(count "$@")
    ((lines < LIMIT)) || echo "the microkernel has $lines lines, not under $LIMIT"
}

{
    printf '/* a\n * comment */\n\nint x; /* and\n one */ int y;\n'
    printf '/* one */ /* two */\n'
} | plant small.c
lines=$(cd "$SCRATCH" && count small.c)
[[ $lines == 2 ]] || { echo "self-check: $lines lines were counted, not 2"; exit 1; }
must_pass small.c small.c
awk 'BEGIN { for (i = 0; i < 2000; i++) print "int x;" }' | plant large.c
must_complain 'has 2000 lines' large.c

check_tree 'guestos/micro/kernel/*.[chS]' 'guestos/micro/include/micro/abi.h' \
    'guestos/micro/include/micro/calls.def' guestos/mini/kernel/{sbi,fdt}.c \
    guestos/common/lib/{string,format}.c guestos/common/lib/sparse.h
