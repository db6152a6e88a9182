#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The mini guest on several CPUs: its usertests pass, are the same run bare and in VMs, and cost
# little more than on one CPU. A shorter quantum has the CPUs meet at other places in the kernel;
# that finds locks which are missing.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3

# Trap by trap, against the bare machine on `spec`.
run 0 verify --cpus 4 --append usertests
in_file out 'same      '

for cpus in 1 2 4; do
    run 0 run --json --vms 1 --cpus "$cpus" --append usertests
    mv out "vm$cpus"
    run 0 bare --json --cpus "$cpus" --append usertests
    mv out "bare$cpus"
done
python3 - <<'END' || fail 'not the same bare and in a VM, or too dear on several CPUs'
import json
runs = {n: (json.load(open(f"vm{n}"))["vms"][0], json.load(open(f"bare{n}"))) for n in (1, 2, 4)}
for n, (vm, bare) in runs.items():
    for key in ("console", "retired", "time"):
        assert vm[key] == bare[key], (n, key)
    assert " passed, 0 failed\n" in vm["console"], n
    assert vm["retired"] <= 1.1 * runs[1][0]["retired"], (n, vm["retired"])
    assert (f"mini: {n} CPUs\n" in vm["console"]) == (n > 1), n
    assert n == 1 or min(c["retired"] for c in vm["cpus"]) > 1000000, (n, vm["cpus"])
# An idle CPU is called when there is work: else it would look for some at each tick, and CPUs
# would change about ten times in one.
TICK = 1000000
vm = runs[4][0]
assert vm["cpu_changes"] > 20 * vm["time"] // TICK, vm["cpu_changes"]
END

for quantum in 101 400 997 3001; do
    for cpus in 2 3 8; do
        run 0 bare --cpus "$cpus" --quantum "$quantum" --append usertests
    done
done
finish
