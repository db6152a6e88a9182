#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# U-Boot, as scripts/u-boot.sh builds it: its shell, a disk, the network, and a kernel that it loads
# from the disk and starts; the same bare as in a VM. Skipped where it has not been built.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
uboot=${PZ_UBOOT:-$SRC/build/u-boot}
[[ -r $uboot/u-boot.bin ]] || skip 'U-Boot is not built (scripts/u-boot.sh)'
need clang
need llvm-objcopy
need /sbin/mke2fs

# A kernel with Linux's header, which U-Boot moves to where that says.
clang --target=riscv32-unknown-elf -march=rv32imac -mabi=ilp32 -mno-relax -nostdlib -fuse-ld=lld \
    -Wl,-Ttext=0x80400000 -o kernel.elf -x assembler - <<'END' || fail 'the kernel does not assemble'
.globl _start
_start:
    j 1f
    .balign 8
    .quad 0x400000, 0x1000, 0
    .balign 16
    .zero 16
    .ascii "RISCV\0\0\0RSC\5"
    .word 0
1:  lw s0, 0(a1)
    li s1, 0xedfe0dd0
    bne s0, s1, 2f
    li a0, '@'
    li a7, 1
    ecall
    li a7, 8
2:  ecall
END
mkdir files
llvm-objcopy -O binary -j .text kernel.elf files/kernel
echo 'read from the disk' >files/text
truncate -s 4M empty.img
/sbin/mke2fs -q -t ext2 -d files empty.img

# A key stops its countdown. What was typed ahead goes to a command that can be interrupted: one line.
# shellcheck disable=SC2016  # U-Boot's variable
{
    printf ' \nvirtio scan; ext4load virtio 0 0x81000000 /text; mw.l 0x82000000 0xcafef00d 80;'
    printf 'virtio write 0x82000000 1f00 1; virtio read 0x83000000 1f00 1; md.l 0x83000000 1;'
    printf 'md.b 0x81000000 10; ext4load virtio 0 0x84000000 /kernel; booti 0x84000000 - ${fdtcontroladdr}\n'
} >typed
for version in legacy modern; do
    for verb in bare run; do
        cp empty.img disk.img
        run 0 "$verb" --machine virt --virtio "$version" --disk disk.img --cpus 4 --input typed \
            "$uboot/u-boot.bin"
        in_file out '83000000: cafef00d'
        in_file out 'read from the di'
        in_file out 'Starting kernel'
        in_file out '@'
        cp out "$verb.out"
    done
    cmp bare.out run.out || fail "bare and in a VM it says different things ($version)"
done

# It restarts the machine, and finds it as it was.
printf ' \nreset\n \npoweroff\n' >typed
run 0 run --machine virt --input typed "$uboot/u-boot.bin"
[[ $(grep -c 'CPU: *rv32imac' out) == 2 ]] || fail 'it did not restart'

printf ' \nsetenv autoload no; dhcp; poweroff\n' >typed
for verb in bare run; do
    run 0 "$verb" --machine virt --net user --input typed "$uboot/u-boot"
    in_file out 'bound to address 10.0.2.15'
done
finish
