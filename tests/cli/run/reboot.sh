#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Guests that have their machine restart: the same run on every engine, bare and virtual; counted;
# kept and played again; back and forth in the debugger; off instead with --no-reboot; ended by the
# limits of the run alone. What a restart resets: tests/guest/reboot.S.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3

reboot=$PZ_GUESTS/t_reboot.elf
smp=$PZ_GUESTS/t_smp_reboot.elf
[[ -e $reboot ]] || skip 'no micro-guests (no clang?)'
small=(--mem 8M)
printf 'typed' >typed

run 0 verify --engine all --shadow all --slice 7,1000000 "${small[@]}" --input typed "$reboot"
run 0 verify --engine all --shadow all "${small[@]}" --cpus 3 --quantum 500 --vms 2 "$smp"
run 0 run "${small[@]}" --monitor hybrid --input typed "$reboot"
in_file err 'shut down, after 2 restarts'

# Counted; what was typed goes on; other VMs do not notice.
run 0 run --json "${small[@]}" --vms 2 --input typed --input typed "$reboot"
json out "[v['restarts'] for v in d['vms']] == [2, 2] and d['exits']['action']['restart']['count'] == 4"
run 0 bare --json "${small[@]}" --input typed "$reboot"
json out "d['restarts'] == 2 and bytes(d['console'], 'ascii').count(b'boot') == 3"

# Off instead, and so it is when played again.
run 0 run --no-reboot --json --record off.pzr "${small[@]}" "$reboot"
json out "d['vms'][0]['restarts'] == 0 and d['vms'][0]['end'] == 'off'"
run 0 replay off.pzr
run 0 bare --no-reboot "${small[@]}" "$reboot"
not_in_file err restart

# Kept, and played again on another engine.
run 0 run --record kept.pzr "${small[@]}" --vms 2 --cpus 2 "$smp"
run 0 replay --engine spec kept.pzr
in_file err 'the same run again'

# Told, and passed in both directions.
run 0 run --trace t.bin "${small[@]}" "$reboot"
run 0 trace --action restart t.bin
(($(grep -c restart out) >= 2)) || fail 'restarts are not traced'
printf '%s\n' 'goto 400' regs 'goto 100' 'goto 600' 'goto 400' regs >commands
"$PZ" debug "${small[@]}" "$reboot" <commands >out || fail "pz debug: exit code $?"
python3 -c '
lines = [l for l in open("out") if not l.startswith("=>") and l != "boot\n"]
half = len(lines) // 2
assert half > 8 and lines[:half] == lines[half:], lines' || fail 'another state after going back'
printf '%s\n' 'catch restart' continue why back 'step' reverse >commands
"$PZ" debug "${small[@]}" "$reboot" <commands >out || fail "pz debug: exit code $?"
in_file out 'catchpoint 1 in vm0: restart'
in_file out 'the machine restarts'
in_file out 'restart+0x14'

# Disks keep what was written, which is all that this guest knows after a restart; a snapshot leaves
# the file alone.
journal=("${small[@]}" --max-insns 20k "$PZ_GUESTS/t_journal_reboot.elf")
truncate -s 64K disk zeros
for disk in disk,snapshot disk; do
    rm -f disk.*
    run 1 run --disk "$disk" "${journal[@]}"
    head -n 2 out | tr '\n' ' ' >first
    in_file first '00000001 00000002'
    [[ $disk == disk ]] || cmp -s disk zeros || fail 'a snapshot has changed the file'
done
last=$(tail -n 1 out)
run 1 run --disk disk "${journal[@]}"
((16#$(head -n 1 out) >= 16#$last)) || fail "it begins again before $last"

# For ever, by the finisher at 0x100000: lui t0, 0x100; li t1, 0x7777; sw t1, 0(t0).
python3 -c '
import struct, sys
sys.stdout.buffer.write(struct.pack("<4I", 0x001002b7, 0x00007337, 0x77730313, 0x0062a023))' >loop.bin
loop=(--machine virt --load 0x80000000 --max-insns 10002 loop.bin)
run 0 verify --engine all "${loop[@]}"
run 1 run --json "${loop[@]}"
json out "d['vms'][0]['restarts'] == 2500 and d['vms'][0]['end'] == 'limit'"
run 1 bare --json "${loop[@]}"
json out "d['restarts'] == 2500 and d['end'] == 'limit'"
run 0 run --no-reboot "${loop[@]}"
finish
