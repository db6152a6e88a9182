#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# No word that codespell takes for a misspelt one, but for those in .codespellrc.
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"
need codespell

check() { codespell --config "$SRC/.codespellrc" "$@"; }

plant good.md <<<'The hart is in the table.'
plant bad.md < <(printf 'The hart is in %s table.\n' 'teh')
must_pass "a word of RISC-V" good.md
must_complain 'teh ==> the' good.md bad.md

check_tree '*.c' '*.h' '*.S' '*.md' '*.sh' '*.bash' '*.py' '*.txt' '*.cmake' '*.def' '*.in'
