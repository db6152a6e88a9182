#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Layers: isa -> isa/engine -> vmm/board -> vmm -> tools, each including only from itself and
# from its left; guestos only its own headers. The core includes no hosted header, and the
# monitor no engine by name. The rules are the table in allowed().
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

freestanding='stdint|stddef|stdbool|stdalign|stdarg|stdnoreturn|limits|string'

# allowed <including file>: regular expressions for the "files" (from the top of the tree) and
# the <headers> that it may include
allowed() {
    local core="<($freestanding)\.h>" contract='isa/engine/engine\.h'
    case $1 in
    isa/engine/unicorn* | isa/engine/jit*) echo 'isa/.* <.*>' ;;
    isa/engine/*) echo "isa/.* $core" ;;
    isa/*) echo "isa/[^/]* $core" ;;
    vmm/board/*) echo "(isa/[^/]*|$contract|vmm/board/.*) $core" ;;
    vmm/*) echo "(isa/[^/]*|$contract|vmm/.*) $core" ;;
    tools/*) echo '(isa|vmm|tools)/.* <.*>' ;;
    guestos/*) echo "guestos/.* $core" ;;
    *) echo '.* <.*>' ;;
    esac
}

# resolve <including file> <name>: the included file from the top of the tree. As the compiler
# does, look beside the including file first.
resolve() {
    local beside
    beside=$(dirname "$1")/$2
    if [[ -e $beside ]]; then
        realpath -m --relative-to=. "$beside"
    elif [[ -e $2 ]]; then
        realpath -m --relative-to=. "$2"
    elif [[ $1 == guestos/* ]]; then
        echo "guestos/include/$2"
    else
        echo "$2"
    fi
}

check() {
    local file line text target files headers
    while IFS=: read -r file line text; do
        read -r files headers <<<"$(allowed "$file")"
        case $text in
        *'<'*'>'*)
            target="<${text#*<}"
            target=${target%%>*}'>'
            [[ $target =~ ^${headers}$ ]] && continue
            ;;
        *'"'*'"'*)
            target=${text#*\"}
            target=$(resolve "$file" "${target%%\"*}")
            [[ $target =~ ^${files}$ ]] && continue
            ;;
        *) target=$text ;;
        esac
        echo "$file:$line: may not include $target"
    done < <(grep -nHE '^[[:space:]]*#[[:space:]]*include' "$@" || true)
}

# bad <including file> <include>: must be found at fault; ok: must not
bad() {
    printf '#include %s\n' "$2" | plant "$1"
    must_complain "^$1:1: may not include" "$1"
}
ok() {
    printf '#include %s\n' "$2" | plant "$1"
    must_pass "$1 including $2" "$1"
}

for header in isa/hart.h isa/engine/engine.h isa/engine/spec.h vmm/board/sbi.h vmm/vm.h tools/pz.h \
    guestos/kernel/proc.h guestos/include/abi.h; do
    plant "$header" </dev/null
done
ok isa/a.c '"isa/hart.h"'
ok isa/a.c '"hart.h"'
ok isa/a.c '<stdint.h>'
ok isa/engine/a.c '"isa/engine/spec.h"'
ok isa/engine/unicorn.c '<unicorn/unicorn.h>'
ok vmm/board/a.c '"isa/engine/engine.h"'
ok vmm/a.c '"vmm/board/sbi.h"'
ok tools/a.c '"vmm/vm.h"'
ok guestos/kernel/a.c '"proc.h"'
ok guestos/kernel/a.c '"abi.h"'
bad isa/a.c '"isa/engine/engine.h"'
bad isa/a.c '"engine/engine.h"'
bad isa/a.c '"../vmm/vm.h"'
bad isa/a.c '<stdio.h>'
bad isa/a.c '<assert.h>'
bad isa/engine/a.c '"vmm/board/sbi.h"'
bad isa/engine/a.c '<stdlib.h>'
bad vmm/board/a.c '"vmm/vm.h"'
bad vmm/board/a.c '"../vm.h"'
bad vmm/a.c '"isa/engine/spec.h"'
bad vmm/a.c '"tools/pz.h"'
bad vmm/a.c '<time.h>'
bad tools/a.c '"guestos/kernel/proc.h"'
bad guestos/kernel/a.c '"isa/hart.h"'
bad guestos/kernel/a.c '<stdio.h>'

check_tree 'isa/*' 'vmm/*' 'tools/*' 'guestos/*'
