#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a student's part may call (cmake/parts.list), and what an exercise forbids it (grader.json),
# are names of the core: a function that is given another name is renamed there, too.
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# names <file>: the names that it lists
names() {
    case $1 in
    *.json) grep -o '"forbid": *\[[^]]*' "$1" | sed 's/^"forbid"//' | grep -oE '"[^"]+"' | tr -d '"' ;;
    *) sed -n 's/^    \([A-Za-z_*]*\);$/\1/p' "$1" | sed 's/^__wrap_//' ;;
    esac
}

check() {
    local file name
    for file in "$@"; do
        while read -r name; do
            grep -rqE --include='*.h' "\\b${name//\*/[a-z_]+}\\b" isa vmm ||
                echo "$file: nothing in the core is called $name"
        done < <(names "$file")
    done
}

plant isa/sample.h <<<'bool decode_sample(void);'
plant vmm/sample.h </dev/null
plant good.list <<<'    decode_*;'
plant bad.list <<<'    sample_decode;'
plant bad.json <<<'{"files": [{"forbid": ["decode_sample", "sample_decode"]}]}'
must_pass "a name that is there" good.list
must_complain '^bad.list: nothing in the core is called sample_decode' bad.list
must_complain '^bad.json: nothing in the core is called sample_decode' bad.json

check_tree 'cmake/parts.list' 'examples/*/grader.json'
