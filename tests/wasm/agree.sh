#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The engine `wasm`, in Node.js: random programs do what they do on `spec`, and so do kernels, bare and
# in a VM, to the byte and to the instruction.
set -euo pipefail
cd "$SRC"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

command -v node >/dev/null || {
    echo "no Node.js here"
    exit 77
}
support=(tests/support/{compare,program,program_insns,space,stopped}.c)
tests/wasm/build.bash "$scratch/agree.wasm" tests/wasm/agree.c "${support[@]}"
tests/wasm/build.bash "$scratch/engines.wasm" tests/bench/engine_wasm.c

on_node() { node tests/wasm/run.mjs "$@"; }

on_node "$scratch/agree.wasm" 200000

# kernel <engine> <bare or vm> <guest>: how many instructions it took, a hash of its console, its end
kernel() {
    on_node "$scratch/engines.wasm" "$1" "$2" 1 "$PZ_GUESTS/bench_$3.elf" | sed 's/.*MIPS, //'
}
for guest in fork timer; do
    bare=$(kernel spec bare "$guest")
    for how in bare vm; do
        here=$(kernel eager "$how" "$guest")
        [[ $here == "$bare" ]] || {
            echo "$guest, $how: $here; on spec $bare"
            exit 1
        }
    done
done
