#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Transcripts of the debugger: each tests/golden/debug_*.in, run on a guest that does everything
# once, or on one that makes hypercalls, gives exactly its .out, on every engine there is, and with
# or without libdw: source lines are taken out. To renew them, after reading what changed: RENEW=1 with this script, and PZ, SRC
# and PZ_GUESTS set as CTest does.
set -euo pipefail
# shellcheck source=tests/cli/capstone.bash
source "$SRC/tests/cli/capstone.bash"
export LC_ALL=C
if [[ ! -e $PZ_GUESTS/t_debug_exits.elf ]]; then
    echo "skipped: no micro-guests (no clang?)"
    exit 77
fi
mapfile -t engines < <("$PZ" doctor --json | python3 -c '
import json, sys
for found in json.load(sys.stdin)["findings"]:
    if found["kind"] == "engine" and found["found"]:
        print(found["name"])')
((${#engines[@]})) || {
    echo "which engines are there?"
    exit 1
}
# How many VMs each runs on, under which monitor, and which guest in them (the others: debug_exits).
declare -A vms=([debug_exits]=1 [debug_points]=2 [debug_assist]=1 [debug_para]=1 [debug_translate]=1 [debug_callout]=1)
declare -A monitor=([debug_exits]=plain [debug_points]=plain [debug_assist]=assist [debug_para]=para [debug_translate]=translate [debug_callout]=translate)
declare -A guests=([debug_para]=para_calls [debug_callout]=callouts)
failed=0

# say <name> <engine>: what the debugger says
say() {
    "$PZ" debug --engine "$2" --vms "${vms[$1]}" --monitor "${monitor[$1]}" --mem 16M \
        --batch -x "$SRC/tests/golden/$1.in" "$PZ_GUESTS/t_${guests[$1]:-debug_exits}.elf" 2>&1 |
        sed -E 's/ at (debug_exits|para_calls|callouts)\.S:[0-9]+//g' || echo "pz debug failed: $?"
}

for name in "${!vms[@]}"; do
    golden=$SRC/tests/golden/$name.out
    if [[ -n ${RENEW:-} ]]; then
        say "$name" spec >"$golden"
    fi
    for engine in "${engines[@]}"; do
        said=$(say "$name" "$engine")
        # Where the engine cannot run the monitor, pz uses the plain one, and says so.
        [[ $said != *": using the "*" monitor"* ]] || continue
        # Where the CPU does not trap all, no page is both writable and executable: that shows.
        expected=$SRC/tests/golden/$name.$engine.diff
        [[ -e $expected ]] || expected=/dev/null
        if [[ -n ${RENEW:-} && $engine == unicorn ]]; then
            diff "$golden" <(say "$name" "$engine") >"$expected" || true
        fi
        diff -u "$expected" <(diff "$golden" <(printf '%s\n' "$said")) || failed=1
    done
done
exit $failed
