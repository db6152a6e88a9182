#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels that trap for ever (docs/board.md): one whose handler cannot execute its first instruction is
# ended, bare and under every monitor; one that makes progress in its handler runs to its limit.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3

cat >stuck.S <<'END'
_start:
    la t0, handler
    csrw stvec, t0
    .word 0
    .align 2
handler:
    .word 0
END
sed 's/^handler:/&\n    csrr t1, scause/' stuck.S >looping.S
sed 's/^handler:/&\n    sret/' stuck.S >returning.S
for name in stuck looping returning; do
    run 0 asm "$name.S"
done

for monitor in plain hybrid translate assist para; do
    run 1 run --vms 1 --monitor "$monitor" --json stuck.elf
    json out 'd["vms"][0]["end"] == "stuck" and d["vms"][0]["retired"] == 3'
    for name in looping returning; do
        run 1 run --vms 1 --monitor "$monitor" --max-insns 2000 --json "$name.elf"
        json out 'd["vms"][0]["end"] == "limit" and d["vms"][0]["retired"] == 2000'
    done
done
run 1 bare --json stuck.elf
json out 'd["end"] == "stuck" and d["retired"] == 3'
for name in looping returning; do
    run 1 bare --max-insns 2000 --json "$name.elf"
    json out 'd["end"] == "limit" and d["retired"] == 2000'
done
finish
