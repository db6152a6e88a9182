#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels of every kind that can be loaded, bare and in a VM; what is put beside them; and what is
# said when one comes to nothing.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need clang
need llvm-objcopy

# assemble <name> <flags>...: a kernel from standard input
assemble() {
    local name=$1
    shift
    clang --target=riscv32-unknown-elf -march=rv32imac -mabi=ilp32 -mno-relax -nostdlib \
        -fuse-ld=lld "$@" -o "$name" -x assembler - || fail "$name does not assemble"
}

# says <text> <words of pz>...: bare and in a VM, the guest prints it and powers off
says() {
    local verb text=$1
    shift
    for verb in bare run; do
        run 0 "$verb" "$@"
        in_file out "$text"
    done
}

# ---- Position-independent, flat, compressed ----

print_and_off='
.globl _start
_start:
    lla s0, table
    lw s1, 0(s0)
1:  lbu a0, 0(s1)
    beqz a0, 2f
    li a7, 1
    ecall
    addi s1, s1, 1
    j 1b
2:  li a7, 8
    ecall
.section .data.rel.ro, "aw"
.balign 4
table: .word message
.section .rodata
message: .asciz "at last\n"'
assemble pie.elf -fPIC -Wl,-pie,--no-dynamic-linker <<<"$print_and_off"
says 'at last' pie.elf
says 'at last' --machine virt pie.elf
says 'at last' --machine virt --load 0x80400000 pie.elf
says 'at last' --machine virt --mem 2G pie.elf
run 2 run --machine virt --load 0x80400800 pie.elf
in_file err 'multiple of 0x1000'
run 2 run --load 0x1000 "$PZ_GUESTS/mini.elf"
in_file err 'is linked for its own addresses: leave out --load'

assemble flat.elf -Wl,-Ttext=0x80200000,-zseparate-code -Wl,--section-start=.rodata=0x80200100 \
    -Wl,--section-start=.data.rel.ro=0x80200200 <<<"$print_and_off"
llvm-objcopy -O binary flat.elf flat.bin
says 'at last' --machine virt --load 0x80200000 flat.bin
run 2 run flat.bin
in_file err 'say where a flat binary goes: --load ADDRESS'
run 2 run --load 0x80200000 flat.bin
in_file err 'is outside RAM, 0x0 to 0x1000000: change --load'
gzip -k pie.elf flat.bin
says 'at last' pie.elf.gz
says 'at last' --machine virt --load 0x80200000 flat.bin.gz

# Without --load it goes where QEMU's virt machine loads it, which has 128 MiB unless told otherwise.
assemble there.elf -Wl,-Ttext=0x80400000 <<'END'
.globl _start
_start:
    auipc s0, 0
    li s1, 0x80400000
    bne s0, s1, 1f
    li s2, 0x87fff000
    lw s2, 0(s2)
    li a0, 'y'
    li a7, 1
    ecall
    li a7, 8
1:  ecall
END
llvm-objcopy -O binary -j .text there.elf there.bin
says 'y' --machine virt there.bin
says 'y' --mem 128M --machine virt there.bin
run 1 run --mem 64M --machine virt there.bin
run 1 run --machine virt --mem 64M there.bin
head -c 100 pie.elf.gz >cut.gz
run 2 bare cut.gz
in_file err 'cut.gz: is damaged: gzip says: it is cut off'
if command -v zstd >/dev/null; then
    zstd -q pie.elf
    says 'at last' pie.elf.zst
fi

# ---- Linux's header: the code jumps over it ----

assemble image.elf -Wl,-Ttext=0x80400000 <<'END'
.globl _start
_start:
    j 1f
    .balign 8
    .quad 0x400000, 0x10000, 0
    .balign 16
    .zero 16
    .ascii "RISCV\0\0\0RSC\5"
    .word 0
1:  auipc s0, 0
    li a0, '!'
    li a7, 1
    ecall
    lui t0, 0x80400
    srli s0, s0, 12
    srli t0, t0, 12
    bne s0, t0, 2f
    li a7, 8
2:  ecall
END
llvm-objcopy -O binary -j .text image.elf Image
says '!' --machine virt Image
run 2 run --mem 4M --machine virt Image
in_file err 'Image: takes memory from 0x80400000 to 0x80410000'

# ---- Beside the kernel ----

head -c 5000 /dev/zero >initrd
run 0 run --machine virt --initrd initrd --append 'two words' --dtb dump pie.elf
cp out tree.dtb
for text in 'linux,initrd-end' 'two words'; do
    grep -q "$text" tree.dtb || fail "the tree has no '$text'"
done
says 'at last' --machine virt --dtb tree.dtb --initrd initrd pie.elf
for verb in bare run; do
    run 0 "$verb" --machine virt --rng-seed 7 --dtb dump pie.elf
    grep -aq rng-seed out || fail "the tree has no seed"
