#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Translation in two stages by isa/sv32.c and by QEMU, which has the hypervisor extension: some
# thousand random walks, what they trap with, and memory afterwards (tests/tools/two_stage.c).
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need qemu-system-riscv32
tool=$BUILD/tests/tools/two_stage
image=${PZ_GUESTS:-$BUILD/guests}/qemu_two_stage.elf
[[ -x $tool && -r $image ]] || skip "$tool or $image is not built"

theirs() {
    timeout "$PATIENCE" qemu-system-riscv32 -M virt -m 32M -display none -monitor none \
        -serial file:result -bios "$image" -device loader,file=cases,addr=0x80400000,force-raw=on \
        </dev/null >out 2>err || fail "QEMU failed"
}

"$tool" make cases || fail "no cases"
theirs
"$tool" check cases result >out 2>err || fail "QEMU walks otherwise"
in_file out "6144 walks, 0 different"

# It can fail: the same result does not fit another seed's walks.
PZ_SEED=2 "$tool" make cases || fail "no cases"
"$tool" check cases result >out 2>err && fail "two seeds, and no difference"
finish
