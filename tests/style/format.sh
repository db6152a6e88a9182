#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every C file is laid out as .clang-format says; tables (*.def) are laid out by hand.
# To put it right: clang-format -i <file>
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"
need clang-format

check() {
    clang-format --style=file:"$SRC/.clang-format" --dry-run -Werror "$@" 2>&1 |
        grep -E '(error|warning):' || true
}

printf 'int f(void)\n{\n    return 1;\n}\n' | plant good.c
printf 'int f(void) {\n  return 1; }\n' | plant bad.c
must_pass "a well laid out file" good.c
must_complain "bad.c.*clang-format" good.c bad.c

check_tree '*.c' '*.h'