done
# In a tree of one's own too: a kernel that finds no `rng-seed` there says nothing.
assemble seeded.elf -fPIC -Wl,-pie,--no-dynamic-linker <<'END'
.globl _start
_start:
    li s0, 0x2d676e72 /* "rng-" in the strings */
    lw s1, 4(a1)
    srli t0, s1, 24
    srli s1, s1, 8
    li t1, 0xff00
    and s1, s1, t1
    or s1, s1, t0
    add s1, s1, a1
1:  lbu t0, 0(a1)
    lbu t1, 1(a1)
    lbu t2, 2(a1)
    lbu t3, 3(a1)
    slli t1, t1, 8
    slli t2, t2, 16
    slli t3, t3, 24
    or t0, t0, t1
    or t0, t0, t2
    or t0, t0, t3
    beq t0, s0, 2f
    addi a1, a1, 1
    bltu a1, s1, 1b
    j 3f
2:  li a0, 'r'
    li a7, 1
    ecall
3:  li a7, 8
    ecall
END
says 'r' --machine virt --rng-seed 7 --dtb tree.dtb seeded.elf
run 0 run --machine virt --dtb tree.dtb seeded.elf
not_in_file out 'r'
run 2 bare --dtb initrd pie.elf
in_file err '--dtb: initrd: is not a device tree: libfdt: '
run 2 verify --dtb dump pie.elf
in_file err '--dtb dump: pz run and pz bare do that'
truncate -s 12M initrd
run 2 run --initrd initrd pie.elf
in_file err '--initrd: initrd: no room for its 12582912 bytes'
run 3 run --initrd missing pie.elf
in_file err '--initrd: missing: cannot be opened'
run 2 run --vms 1 --initrd a --initrd b pie.elf
in_file err '--initrd: 2 of them for 1 VM'

# A recording knows them again.
truncate -s 5000 initrd
run 0 run --machine virt --load 0x80400000 --initrd initrd --record r.pzr pie.elf
run 0 replay r.pzr
in_file out 'at last'
echo more >>initrd
run 2 replay r.pzr
in_file err 'a file is not what it was in the recording'

# ---- kvm-unit-tests: what the script makes of one that passes, and of one that does not ----

# unit <name> <status>: a flat kernel that ends as their exit() does
unit() {
    assemble unit.elf -Wl,-Ttext=0x80400000 <<<".globl _start
_start: lla a1, said
    lla a0, said_end
    sub a0, a0, a1
    li a2, 0
    li a6, 0
    li a7, 0x4442434e
    ecall
    li a7, 8
    ecall
said: .ascii \"SUMMARY: 1 tests\\n\\nEXIT: STATUS=$2\\n\"
said_end:"
    llvm-objcopy -O binary -j .text unit.elf "units/$1.flat"
}
mkdir units
unit selftest 1
unit sbi 3

# exits <status> <words>...: the script does
exits() {
    local wanted=$1 status=0
    shift
    "$SRC/scripts/kvm-unit-tests.sh" "$@" >out 2>err || status=$?
    [[ $status == "$wanted" ]] || fail "kvm-unit-tests.sh $*: exit status $status, not $wanted"
}
exits 0 units selftest
in_file err 'selftest, run: passed'
in_file out 'SUMMARY: 1 tests'
exits 1 units
in_file err 'sbi, bare: failed; see units/sbi.bare.log'
exits 2 units missing
exits 2

# ---- Made for other computers ----

cp pie.elf float.elf
printf '\x05' | dd of=float.elf bs=1 seek=36 conv=notrunc status=none
run 0 bare float.elf
in_file err 'float.elf is made for the hard-float ABI'
not_in_file out 'hard-float'
cp float.elf float2.elf
run 0 run float.elf float2.elf
[[ $(grep -c 'float.elf is made for' err) == 1 && $(grep -c 'float2.elf is made for' err) == 1 ]] ||
    fail "not said once of each kernel"
run 0 verify float.elf --engine spec --shadow all # many machines
[[ $(grep -c 'is made for the hard-float ABI' err) == 1 ]] || fail "not said once"

# early <text> <instructions>: a kernel that does this first, and has nowhere to go with a fault
early() {
    assemble early.elf -Wl,--image-base=0x80000000 <<<".globl _start
_start: $2
    ecall"
    local verb
    for verb in bare run; do
        run 1 "$verb" --machine virt early.elf
        in_file err 'printed nothing; its first fault: '
        in_file err "$1"
    done
}
early "after 2 instructions: address 0x02004000, in QEMU's virt: the CLINT" \
    'li t0, 0x02004000; nop; sw zero, 0(t0)'
early "CSR 0xf14: machine mode's: the hart's number is in a0" 'csrr t0, mhartid'
early 'instruction 0x30200073: mret' 'mret'
early 'floating point: PZ32 has no FPU' '.word 0x00052007'
early "address 0x30000000, in QEMU's virt: PCI's configuration space" 'lui t0, 0x30000; lw t0, 0(t0)'
run 1 bare --machine virt --json early.elf
json out '"PCI" in d["first_fault"]'
# One that has spoken, or ends well, is left alone.
run 0 bare pie.elf
not_in_file err 'first fault'
finish
