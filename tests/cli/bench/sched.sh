#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tables of `pz bench` about dividing the machine, as far as they are the same on every host.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
[[ -r ${PZ_GUESTS:-$BUILD/guests}/bench_sha256.elf ]] || skip "the benchmark guests are not built"

run 0 bench --only sched --json
json out 'd["schema"] == "pz-bench-sched/1"'
json out '[s["scheduler"] for s in d["schedulers"]] == ["stride", "lottery", "bvt", "credit"]'
# stride: an error of a few turns in any window, and who wakes up waits for a turn or two; bvt and credit:
# it waits only for the turn that is under way; lottery: errors grow with the window.
json out '(lambda s: all(e["worst"] < 3 for e in s["stride"]["errors"]) and s["stride"]["latency"]["worst"] < 3
           and s["bvt"]["latency"]["worst"] <= 1 and s["credit"]["latency"]["worst"] <= 1
           and s["lottery"]["errors"][1]["mean"] > 2 * s["lottery"]["errors"][0]["mean"])(
               {x["scheduler"]: x for x in d["schedulers"]})'
run 0 bench --only sched
in_file out 'credit'

# Nobody loses more than one per cent of a window by any neighbour if exits are charged for; by those
# who keep the monitor busy, much more if they are not.
run 0 bench --only neighbours --quick --json
json out 'd["schema"] == "pz-bench-neighbours/1" and len(d["neighbours"]) == 9'
json out 'all(n["priced_exits"] <= 0.01 for n in d["neighbours"])'
json out '{n["guest"]: n["priced_insns"] for n in d["neighbours"]}["csr"] > 0.5'
# By one whose disk is limited hardly more, even if they are not.
json out '[n["priced_insns"] > 0.5 for n in d["neighbours"] if n["guest"] == "disk_4k"] == [True, False]'
json out '[n["priced_insns"] > 0.5 for n in d["neighbours"] if n["guest"] == "net"] == [True, False]'
finish
