#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzzes the loader of kernels, the device tree, the board's devices, the hypercalls, the
# high-level-language machine, snapshots, what comes in a migration and what clients of a run send, from
# the kept corpus on, with clang and its sanitizers whatever pz itself is built with. BUILD, SRC and PZ_GUESTS as in
# tests/cli/common.bash.
#
#   fuzz.sh build      only compiles: <build>/tests/fuzz/fuzz_elf, fuzz_dtb, fuzz_board, fuzz_para,
#                      fuzz_hll, fuzz_snapshot, fuzz_migrate and fuzz_control. The last three need nearly all of pz:
#                      what reads the input is compiled here, the rest comes from pz's own libraries
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
    -fno-sanitize-recover=all -Wall -Wextra -Werror -DPZ_DEBUG=1 -I "$SRC"
    "-DPZ_GUESTS=\"${PZ_GUESTS:-$BUILD/guests}\"")

skip() {
    echo "skipped: $*"
    exit 77
}

# object <source>: where it is compiled to; several targets have it
object() {
    local name=${1%.c}
    printf '%s' "$work/objects/${name//\//-}.o"
}

# compile <source>: through ccache where there is one
compile() {
    local launcher=()
    [[ -z $(type -P ccache) ]] || launcher=(ccache)
    "${launcher[@]}" "$clang" "${flags[@]}" -c -o "$(object "$1")" "$SRC/$1"
}

# link <target> <source>...: with the libraries that it needs
link() {
    local target=$1 source objects=()
    shift
    for source in "tests/fuzz/$target.c" "$@"; do
        objects+=("$(object "$source")")
    done
    "$clang" "${flags[@]}" -o "$work/$target" "${objects[@]}" ${libraries+"${libraries[@]}"} \
        -lfdt -lz -lzstd
}

# pz_libraries: in <libraries> those of this build, and of the host's those that there are
pz_libraries() {
    local lib
    libraries=("-Wl,-rpath,$BUILD/lib" -L "$BUILD/lib" "$BUILD"/lib/libpz_{tools,vmm,board}.a)
    for lib in "$BUILD"/lib/libpz_{unicorn,jit,engine,isa}.a "$BUILD"/lib/lib{unicorn,capstone}.so.*; do
        [[ ! -e $lib ]] || libraries+=("$lib")
    done
    for lib in unicorn capstone jansson xxhash edit dw elf seccomp slirp m dl; do
        "$clang" -o "$work/probe" "$work/probe.o" "-l$lib" 2>/dev/null && libraries+=("-l$lib")
    done
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
elf=(tools/host/elf.c tools/host/elf_reloc.c tools/host/flat.c tools/host/unpack.c
    tools/host/symbols.c tools/base/search.c tools/base/file.c tools/base/problem.c)
dtb=(tools/host/dtb.c tools/base/problem.c)
hll=()
for source in "$SRC"/guestos/common/hll/hll_*.c; do
    hll+=("${source#"$SRC/"}")
done

move=(tools/travel/recording{_file,_head}.c tools/travel/recorder.c tools/host/net.c)
for source in "$SRC"/tools/{snapshot,migrate}/*.c; do
    move+=("${source#"$SRC/"}")
done

control=(tools/base/localsocket.c)
for source in "$SRC"/tools/control/*.c; do
    control+=("${source#"$SRC/"}")
done

mkdir -p "$work/objects"
pending=()
for source in $(printf '%s\n' tests/fuzz/fuzz_{elf,dtb,board,para,hll,snapshot,migrate,control}.c "${elf[@]}" "${dtb[@]}" \
    "${board[@]}" "${para[@]}" "${hll[@]}" "${move[@]}" "${control[@]}" | sort -u); do
    compile "$source" &
    pending+=($!)
    ((${#pending[@]} < 2)) || { wait "${pending[0]}" || exit 1; pending=("${pending[@]:1}"); }
done
for job in "${pending[@]}"; do
    wait "$job" || exit 1
done
link fuzz_elf "${elf[@]}" || exit 1
link fuzz_dtb "${dtb[@]}" || exit 1
link fuzz_board "${board[@]}" || exit 1
link fuzz_para "${para[@]}" || exit 1
link fuzz_hll "${hll[@]}" || exit 1
"$clang" -c -x c -o "$work/probe.o" - <<<'int main(void) { return 0; }'
pz_libraries
link fuzz_snapshot "${move[@]}" || exit 1
link fuzz_migrate "${move[@]}" || exit 1
link fuzz_control "${move[@]}" "${control[@]}" || exit 1
[[ ${1:-} != build ]] || exit 0

seconds=${1:-30}
for target in elf hll dtb board para snapshot migrate control; do
    fuzz "fuzz_$target" $((seconds / 6)) || exit 1
done
