#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A host that refuses memory for translated code: the next best engine does the work, unless the
# one that cannot be was asked for by name.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
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
    timeout "$PATIENCE" "$refuse" $what -- "$PZ" "$@" >out 2>err </dev/null || code=$?
    ((code == expected)) || fail "$what: pz $*: exit code $code, not $expected"
}

grep -q unicorn <<<"$built" && second=unicorn || second=predecode

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
    in_file err "pz: no engine jit here: the host refuses executable memory ($why)"
    in_file err "on engine $second"
    refused "$what" 3 run --engine jit --append ls
    in_file err "pz: run: the engine jit: the host refuses executable memory ($why)"
    refused "$what" 0 bare --append 'echo still here'
    in_file err 'no monitor, engine predecode'
    refused "$what" 3 bare --engine jit
    refused "$what" 0 doctor
    grep -qE '^engine +jit +MISSING +the host refuses executable memory' out || fail "$what: pz doctor"
    in_file out "Guests run on the engine $second"
    refused "$what" 0 doctor --json
    json out "d['engine'] == '$second'"
    json out "[f['found'] for f in d['findings'] if f['name'] == 'jit'] == [False]"
    refused "$what" 0 verify --engine all --append 'echo still here'
    in_file err 'pz: no engine jit here'
    not_in_file out 'jit'
done

# Not even what Unicorn needs: an interpreter is left.
refused 'exec both' 0 run --vms 1 --append 'echo still here'
in_file out 'still here'
in_file err 'on engine predecode'
in_file err 'pz: no engine jit here'
if [[ $second == unicorn ]]; then
    in_file err 'pz: no engine unicorn here'
    refused 'exec both' 3 run --engine unicorn --append ls
    in_file err 'the engine unicorn: the host refuses memory that is writable and executable'
fi

# However little memory there is, as long as there is enough for the machine. (Sanitizers need
# more than anybody would set as a limit.)
if (ulimit -v 2000000 && "$PZ" version) >/dev/null 2>&1; then
    for ((limit = 1500000; limit <= 6000000; limit += 250000)); do
        code=0
        (ulimit -v "$limit" && exec "$PZ" run --vms 8 --mem 128M --append 'echo still here') \
            >out 2>err </dev/null || code=$?
        ((code == 0)) || fail "with $limit KiB: exit code $code"
        in_file out 'still here'
        ! grep '^pz:' err | grep -qv '^pz: no engine' || fail "with $limit KiB: a false alarm"
        grep -oE 'on engine [a-z]+' err >>chosen
    done
    grep -q 'engine jit' chosen || fail "never on jit"
    grep -qE 'engine (predecode|spec)' chosen || fail "never on an interpreter"
fi

# Where nothing is refused, nothing is said.
run 0 run --vms 1 --append ls
not_in_file err 'no engine'
finish
