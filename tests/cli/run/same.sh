#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels of tests/qemu/same print what QEMU 7.2 has them print (tests/golden/same): bare, and in a
# VM under every monitor. Where there is a QEMU, that it does is tried, too.
# RENEW=1 has QEMU write it again.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
guests=${PZ_GUESTS:-$BUILD/guests}
golden=$SRC/tests/golden/same
command -v qemu-system-riscv32 >/dev/null && qemu=1 || qemu=

# theirs <name>: what QEMU prints, time by instructions
theirs() {
    timeout "$PATIENCE" qemu-system-riscv32 -M virt -cpu rv32 -m 128M -nographic \
        -icount shift=3,sleep=off -bios "$guests/shim.bin" -kernel "$guests/same_$1.elf" \
        </dev/null 2>err | tr -d '\r' >out
}

ls "$guests"/same_*.elf >/dev/null || fail "no kernels"
for source in "$golden"/../../qemu/same/*.c; do
    name=$(basename "$source" .c)
    [[ $name != kit ]] || continue
    if [[ -n $qemu && -s $guests/shim.bin ]]; then
        theirs "$name"
        [[ -z ${RENEW:-} ]] || cp out "$golden/$name.out"
        cmp -s out "$golden/$name.out" || fail "$name: QEMU prints something else"
    fi
    : >typed
    run 0 bare --machine virt --input typed "$guests/same_$name.elf"
    cmp -s out "$golden/$name.out" || fail "$name: $(diff out "$golden/$name.out" | head -5)"
    cp out bare
    for monitor in plain hybrid translate assist para; do
        run 0 run --machine virt --monitor "$monitor" --input typed "$guests/same_$name.elf"
        cmp -s out bare || fail "$name: not the same under $monitor"
    done
done

# It can fail: with RAM elsewhere there is no kernel, and another kernel prints something else.
run 2 bare --input typed "$guests/same_cpu.elf"
run 0 bare --machine virt --input typed "$guests/same_cpu.elf"
cmp -s out "$golden/rtc.out" && fail "two kernels, and no difference"
finish
