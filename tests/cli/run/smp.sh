#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --cpus: the same run on every engine, policy and slice, bare and virtual; kept and played again;
# back and forth in the debugger; counted for each CPU. How guests see it: tests/guest/smp_*.S.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3

lock=$PZ_GUESTS/t_smp_lock.elf
ipi=$PZ_GUESTS/t_smp_ipi.elf
small=(--mem 8M --quantum 500)

for cpus in 1 2 4; do
    run 0 verify --engine all --shadow all --slice 7,1000000 "${small[@]}" --cpus "$cpus" "$lock"
    run 0 verify --engine all --shadow all "${small[@]}" --cpus "$cpus" --vms 2 "$ipi"
done

# Who spins with PAUSE gives way: each time the lock is passed on costs some instructions, not a
# turn of a million.
run 0 run --json --mem 8M --quantum 1000000 --cpus 4 "$PZ_GUESTS/t_smp_pause.elf"
json out "d['vms'][0]['retired'] < 20000 and d['vms'][0]['cpu_changes'] >= 200"
# So does who spins without: what it does to memory changes nothing there.
run 0 run --json --mem 8M --quantum 1000000 --cpus 4 "$PZ_GUESTS/t_smp_spin.elf"
json out "d['vms'][0]['retired'] < 20000 and d['vms'][0]['cpu_changes'] >= 240"

# What a CPU did is counted, and adds up.
run 0 run --json "${small[@]}" --vms 2 --cpus 4 "$lock"
json out "all(len(v['cpus']) == 4 for v in d['vms'])"
json out "all(sum(c['retired'] for c in v['cpus']) == v['retired'] for v in d['vms'])"
json out "d['vms'][0]['cpus'] == d['vms'][1]['cpus'] and d['vms'][0]['cpu_changes'] > 3"
run 0 run --stats "${small[@]}" --vms 1 --cpus 4 "$lock"
in_file err 'changes of CPU, turns of at most 500 instructions'

# The quantum is part of the run; slices between VMs are not.
for slice in 77 100000; do
    "$PZ" run --json "${small[@]}" --vms 2 --slice "$slice" --cpus 4 "$lock" >"by$slice" 2>err
done
python3 -c '
import json
a, b = (json.load(open(f))["vms"][0] for f in ("by77", "by100000"))
assert (a["retired"], a["cpus"], a["time"]) == (b["retired"], b["cpus"], b["time"])' ||
    fail 'another slice, another run'

# Kept, and played again on another engine.
run 0 run --record smp.pzr "${small[@]}" --vms 2 --cpus 4 "$lock"
run 0 replay --engine spec smp.pzr
in_file err 'the same run again'

# Traces say whose exit it was; in both forms it is the same.
run 0 run --trace t.jsonl "${small[@]}" --vms 1 --cpus 4 "$lock"
run 0 run --trace t.bin "${small[@]}" --vms 1 --cpus 4 "$lock"
python3 -c '
import json
events = [json.loads(line) for line in open("t.jsonl")]
assert {e["cpu"] for e in events if "action" in e} == {0, 1, 2, 3}' || fail 'not all CPUs are traced'
run 0 trace t.bin
in_file out ', cpu3'

# A profile names the CPU of each stack; with one CPU there is none to name.
run 0 run --profile folded --profile-every 101 "${small[@]}" --vms 1 --cpus 4 "$lock"
[ "$(grep -o '^vm0;cpu[0-9];kernel' folded | sort -u | wc -l)" = 4 ] || fail 'not all CPUs are profiled'
run 0 run --profile folded --profile-every 101 "${small[@]}" --vms 1 "$lock"
grep -q cpu folded && fail 'a profile of one CPU names it'

# Each CPU has its share of the samples.
run 0 run --json --profile folded --vms 1 --cpus 4 --mem 64M --append usertests
python3 - <<'PY' || fail 'the CPUs are not sampled alike'
import json
cpus = json.load(open("out"))["vms"][0]["cpus"]
whole = sum(cpu["retired"] for cpu in cpus)
for cpu in cpus:
    stacks = [line for line in open("folded") if line.startswith(f"vm0;cpu{cpu['cpu']};")]
    sampled = sum(int(line.split()[-1]) for line in stacks)
    assert cpu["retired"] > whole / 50 and abs(sampled - cpu["retired"]) < whole / 100, (cpu, sampled)
PY

# Back and forth: the same CPU, at the same place.
printf '%s\n' 'goto 5000' cpus regs 'goto 15000' 'back 9000' 'goto 5000' cpus regs >commands
"$PZ" debug "${small[@]}" --cpus 4 "$lock" <commands >out || fail "pz debug: exit code $?"
python3 -c '
lines = [l for l in open("out") if not l.startswith("=>")]
half = len(lines) // 2
assert half > 8 and lines[:half] == lines[half:], lines' || fail 'another state after going back'
printf '%s\n' 'goto 5000' 'cpu 3' 'print s0' 'step' 'cpu 9' >commands
"$PZ" debug "${small[@]}" --cpus 4 "$lock" <commands >out 2>err
in_file out '0x3 = 3'
in_file out 'vm0 has no CPU 9 (cpus lists them)'

# The device tree lists them; what is wrong is refused.
run 2 run --cpus 0
in_file err '--cpus'
run 2 bare --cpus 9
in_file err '--cpus'
run 2 run --quantum 99
in_file err '--quantum'
finish
