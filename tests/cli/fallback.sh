#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A host that refuses memory for translated code: the next best engine does the work, unless the
# one that cannot be was asked for by name.
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"
need_guest
refuse="$BUILD/tests/tools/refuse"
built=$("$PZ" doctor | awk '$1 == "engine" && $3 == "found" { print $2 }')
grep -q jit <<<"$built" || skip "no jit in this pz"
"$refuse" memfd -- /bin/true || skip "this host has no seccomp filters"

# refused <what, what...> <exit code> <words of pz>...
refused() {
    local what=$1 expected=$2 code=0
    shift 2
    # shellcheck disable=SC2086 # several words
    timeout 120 "$refuse" $what -- "$PZ" "$@" >out 2>err </dev/null || code=$?
    ((code == expected)) || fail "$what: pz $*: exit code $code, not $expected"
}

grep -q unicorn <<<"$built" && second=unicorn || second=spec

# Either of the two ways to have code memory will do.
for what in remap memfd; do
    refused "$what" 0 run --vms 1 --append 'echo still here'
    in_file err 'on engine jit'
    not_in_file err 'no engine'
done

for what in 'remap memfd' exec; do
    [[ $what == exec ]] && why='Permission denied' || why='Operation not permitted'
    refused "$what" 0 run --vms 1 --append 'echo still here'
    in_file out 'still here'
    (($(grep -c '^pz:' err) == 1)) || fail "$what: not one line that says why"
    in_file err "pz: no engine jit here: the host gives no memory that can be executed ($why)"
    in_file err "on engine $second"
    refused "$what" 3 run --engine jit --append ls
    in_file err "pz: run: the engine jit: the host gives no memory that can be executed ($why)"
    refused "$what" 0 bare --append 'echo still here'
    in_file err 'no monitor, engine spec'
    refused "$what" 3 bare --engine jit
    refused "$what" 0 doctor
    grep -qE '^engine +jit +MISSING +the host gives no memory' out || fail "$what: pz doctor"
    in_file out "Guests run on the engine $second"
    refused "$what" 0 doctor --json
    json out "d['engine'] == '$second'"
    json out "[f['found'] for f in d['findings'] if f['name'] == 'jit'] == [False]"
    refused "$what" 0 verify --engine all --append 'echo still here'
    in_file err 'pz: no engine jit here'
    not_in_file out 'jit'
done

# Not even what Unicorn needs: spec is left.
refused 'exec both' 0 run --vms 1 --append 'echo still here'
in_file out 'still here'
in_file err 'on engine spec'
in_file err 'pz: no engine jit here'
if [[ $second == unicorn ]]; then
    in_file err 'pz: no engine unicorn here'
    refused 'exec both' 3 run --engine unicorn --append ls
    in_file err 'the engine unicorn: the host gives no memory that can be written and executed'
fi

# Where nothing is refused, nothing is said.
run 0 run --vms 1 --append ls
not_in_file err 'no engine'
finish
