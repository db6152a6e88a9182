#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every file that a document links to exists: docs/tour.md's way through the code, for one.
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

check() {
    local file line link
    while IFS=: read -r file line link; do
        link=${link#](}
        link=${link%%[)#]*}
        case $link in
        '' | http:* | https:* | mailto:*) continue ;;
        esac
        [[ -e $(dirname "$file")/$link ]] || echo "$file:$line: no such file: $link"
    done < <(grep -noHE '\]\([^) ]+' "$@" || true)
}

plant docs/there.md <<<'[a](here.md), [b](there.md#part), [c](https://example.org/x)'
plant docs/here.md <<<'[the code](../isa/insn.c)'
plant isa/insn.c </dev/null
must_pass "links to what is there" docs/there.md docs/here.md
plant docs/broken.md <<<'[gone](../isa/gone.c)'
must_complain '^docs/broken.md:1: no such file: ../isa/gone.c' docs/broken.md

check_tree '*.md'
