#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Measures CoreMark in a VM, on the bare board and natively:
#
#   scripts/coremark.sh [--json] [--rounds N] [--iterations N] DIR
#
# DIR has CoreMark's sources, core_main.c and the like; they are not part of this project. They are
# compiled with -O3 for the host by gcc and clang, as far as these are there, and by clang for PZ32, where
# they run as a user program on the kernel of guestos/bench. Each runs as often as --rounds says (5), in
# turn. An iteration's time is the difference of CPU time between a long run and one of a tenth of the
# iterations (--iterations: of the long one, 40000); the fastest round counts. The CRCs of all must be
# those of CoreMark, and the same at the end. PZ names the pz to use, build/release/bin/pz by default;
# PZ_FLAGS has more options for it. Exits with 1 if a CRC is wrong or a run fails.
set -euo pipefail

say() { printf 'coremark: %s\n' "$*" >&2; }

usage() {
    say "$*"
    say "usage: scripts/coremark.sh [--json] [--rounds N] [--iterations N] DIR"
    exit 2
}

json=0 rounds=5 iterations=40000
while [[ $# -gt 0 && $1 == --* ]]; do
    case $1 in
    --json) json=1 ;;
    --rounds | --iterations)
        [[ $# -ge 2 ]] || usage "$1: how many?"
        declare "${1#--}=$2"
        shift
        ;;
    *) usage "$1: unknown" ;;
    esac
    shift
done
[[ $# -eq 1 && -d $1 ]] || usage "DIR: the folder with CoreMark's sources"
[[ $rounds =~ ^[1-9][0-9]{0,3}$ ]] || usage "--rounds $rounds: not a number from 1 to 9999"
[[ $iterations =~ ^[1-9][0-9]{1,7}$ ]] || usage "--iterations $iterations: not a number from 10 to 99999999"
dir=$(cd "$1" && pwd)
sources=()
for name in core_list_join core_main core_matrix core_state core_util; do
    sources+=("$dir/$name.c")
done
for name in "${sources[@]}" "$dir/coremark.h"; do
    [[ -r $name ]] || usage "$name: not there"
done

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
port=$root/scripts/coremark
pz=${PZ:-$root/build/release/bin/pz}
first() { for name; do command -v "$name" && return; done; return 1; }
clang=$(first clang-14 clang) || { say "no clang, which compiles the guest"; exit 3; }
ld=$(first ld.lld-14 ld.lld) || { say "no ld.lld, which links the guest"; exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ---- Building ----

common=(-O3 -std=gnu17 -w "-DCOMPILER_FLAGS=\"-O3\"" -I"$port" -I"$dir")

build_host() {
    "$1" "${common[@]}" -o "$work/host-$1" "$port/host.c" "$port/core_portme.c" "${sources[@]}"
}

guest_flags=(--target=riscv32 -march=rv32imac -mabi=ilp32 -mno-relax -ffreestanding -nostdlib
    -ffunction-sections -fdata-sections -I"$root/guestos/bench/runtime" -I"$root/guestos/mini/kernel")

# guest_object <bench_kernel or bench_user> <name> <source> <flag>...: bench.ld tells them apart by folder
guest_object() {
    "$clang" "${guest_flags[@]}" "${@:4}" -c "$3" -o "$work/obj/$1/$2.o"
}

guest_link() {
    "$ld" -m elf32lriscv -nostdlib -static --gc-sections --build-id=none -z norelro --defsym=PHYS_BASE=0 \
        --defsym=TIMEBASE_HZ=100000000 -T "$root/guestos/bench/runtime/bench.ld" -o "$1" \
        "${@:2}" "$work"/obj/bench_kernel/*.o "$work"/obj/bench_user/*.o
}

build_guest() {
    local runtime=$root/guestos/bench/runtime name
    mkdir -p "$work/obj/bench_kernel" "$work/obj/bench_user" "$work/obj/boot"
    for name in main.c memory.c para.c process.c pipe.c trap.c run_user.c trap.S paraentry.S; do
        guest_object bench_kernel "$name" "$runtime/$name" -O2
    done
    guest_object bench_kernel sbi.c "$root/guestos/mini/kernel/sbi.c" -O2
    guest_object bench_kernel print.c "$runtime/print.c" -O2 '-DBENCH_NAME="coremark"'
    guest_object bench_user user.c "$runtime/user.c" -O2
    for name in "${sources[@]}" "$port/core_portme.c" "$port/guest.c"; do
        guest_object bench_user "${name##*/}" "$name" "${common[@]}"
    done
    for name in "$iterations" $((iterations / 10)); do
        "$clang" "${guest_flags[@]}" -DBENCH_COUNT="$name" -c "$runtime/boot.S" -o "$work/obj/boot/$name.o"
        guest_link "$work/$name.elf" "$work/obj/boot/$name.o"
    done
}

# ---- Running ----

# one <system> <iterations>: runs it; CPU time in milliseconds
one() {
    local system=$1 count=$2 time flags
    read -ra flags <<<"${PZ_FLAGS:-}"
    TIMEFORMAT='%3U %3S'
    case $system in
    vm) set -- "$pz" run "${flags[@]}" "$work/$count.elf" ;;
    bare) set -- "$pz" bare "${flags[@]}" "$work/$count.elf" ;;
    *) set -- "$work/host-$system" "$count" ;;
    esac
    if ! { time "$@" </dev/null >"$work/$system.$count.out" 2>"$work/err"; } 2>"$work/time"; then
        say "$system: the run failed"
        cat "$work/err" >&2
        exit 1
    fi
    time=$(<"$work/time")
    awk -v t="$time" 'BEGIN { split(t, a, " "); printf "%d\n", (a[1] + a[2]) * 1000 + 0.5 }'
}

