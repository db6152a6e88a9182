#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz run --profile: the same file in every run, each instruction in one line, right stacks, and a
# guest that does not know.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
engines=$("$PZ" doctor | awk '$1 == "engine" && $3 == "found" { print $2 }')
calls="$BUILD/guests/t_calls.elf"

sum() {
    awk -v vm="^vm$2;" '$0 ~ vm { s += $NF } END { printf "%d\n", s }' "$1"
}

# share <file> <regular expression for the stack>: in thousandths
share() {
    awk -v want="$2" '{ all += $NF; if ($1 ~ want) part += $NF }
        END { printf "%d\n", 1000 * part / all + 0.5 }' "$1"
}

# near <what> <is> <should be> <give or take>
near() {
    (($2 >= $3 - $4 && $2 <= $3 + $4)) || fail "$1: $2 thousandths, not $3"
}

# Shares that are known, at an interval that falls on every instruction of the functions, and no
# stack but those that are.
run 0 run "$calls" --profile calls.txt --profile-every 101
near light "$(share calls.txt ';light$')" 248 3
near inner "$(share calls.txt ';inner$')" 496 3
near heavy "$(share calls.txt ';heavy(;|$)')" 719 3
near outer "$(share calls.txt '^vm0;kernel;main;outer(;|$)')" 996 3
grep -qF 'vm0;kernel;main;outer;heavy;inner ' calls.txt || fail 'the innermost stack is missing'
grep -qF 'vm0;kernel;main;outer;light ' calls.txt || fail 'the stack of light is missing'
! grep -E ';(main|outer|heavy|inner|light)' calls.txt |
    grep -vE '^vm0;kernel;main(;outer(;light|;heavy(;inner)?)?)? [0-9]+$' ||
    fail 'stacks that cannot be'

# without_times <file>: a run's document, but for what may differ: host times, the profile, and
# how an engine gets to an instruction in the middle of its block
without_times() {
    python3 -c '
import json, sys
hidden = "ns", "host_ns", "profile", "interpreted", "direct_ppm"
def bare(d):
    if isinstance(d, dict):
        return {k: bare(v) for k, v in d.items() if k not in hidden}
    return [bare(v) for v in d] if isinstance(d, list) else d
print(bare(json.load(open(sys.argv[1]))))' "$1"
}

