#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `pz bench` works: a short run of two workloads gives one JSON document in which every system
# has computed the same. Nothing is said about how long anything took.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
[[ -r ${PZ_GUESTS:-$BUILD/guests}/bench_crc.elf ]] || skip "the benchmark guests are not built"

in_file "$SRC/docs/bench.md" "pz-bench/1"

run 0 bench --quick --only null_syscall,crc --runs 1 --no-qemu --json
json out 'd["schema"] == "pz-bench/1" and d["ok"] is True and d["quick"] is True'
json out '{"spec alone", "spec bare", "spec lazy"} <= {s["name"] for s in d["systems"]}'
json out '[w["name"] for w in d["workloads"]] == ["crc", "null_syscall"]'
json out 'all(w["equal"] and len({c["result"] for c in w["cells"]}) == 1 for w in d["workloads"])'
json out 'all(c["ok"] and c["count"] > 0 for w in d["workloads"] for c in w["cells"])'
json out 'all(c["ns"]["least"] <= c["ns"]["median"] <= c["ns"]["most"]
              for w in d["workloads"] for c in w["cells"])'
json out 'all(c["bill"]["counters"]["total"] > 0 for w in d["workloads"] for c in w["cells"]
              if c["system"].endswith(" lazy"))'

run 0 bench --quick --only call --runs 1 --no-qemu --engines spec --policies lazy --svg chart.svg
in_file out "nano, spec lazy"
in_file chart.svg "</svg>"

# What the README shows is what the command prints.
run 0 bench --quick --only crc --runs 1 --no-qemu --policies lazy --markdown
in_file out "| crc | - |"
in_file out "over twice the time of the bare board:"
[[ $(head -1 out) == "$(grep -F '| workload | QEMU, bare |' "$SRC/README.md")" ]] ||
    fail "the README's table is not the one that pz bench makes"

# The debugger's table, of a kernel that is told how to run.
run 0 bench --only debugger --runs 1 --max-insns 50k --append ls "$PZ_GUESTS/mini.elf"
in_file out "runs of 0.1 million instructions"
in_file out "1000 breakpoints"

for words in "--only no_such" "--engines no_such" "--policies no_such" "--runs 0" "a_kernel.elf" \
    "--mem 64M" "--only debugger --append ls" "--only debugger --append a --append b a_kernel.elf"; do
    # shellcheck disable=SC2086 # several words
    run 2 bench $words
done
finish