# The known CRCs of a performance run, as CoreMark's core_main.c has them, which says so too.
check() {
    local system=$1 count=$2 out=$work/$1.$2.out line
    for line in 'seedcrc.*0xe9f5' 'crclist.*0xe714' 'crcmatrix.*0x1fd7' 'crcstate.*0x8e3a'; do
        grep -q "$line" "$out" || { say "$system: no $line"; return 1; }
    done
    if grep 'ERROR!.*crc' "$out" >&2; then
        return 1
    fi
    final_of "$system" "$count" >"$work/$system.final"
}

final_of() { sed -n 's/.*crcfinal *: \(0x[0-9a-f]*\).*/\1/p' "$work/$1.$2.out"; }

systems=()
for cc in gcc clang; do
    if command -v "$cc" >/dev/null; then
        build_host "$cc"
        systems+=("$cc")
    fi
done
build_guest
systems+=(bare vm)
declare -A best
for ((round = 0; round < rounds; round++)); do
    for system in "${systems[@]}"; do
        short=$(one "$system" $((iterations / 10)))
        long=$(one "$system" "$iterations")
        took=$((long - short))
        [[ $took -gt 0 ]] || { say "$system: too few iterations to measure"; exit 1; }
        [[ ${best[$system]:-999999999} -le $took ]] || best[$system]=$took
    done
done
for system in "${systems[@]}"; do
    check "$system" "$iterations" || { say "$system: a wrong CRC"; exit 1; }
    [[ $(final_of "$system" "$iterations") == "$(final_of vm "$iterations")" ]] ||
        { say "$system: another final CRC than in the VM"; exit 1; }
done

# ---- Telling ----

measured=$((iterations - iterations / 10))
for system in "${systems[@]}"; do
    printf '%s %s\n' "$system" "${best[$system]}"
done | awk -v n="$measured" -v json="$json" -v crc="$(final_of vm "$iterations")" '
    function list(from, format, text, i) {
        for (i = 1; i <= from; i++)
            text = text (i == 1 ? "" : ", ") sprintf("\"%s\": " format, name[i], value[i])
        return "{" text "}"
    }
    { name[NR] = $1; rate[NR] = value[NR] = n * 1000 / $2 }
    END {
        if (json) {
            rates = list(NR, "%.1f")
            for (i = 1; i < NR; i++)
                value[i] = rate[NR] / rate[i]
            print "{\"schema\": \"pz-coremark/1\", \"crcfinal\": \"" crc "\", \"per_second\": " rates \
                ", \"vm_to\": " list(NR - 1, "%.3f") "}"
            exit
        }
        for (i = 1; i < NR; i++)
            printf("%-6s %9.0f iterations per second; the VM has %.2f of that\n", name[i], rate[i], rate[NR] / rate[i])
        printf("%-6s %9.0f\n", name[NR], rate[NR])
    }'
