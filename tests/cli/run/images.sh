#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels that are none: each gets a message with the file's name and the reason, and no guest runs.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
kernel=${PZ_GUESTS:-$BUILD/guests}/mini.elf

# refused <exit code> <reason> <file>
refused() {
    local verb
    for verb in run bare; do
        run "$1" "$verb" --append ls "$3"
        in_file err "pz: $verb: $3: "
        in_file err "$2"
        [[ ! -s out ]] || fail "pz $verb $3: a guest ran"
    done
}

# patched <name> <offset> <bytes for printf>: the mini guest with some bytes of it changed
patched() {
    cp "$kernel" "$1"
    printf '%b' "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

: >empty.elf
refused 2 'is empty' empty.elf
printf 'EL' >two.elf
refused 2 'not an ELF file (only 2 bytes)' two.elf
printf '#!/bin/sh\n' >script.elf
refused 2 'not an ELF file (first bytes 23 21 2f 62): give a riscv32 ELF kernel' script.elf
for size in 10 40; do
    head -c "$size" "$kernel" >"cut$size.elf"
    refused 2 'is cut off inside the ELF header' "cut$size.elf"
done
head -c 60 "$kernel" >cut60.elf
refused 2 'is cut off: its program headers end at byte' cut60.elf
head -c 9000 "$kernel" >cut9000.elf
refused 2 'is cut off: segment' cut9000.elf

patched class.elf 4 '\x02'
refused 2 'is a 64-bit ELF file for RISC-V' class.elf
patched badclass.elf 4 '\x07'
refused 2 'unknown ELF class, 7' badclass.elf
patched endian.elf 5 '\x02'
refused 2 'is not little-endian' endian.elf
patched machine.elf 18 '\x3e\x00'
refused 2 'is for x86-64 (ELF machine 62), not RISC-V' machine.elf
patched arm.elf 18 '\x28\x00'
refused 2 'is for Arm' arm.elf
patched object.elf 16 '\x01\x00'
refused 2 'is an object file' object.elf
patched core.elf 16 '\x04\x00'
refused 2 'is a core dump' core.elf
patched header.elf 40 '\x10\x00'
refused 2 'damaged ELF header' header.elf
patched entsize.elf 42 '\x00\x00'
refused 2 'program headers of 0 bytes' entsize.elf
patched none.elf 44 '\x00\x00'
refused 2 'has no program headers' none.elf
patched many.elf 44 '\xff\xff'
refused 2 'is cut off' many.elf
patched phoff.elf 28 '\xf0\xff\xff\xff'
refused 2 'is cut off' phoff.elf
patched entry.elf 24 '\x01\x00\x00\x70'
refused 2 'its entry point, 0x70000001, is in none of its segments' entry.elf
patched odd.elf 24 '\x01\x00\x00\x00'
refused 2 'its entry point, 0x1, is odd' odd.elf
# The first program header follows the ELF header: offset 4, va 8, pa 12, filesz 16, memsz 20.
patched outside.elf $((52 + 12)) '\x00\x00\x00\x90'
refused 2 'is outside RAM' outside.elf
patched overlap.elf $((52 + 32 + 12)) '\x00\x00\x00\x00'
refused 2 'overlaps the one at 0x0' overlap.elf
patched shrunk.elf $((52 + 20)) '\x01\x00\x00\x00'
refused 2 'more bytes in the file' shrunk.elf
patched huge.elf $((52 + 20)) '\xff\xff\xff\xff'
refused 2 'segment 0' huge.elf
patched farfile.elf $((52 + 4)) '\xff\xff\xff\xff'
refused 2 'is cut off: segment 0' farfile.elf

truncate -s 300M big.elf
refused 2 'is larger than 256 MiB' big.elf
mkdir directory.elf
refused 2 'is a directory' directory.elf
refused 3 'No such file' missing.elf
cp "$kernel" secret.elf
chmod 0 secret.elf
if ! head -c 1 secret.elf >/dev/null 2>&1; then
    refused 3 'Permission denied' secret.elf
fi

run 2 bare --ram-base 0x80000000
in_file err 'is outside RAM, 0x80000000 to 0x81000000'
run 2 bare --mem 64K
PZ_GUESTS=$PWD/nowhere run 3 run
in_file err "bundled guest $PWD/nowhere/mini.elf cannot be read"
in_file err 'set PZ_GUESTS, or name a kernel'
finish
