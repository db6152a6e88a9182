#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Linux, unmodified, in the monitor without an operating system, beside mini: on the bare board, in a VM, two
# monitors deep, and on QEMU. scripts/linux.sh builds it; PZ_LINUX=DIR says that it is elsewhere.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
linux=${PZ_LINUX:-$SRC/build/linux}
need_guest
[[ -r $linux/Image && -r $linux/initrd.gz ]] || skip "scripts/linux.sh has built no Linux"
type1=$PZ_GUESTS/type1.elf
"$PZ" image --mem 64M --machine virt --initrd "$linux/initrd.gz" --append 'console=hvc0 rdinit=/init pz=true' --append ls \
    -o vms.img "$linux/Image" "$PZ_GUESTS/mini-virt.elf" || fail "not packed"
"$PZ" image --mem 192M --machine virt --initrd vms.img -o nested.img "$type1" || fail "not packed twice"

# shut_down <words before the VMs' lines>: both have said what they have to, and ended well
shut_down() {
    tr -d '\r' <out >lines
    grep -q "^$1\\[vm0\\] pz: Linux .* is up\$" lines || fail "$what: Linux is not up"
    grep -q "^$1\\[vm0\\] .*reboot: Power down\$" lines || fail "$what: Linux has not ended"
    grep -q "^$1\\[vm1\\] .* readme\$" lines || fail "$what: mini has not listed its files"
}

for words in bare 'run --vms 1'; do
    what=$words
    # shellcheck disable=SC2086 # several words
    run 0 $words --machine virt --mem 256M --initrd vms.img "$type1"
    shut_down ''
done
what="two deep"
run 0 bare --machine virt --mem 400M --initrd nested.img "$type1"
shut_down '\(\[vm0\] \)\{0,1\}'
if command -v qemu-system-riscv32 >/dev/null; then
    what=QEMU
    timeout "$PATIENCE" qemu-system-riscv32 -M virt -m 256M -nographic -bios "$PZ_GUESTS/shim.bin" -kernel "$type1" \
        -initrd vms.img >out 2>err </dev/null
    shut_down ''
fi
finish
