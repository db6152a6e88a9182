#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz bisect: the instruction with which an expression becomes true, the same as `until` finds by
# looking at each; and what is said of an expression that does not stay true.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

# until_finds <expression>: the retired count at which the debugger's `until` stops
until_finds() {
    printf 'until %s\n' "$1" | "$PZ" debug --json --append ls 2>/dev/null |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["retired"])'
}

for engine in spec jit; do
    for when in 'satp != 0' 'retired > 12345' 'stvec != 0' 'scause == 8 || retired > 100000'; do
        run 0 bisect --json --engine "$engine" --when "$when" --append ls
        json out 'd["schema"] == "pz-bisect/1" and d["found"] and d["looked"] < 200'
        [[ $when == *scause* ]] || json out "d['retired'] == $(until_finds "$when") and d['stays']"
    done
done
run 0 bisect --when 'satp != 0' --append ls
in_file out "'satp != 0' becomes true with instruction"
grep -qE 'csrr?w (zero, )?satp, t0' out || fail "not the write of satp" # as Capstone or the tables have it
not_in_file out 'does not stay true'

# In a recording; of another VM.
run 0 run --vms 2 --append ls --record two.pzr
run 0 bisect --json --vm 1 --when 'satp != 0' two.pzr
json out "d['vm'] == 1 and d['retired'] == $(until_finds 'satp != 0')"

# From the beginning; never at the end; not for ever.
run 0 bisect --json --when 'retired >= 0' --append ls
json out 'd["from_the_beginning"] and d["retired"] == 0'
run 1 bisect --when 'retired > 1 && retired < 10' --append ls
in_file out 'neither at the beginning nor at the end'
run 0 bisect --json --when 'retired > 150000 || (retired > 1000 && retired < 50000)' --append ls
json out 'd["retired"] == 1001 and not d["stays"]'
run 0 bisect --when 'retired > 150000 || (retired > 1000 && retired < 50000)' --append ls
in_file out 'it does not stay true'

run 2 bisect --append ls
in_file err '--when'
run 2 bisect --when 'satp ==' --append ls
run 2 bisect --when nothing --append ls
in_file err 'nothing'
run 2 bisect --vm 1 --when 'satp' --append ls
in_file err 'there is no VM 1'
finish
