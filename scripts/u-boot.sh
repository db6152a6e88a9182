#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds U-Boot for PZ32 from Debian's source, as its authors configure it for QEMU's virt machine
# in supervisor mode; into build/u-boot:
#   u-boot.bin  flat, for 0x80400000; u-boot: the same as ELF, with symbols
#
#   scripts/u-boot.sh
#
# Takes a minute or two of CPU, once, and 300 MiB. Needs no root but for packages that are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
top=$PWD
out=$top/build/u-boot
jobs=${JOBS:-$(nproc)}
cross=riscv64-linux-gnu-
mkdir -p "$out"

# shellcheck source=scripts/setup.sh
source scripts/setup.sh
# shellcheck source=scripts/source.sh
source scripts/source.sh
UBOOT_NEEDS='
make            make
flex            flex
bison           bison
bc              bc
patch           patch
xz-utils        xz
python3         python3
libssl-dev      openssl/ssl.h
gcc-riscv64-linux-gnu riscv64-linux-gnu-gcc'

say() { printf 'u-boot: %s\n' "$*" >&2; }

# Debian's patches too: one of them lets `booti` start a kernel.
uboot_source() {
    local patch
    [[ -e $out/source/Makefile ]] && return 0
    say "fetching Debian's u-boot"
    source_fetch u-boot "$out"
    while read -r patch; do
        patch -s -p1 -d "$out/source.new" <"$out/source.new/debian/patches/$patch"
    done < <(sed -e 's/#.*//' -e 's/[[:space:]].*//' -e '/^$/d' "$out/source.new/debian/patches/series")
    mv "$out/source.new" "$out/source"
}

uboot_make() {
    SOURCE_DATE_EPOCH=0 make -C "$out/source" O="$out/tree" CROSS_COMPILE="$cross" \
        PLATFORM_LIBS="$out/shift.o" "$@" >>"$out/u-boot.log" 2>&1 ||
        { tail -n 20 "$out/u-boot.log" >&2 && say "make $* failed; the whole log: $out/u-boot.log" && exit 1; }
}

# In U-Boot's own ABI, or it cannot be linked with it.
shifts() {
    "${cross}gcc" -march=rv32imafdc -mabi=ilp32d -O2 -ffreestanding -fno-pie -fno-stack-protector \
        -c -o "$out/shift.o" scripts/u-boot/shift.c
}

[[ ${PZ_SETUP-} == skip ]] || setup_need "$UBOOT_NEEDS"
uboot_source
: >"$out/u-boot.log"
shifts
say "building U-Boot"
uboot_make qemu-riscv32_smode_defconfig
uboot_make -j"$jobs" u-boot.bin
cp "$out/tree/u-boot" "$out/tree/u-boot.bin" "$out"
say "$out/u-boot.bin"
