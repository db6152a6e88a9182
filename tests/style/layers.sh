#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Layers: isa -> isa/engine -> vmm/board -> vmm -> tools, each including only from itself and
# from its left; guestos only its own headers. The core includes no hosted header, and the
# monitor no engine by name. Inside tools/ the rooms have an order too, and a room includes of
# another only the header that has the room's name. The rules are the tables in rooms() and
# allowed().
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

freestanding='stdint|stddef|stdbool|stdalign|stdarg|stdnoreturn|limits|string'

# rooms <room of tools/>: the rooms that it may use
rooms() {
    case $1 in
    base) ;;
    host) echo base ;;
    show) echo base host ;;
    travel | classify | compare | type1 | asm) echo base host show ;;
    sandbox | verify | debug) echo base host show travel ;;
    gdb | dap | tutorial | bench) echo base host show travel debug ;;
    web) echo base host show travel snapshot debug asm ;;
    grade) echo base host show travel sandbox verify type1 ;;
    snapshot) echo base host show travel ;;
    migrate) echo base host show travel snapshot ;;
    control) echo base host show travel snapshot migrate ;;
    run) echo base host show travel sandbox verify debug gdb snapshot migrate control ;;
    report) echo base host show travel sandbox debug run ;;
    zoo) echo base host ;;
    *) return 1 ;;
    esac
}

# room_files <room>: a regular expression for the files that it may include
room_files() {
    local other others files core='(isa|vmm)/.*'
    if ! others=$(rooms "$1"); then
        echo 'a-room-without-rules'
        return
    fi
    [[ $1 != base ]] || core='isa/attribute\.h'
    files="$core|tools/$1/.*"
    for other in $others; do
        files+="|tools/$other/$other\.h"
    done
    echo "($files)"
}

# allowed <including file>: regular expressions for the "files" (from the top of the tree) and
# the <headers> that it may include
allowed() {
    local core="<($freestanding)\.h>" contract='isa/engine/engine\.h'
    case $1 in
    isa/engine/cpu/*) echo "isa/([^/]*|engine/[^/]*|engine/cpu/.*) $core" ;;
    isa/engine/unicorn* | isa/engine/jit* | isa/engine/dynamic.h) echo 'isa/.* <.*>' ;;
    isa/engine/*) echo "isa/.* $core" ;;
    isa/*) echo "isa/[^/]* $core" ;;
    vmm/board/*) echo "(isa/[^/]*|$contract|vmm/board/.*) $core" ;;
    vmm/type1/*) echo "(isa/[^/]*|$contract|isa/engine/cpu/cpu\.h|vmm/.*) $core" ;;
    vmm/*) echo "(isa/[^/]*|$contract|vmm/.*) $core" ;;
    # Its files stand in for those of other rooms, so they implement their headers.
    tools/web/wasm/*) echo '(isa|vmm|tools)/.* <.*>' ;;
    tools/*/*)
        local room=${1#tools/}
        echo "$(room_files "${room%%/*}") <.*>"
        ;;
    tools/*) printf '%s\n' 'tools/([^/]*|([^/]*)/\2\.h) <.*>' ;;
    guestos/*) echo "guestos/.* $core" ;;
    *) echo '.* <.*>' ;;
    esac
}

# resolve <including file> <name>: sets TARGET to the included file from the top of the tree. As
# the compiler does, look beside the including file first.
resolve() {
    local beside=${1%/*}/$2
    if [[ -e $beside ]]; then
        TARGET=$beside
        [[ $2 != *..* ]] || TARGET=$(realpath -m --relative-to=. "$beside")
    elif [[ -e $2 ]]; then
        TARGET=$2
        [[ $2 != *..* ]] || TARGET=$(realpath -m --relative-to=. "$2")
    elif [[ $1 == guestos/* ]]; then
        TARGET="guestos/include/$2"
    else
        TARGET=$2
    fi
}

check() {
    local file line text target files headers last=
    while IFS=: read -r file line text; do
        [[ $file == "$last" ]] || read -r files headers <<<"$(allowed "$file")"
        last=$file
        case $text in
        *'<'*'>'*)
            target="<${text#*<}"
            target=${target%%>*}'>'
            [[ $target =~ ^${headers}$ ]] && continue
            ;;
        *'"'*'"'*)
            target=${text#*\"}
            resolve "$file" "${target%%\"*}"
            target=$TARGET
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
    tools/{base,host,show,travel,snapshot,migrate,control,sandbox,verify,debug,gdb,dap,run,classify,compare,type1,grade,tutorial,bench,report,asm,web}/own.h \
    guestos/kernel/proc.h guestos/include/abi.h; do
    plant "$header" </dev/null
done
ok isa/a.c '"isa/hart.h"'
ok isa/a.c '"hart.h"'
ok isa/a.c '<stdint.h>'
ok isa/engine/a.c '"isa/engine/spec.h"'
ok isa/engine/unicorn.c '<unicorn/unicorn.h>'
ok isa/engine/dynamic.h '<dlfcn.h>'
ok vmm/board/a.c '"isa/engine/engine.h"'
ok vmm/a.c '"vmm/board/sbi.h"'
ok tools/a.c '"tools/pz.h"'
ok tools/base/a.c '"isa/attribute.h"'
ok tools/run/a.c '"vmm/vm.h"'
ok guestos/kernel/a.c '"proc.h"'
ok guestos/kernel/a.c '"abi.h"'
ok tools/web/wasm/a.c '"tools/host/own.h"'
bad tools/web/wasm/a.c '"guestos/kernel/proc.h"'
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
bad tools/base/a.c '"vmm/vm.h"'
bad tools/unknown/a.c '"isa/hart.h"'
bad guestos/kernel/a.c '"isa/hart.h"'
bad guestos/kernel/a.c '<stdio.h>'

# Every arrow between two rooms at once: to the room's own header where the table says so, to
# any other of its headers never.
all='base host show travel snapshot migrate control sandbox verify debug gdb dap run classify compare type1 grade tutorial bench asm web'
expected='' planted=()
for room in $all; do
    sample=tools/$room/arrows.c text='' line=0
    for other in $all; do
        [[ $room != "$other" ]] || continue
        plant "tools/$other/$other.h" </dev/null
        text+="#include \"tools/$other/$other.h\""$'\n'"#include \"tools/$other/own.h\""$'\n'
        ((line += 2))
        [[ " $(rooms "$room") " == *" $other "* ]] ||
            expected+="$sample:$((line - 1)): may not include tools/$other/$other.h"$'\n'
        expected+="$sample:$line: may not include tools/$other/own.h"$'\n'
    done
    plant "$sample" <<<"$text"
    planted+=("$sample")
done
found=$(cd "$SCRATCH" && check "${planted[@]}")
if [[ $found != "${expected%$'\n'}" ]]; then
    echo "self-check: arrows between rooms are not judged by the table:"
    diff <(echo "$found") <(echo "${expected%$'\n'}") || true
    exit 1
fi

check_tree 'isa/*' 'vmm/*' 'tools/*' 'guestos/*'
