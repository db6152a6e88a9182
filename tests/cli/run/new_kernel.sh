#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz new-kernel: the copy builds, and prints the same bare, in a VM and on QEMU.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need clang
need ld.lld
need make

run 0 new-kernel mine
in_file out 'make -C mine run'
make -s -C mine >make.log 2>&1 || { cat make.log; fail 'the copy does not build'; }
[[ ! -s make.log ]] || fail "the copy builds with warnings: $(cat make.log)"
for verb in bare run; do
    run 0 "$verb" --machine virt mine/kernel.elf
    in_file out '3 timer interrupts'
    in_file out 'paging is on: 0x600d600d at both addresses'
    cp out "$verb.out"
done
cmp bare.out run.out || fail 'bare and in a VM it prints different things'
# The README shows what it prints.
sed 's/^/    /' run.out >shown
grep -qFf shown "$SRC/examples/hello-kernel/README.md" || fail 'the README shows something else'
run 0 verify --machine virt --engine all --shadow all mine/kernel.elf
if command -v qemu-system-riscv32 >/dev/null; then
    timeout "$PATIENCE" qemu-system-riscv32 -M virt -m 32M -nographic -bios "$BUILD/guests/shim.bin" \
        -device loader,file=mine/kernel.elf </dev/null >out 2>err || fail 'QEMU failed'
    in_file out 'paging is on: 0x600d600d at both addresses'
fi

run 2 new-kernel mine
in_file err 'mine exists already: name a new folder'
run 2 new-kernel
in_file err 'name the folder'
run 2 new-kernel a b
run 3 new-kernel nowhere/mine
in_file err 'nowhere/mine: cannot be made'
run 0 new-kernel --json other
json out 'd["folder"] == "other"'
PZ_HOME=$PWD/nothing run 3 new-kernel third
in_file err 'examples/hello-kernel/kernel.c: cannot be opened'
finish