# Two runs, all engines: one file. The sum is what has retired. And the guest does not know: all
# that a run tells is the same without, and so are RAM and registers, as recordings have them.
words=(--append 'ls; wc readme' --append 'forktest' --slice 70001)
for engine in $engines; do
    run 0 run "${words[@]}" --engine "$engine" --json --record plain.pzr
    without_times out >plain
    run 0 run "${words[@]}" --engine "$engine" --json --record profiled.pzr \
        --profile "$engine.txt" --profile-every 997
    mv out "$engine.json"
    without_times "$engine.json" >profiled
    cmp -s plain profiled || fail "$engine: the guest knows"
    cmp -s plain.pzr profiled.pzr || fail "$engine: the guest's state is another"
    run 0 run "${words[@]}" --engine "$engine" --profile again.txt --profile-every 997
    cmp -s "$engine.txt" again.txt || fail "$engine: two runs, two profiles"
    ! grep -vE '^vm[01](;[^; ]+)+ [1-9][0-9]*$' "$engine.txt" || fail "$engine: not folded stacks"
    LC_ALL=C sort -c "$engine.txt" || fail "$engine: not in order"
    for vm in 0 1; do
        json "$engine.json" "d['vms'][$vm]['retired'] == $(sum "$engine.txt" "$vm")"
    done
    for part in user kernel monitor; do
        in_lines=$(awk -v part=";$part;" 'index($1, part) { s += $NF }
            END { printf "%d", s }' "$engine.txt")
        json "$engine.json" "d['profile']['$part']['insns'] == $in_lines"
    done
done
for engine in $engines; do
    [[ $engine == unicorn ]] || cmp -s spec.txt "$engine.txt" || fail "$engine differs from spec"
done
for text in 'vm0;user;ls;user_start;main;' 'vm1;user;forktest;user_start;main;' \
    'vm0;kernel;trap_entry;trap;syscall;' ';fork_process;' 'vm1;monitor;emulate;sret ' \
    'vm0;monitor;emulate;sscratch '; do
    in_file spec.txt "$text"
done
! grep -E '(_physical|trap_entry);.*trap_(return|entry)' spec.txt |
    grep -qvE 'kernel;trap_entry;trap_return [0-9]+$' ||
    fail 'user addresses taken for the callers of the kernel'
# What the monitor interprets is its own, and is counted once.
if grep -qw unicorn <<<"$engines"; then
    run 0 run "$BUILD/guests/t_counters.elf" --engine unicorn --profile interpreted.txt --json \
        --profile-every 100
    in_file interpreted.txt 'vm0;monitor;interpret '
    json out "d['vms'][0]['retired'] == $(sum interpreted.txt 0)"
fi
near 'what has no name' "$(share spec.txt '\\[')" 0 5

# Under each technique the lines add up, and the monitor's are of its exits: what is translated, or
# runs in non-root mode, is the kernel's own.
for monitor in plain translate assist para; do
    run 0 run --vms 1 --monitor "$monitor" --append ls --profile "$monitor.txt" --json
    json out "d['vms'][0]['retired'] == $(sum "$monitor.txt" 0)"
    in_lines=$(awk '/;monitor;/ { s += $NF } END { print s }' "$monitor.txt")
    json out "d['vms'][0]['exits']['emulated'] == d['profile']['monitor']['insns'] == $in_lines"
done
in_file plain.txt ';emulate;sscratch '
not_in_file translate.txt ';emulate;sscratch '
in_file translate.txt ';emulate;sret '
not_in_file assist.txt ';monitor;emulate;'
in_file assist.txt ';monitor;mmio '
in_file para.txt ';kernel;trap_entry_para;trap;syscall;'

# By the host's clock: what the monitor had is what its counters say.
run 0 run --vms 1 --append forktest --profile ns.txt --profile-unit ns --profile-every 997 --json
json out "sum(a['ns'] for a in d['exits']['action'].values()) == d['profile']['monitor']['ns'] > 0"
json out "d['profile']['user']['ns'] > 0 and d['profile']['kernel']['ns'] > 0"
json out "sum(d['profile'][p]['ns'] for p in ('user', 'kernel', 'monitor')) <= d['host_ns']"
json out "d['profile']['monitor']['ns'] == $(awk '/;monitor;/ { s += $NF } END { print s }' ns.txt)"
json out "d['profile']['functions'][0]['self']['insns'] > 0"
in_file ns.txt 'vm0;monitor;fill '
in_file ns.txt 'vm0;monitor;inject '

# The table.
run 0 run --vms 1 --append primes --profile p.txt
for text in 'samples, one every 6,199 instructions' 'guest, user' 'guest, kernel' 'monitor' \
    'with calls'; do
    in_file err "$text"
done
grep -qE '^ +[0-9.]+ % +[0-9.]+ % +main +primes$' err || fail 'no line for primes'

# Whose names: other files, none, and what is none.
mkdir none
run 0 run --vms 1 --append primes --profile p.txt --symbols none
in_file p.txt 'vm0;user;[unknown];[0x00000000] '
run 0 run --vms 1 --append primes --profile p.txt --symbols "$BUILD/guests/user/primes.elf"
in_file p.txt 'vm0;user;primes;user_start;main '
run 2 run --profile p.txt --symbols "$BUILD/guests/archive/mini/ls"
in_file err 'one that has not been stripped'
run 3 run --profile p.txt --symbols missing.elf
in_file err 'missing.elf: cannot be opened'

# What cannot be.
run 3 run --profile none/there/p.txt
in_file err '--profile: none/there/p.txt: cannot be written: No such file'
run 3 run --append ls --profile /dev/full
in_file err '--profile: /dev/full: could not be written in full: No space left'
run 2 run --profile p.txt --profile-unit hours
in_file err '--profile-unit'
run 2 run --profile p.txt --profile-every 3
in_file err '--profile-every'
finish
