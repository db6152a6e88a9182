#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzzes the loader of kernels, the device tree, the board's devices and the hypercalls, from the
# kept corpus on, with clang
# and its sanitizers whatever pz itself is built with. BUILD and SRC as in tests/cli/common.bash.
#
#   fuzz.sh build      only compiles: <build>/tests/fuzz/fuzz_elf, fuzz_dtb, fuzz_board and fuzz_para
#   fuzz.sh [seconds]  30 by default
#
# What it finds is kept as <build>/tests/fuzz/*-<sha1>: mend the code, and put the file (small,
# with a name that says what it is) into tests/fuzz/corpus/, where it is run for ever.
set -uo pipefail

: "${BUILD:?}" "${SRC:?}"
clang=${CLANG:-clang}
work=$BUILD/tests/fuzz
checks=fuzzer,address,undefined
flags=(-std=gnu17 -g -O1 -fno-omit-frame-pointer "-fsanitize=$checks"
    -fno-sanitize-recover=all -Wall -Wextra -Werror -DPZ_DEBUG=1 -I "$SRC")

skip() {
    echo "skipped: $*"
    exit 77
}

# compile <target> <file>...: with the libraries that it needs
compile() {
    local target=$1 source sources=()
    shift
    for source in "$@"; do
        sources+=("$SRC/$source")
    done
    "$clang" "${flags[@]}" -o "$work/$target" "$SRC/tests/fuzz/$target.c" "${sources[@]}" -lfdt -lz -lzstd
}

# fuzz <target> <seconds>: the kept corpus is only read
fuzz() {
    local found=$work/found_${1#fuzz_}
    mkdir -p "$found"
    echo "== $1: $2 s"
    "$work/$1" -max_total_time="$2" -timeout=60 -max_len=8192 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$work/" "$found" "$SRC/tests/fuzz/corpus/${1#fuzz_}" 2>&1 |
        grep -v "^\""  # no dictionary
}

command -v "$clang" >/dev/null || skip "no $clang"
mkdir -p "$work"
echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' |
    "$clang" "-fsanitize=$checks" -x c - -o "$work/probe" 2>/dev/null ||
    skip "$clang has no fuzzer runtime"
board=(tests/support/driver.c)
for source in "$SRC"/isa/*.c "$SRC"/vmm/board/*.c; do
    [[ $source == */bare.c ]] || board+=("${source#"$SRC/"}")
done
para=("${board[@]:1}")
for source in "$SRC"/vmm/*.c "$SRC"/isa/engine/stops*.c; do
    para+=("${source#"$SRC/"}")
done
compile fuzz_elf tools/host/elf.c tools/host/elf_reloc.c tools/host/flat.c tools/host/unpack.c \
    tools/host/symbols.c tools/base/search.c tools/base/file.c tools/base/problem.c || exit 1
compile fuzz_dtb tools/host/dtb.c tools/base/problem.c || exit 1
compile fuzz_board "${board[@]}" || exit 1
compile fuzz_para "${para[@]}" || exit 1
[[ ${1:-} != build ]] || exit 0

seconds=${1:-30}
fuzz fuzz_elf $((seconds / 3)) || exit 1
fuzz fuzz_dtb $((seconds / 6)) || exit 1
fuzz fuzz_board $((seconds / 4)) || exit 1
fuzz fuzz_para $((seconds - seconds / 3 - seconds / 6 - seconds / 4)) || exit 1
