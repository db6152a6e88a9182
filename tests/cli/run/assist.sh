#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# --monitor assist on the command line: what leaves the CPU's non-root mode and what does not, in
# statistics, traces, maps and JSON; the same guest as ever, with several CPUs, after a restart, from
# a recording, and going back; and which engines have it.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3
guests=${PZ_GUESTS:-$BUILD/guests}
work='cowtest; forktest; ls'

# The same output and counts as under trap and emulate, for a few exits and no shadow.
run 1 run --vms 1 --append 'ls; grep nothing readme' --json
mv out plain.json
run 1 run --vms 1 --monitor assist --append 'ls; grep nothing readme' --json
mv out assist.json
json assist.json 'd["monitor"] == "assist"'
json assist.json 'd["vms"][0]["memory"]["shadow_roots"] == d["vms"][0]["memory"]["shadow_leaves"] == 0'
python3 -c '
import json
plain, assist = (json.load(open(name))["vms"][0] for name in ("plain.json", "assist.json"))
for what in "retired", "time", "end", "console":
    assert plain[what] == assist[what], what
assert 5 * assist["exits"]["total"] < plain["exits"]["total"], (plain["exits"], assist["exits"])
assert set(assist["exits"]["action"]) <= {"emulate", "interrupt", "sbi", "fill", "mmio", "switch"}
assert set(assist["exits"]["instruction"]) <= {"wfi"}' || fail 'not the exits that assistance has'
run 0 run --vms 1 --monitor assist --append ls --stats
in_file err 'assist monitor, no shadow'
in_file err 'store/AMO guest-page fault'
in_file err 'ecall from virtual supervisor mode'
not_in_file err 'csrr'
not_in_file err 'sret'

# Every trap, register and byte as on the bare machine.
run 0 verify --vms 2 --slice 7777 --monitor assist --append "$work"
in_file out 'assist, no shadow'
run 0 verify --cpus 4 --monitor assist --append "$work"
run 0 verify --monitor assist --cpus 2 --quantum 500 "$guests/t_smp_fence.elf"
run 0 verify --monitor assist "$guests/t_stuck.elf"
in_file out "its trap handler traps endlessly"
run 0 verify --monitor assist "$guests/t_reboot.elf"

# Names of the new exits, in a trace; the map has no shadow in it.
run 0 run --vms 1 --monitor assist --trace events.bin --append ls
run 0 trace --cause guest-page events.bin
in_file out 'fill'
in_file out 'store/AMO guest-page fault'
run 0 map --vms 2 --monitor assist
in_file out 'vm1'

# A recording plays again, and one can go back in it: the guest is where it was under any technique.
run 0 run --vms 2 --monitor assist --record recording --append "$work"
run 0 replay recording
in_file err 'the same run again'
# Points of what changes without an exit now are met where they were.
printf '%s\n' 'goto 900000' regs 'goto 300000' regs 'back 1' regs 'goto 150000' \
    'break mode user' continue regs continue regs delete 'watch csr sscratch' continue regs \
    continue regs delete 'until sepc > 0x40 && sepc < 0x1000' regs 'goto 100000' \
    'until mode == 0' regs >script
run 0 debug --vms 1 --monitor assist --batch -x script --append "$work"
sed 's/ *exit:.*//' out >assisted
run 0 debug --vms 1 --batch -x script --append "$work"
sed 's/ *exit:.*//' out >plain
(($(grep -c '^pc ' plain) == 9)) || fail 'not all of these points are met'
diff <(grep -E '^(pc|zero|tp|s0|a2|t3) ' plain) <(grep -E '^(pc|zero|tp|s0|a2|t3) ' assisted) >out ||
    fail 'another state after going back'

# Unicorn's CPU cannot: the plain monitor serves, and a line says so.
if "$PZ" doctor | grep -qE '^engine +unicorn +found'; then
    run 0 run --vms 1 --engine unicorn --monitor assist --append 'echo still here'
    in_file out 'still here'
    in_file err 'pz: the engine unicorn lacks what --monitor assist needs: using the plain monitor'
    in_file err 'on engine unicorn, shadow lazy'
fi
run 2 run --monitor asist
finish
