#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Hostile guests, one and two monitors deep: those of agree/test_isolation, and one that tries every way
# out that type 1 might leave. Their neighbours, in the same monitor and in the one below, keep their
# memory and their lines on the console; and whoever dies, dies alone.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
type1=$PZ_GUESTS/type1.elf

# pack <archive> <micro-guest>...
pack() {
    local archive=$1 name kernels=()
    for name in "${@:2}"; do kernels+=("$PZ_GUESTS/t_$name.elf"); done
    "$PZ" image --mem 8M -o "$archive" "${kernels[@]}" || fail "$archive: not packed"
}

# surround <archive> <inner archive> <words>: a monitor with these VMs, and one with a guard alone
surround() {
    "$PZ" image --mem 96M --machine virt --initrd "$2" --initrd guard.img --append "$3" -o "$1" \
        "$type1" "$type1" || fail "$1: not packed"
}

# guard_is_well <lines before its own>: as a regular expression
guard_is_well() {
    diff <(sed -nE "s/^$1(guard: .*|ok .*|FAIL.*)/\\1/p" out) guard >differs ||
        fail "$what: a guard was harmed: $(head -n 5 differs)"
}

# same_as_alone <lines before the VMs' own> <micro-guest>...: each has ended as on the bare machine
same_as_alone() {
    local before=$1 number=0 name got
    for name in "${@:2}"; do
        got=$(sed -nE "s/^$before\\[vm$number\\] (\\[vm0\\] )?(ok [0-9a-f]{8})\$/\\2/p" out)
        [[ $name == pt_write || $got == "${alone[$name]}" ]] || fail "$what: $name: '$got'"
        number=$((number + 1))
    done
}

lists=("guard escape selfmap para_calls root_reuse pt_write alias pte_narrow"
    "guard table_zero churn superpage garbage zero_ram code_left worlds"
    "guard stuck holes all4g top relays cross_page superpage")
declare -A alone=()
read -ra names <<<"${lists[*]}"
for name in "${names[@]}"; do
    [[ -z ${alone[$name]:-} ]] || continue
    "$PZ" bare --mem 8M "$PZ_GUESTS/t_$name.elf" >out 2>/dev/null </dev/null
    alone[$name]=$(grep -aoE 'ok [0-9a-f]{8}$' out)
    [[ $name != guard ]] || cp out guard
done
[[ $(grep -c 'guard: whole' guard) == 6 && ${alone[escape]} == ok* ]] || fail "the guests alone"
pack guard.img guard

for k in 0 1 2; do
    read -ra names <<<"${lists[k]}"
    pack in.img "${names[@]}"
    for words in '' accel=off relay=off collapse 'collapse relay=off'; do
        what="depth 1, list $k, '$words'"
        timeout "$PATIENCE" "$PZ" run --machine virt --mem 192M --append "$words" --initrd in.img "$type1" >out 2>err </dev/null
        guard_is_well '\[vm0\] '
        same_as_alone '' "${names[@]}"

        # Two deep, most of them also by privileged instructions: that takes long.
        [[ $words != accel=off || $k != 0 ]] || continue
        what="depth 2, list $k, '$words'"
        surround out.img in.img "$words"
        timeout "$PATIENCE" "$PZ" run --machine virt --mem 400M --append "$words" --initrd out.img "$type1" >out 2>err </dev/null
        guard_is_well '\[vm0\] \[vm0\] '
        guard_is_well '\[vm1\] '
        same_as_alone '\[vm0\] ' "${names[@]}"
        if [[ $words == accel=off ]]; then
            (($(grep -cE '^(\[vm0\] )?type1: .*trampoline moved [1-9]' out) == 2)) || fail "$what: a trampoline has not moved"
        fi
    done
done

# The trampoline moves under fire in both monitors, on every engine.
for engine in $("$PZ" doctor --json | python3 -c 'import json, sys
print(*{f["name"]: 0 for f in json.load(sys.stdin)["findings"]
        if f["found"] and f["name"] in ("spec", "predecode", "unicorn", "jit")})'); do
    for guest in top all4g; do
        what="$guest on $engine"
        "$PZ" image --mem 8M -o in.img "$PZ_GUESTS/t_$guest.elf"
        "$PZ" image --mem 40M --machine virt --append 'stats accel=off' --initrd in.img -o out.img "$type1"
        for depth in 1 2; do
            archive=$([[ $depth == 1 ]] && echo in.img || echo out.img)
            run 0 run --engine "$engine" --machine virt --mem 104M --append 'stats accel=off' --initrd "$archive" "$type1"
            in_file out "${alone[$guest]}"
            least='[1-9]'
            [[ $guest != top ]] || least='[0-9]{3}'
            (($(grep -cE "trampoline moved $least" out) == depth)) || fail "$what, depth $depth: a trampoline has not moved"
        done
    done
done

# Whoever takes more memory than there is dies alone: a guest of the inner monitor...
pack in.img guard zero_ram zero_ram
"$PZ" image --mem 28M --machine virt --initrd in.img --initrd guard.img -o out.img "$type1" "$type1"
what="no memory at level 2"
run 1 run --machine virt --mem 256M --initrd out.img "$type1"
guard_is_well '\[vm0\] \[vm0\] '
guard_is_well '\[vm1\] '
grep -q '^\[vm0\] type1: vm[12] t_zero_ram.elf: killed: the machine has no memory left for it' out || fail "$what"
# ...or an inner monitor, with all its guests.
pack in.img zero_ram zero_ram zero_ram
"$PZ" image --mem 128M --machine virt --initrd guard.img --initrd in.img -o out.img "$type1" "$type1"
what="no memory at level 1"
run 1 run --machine virt --mem 48M --initrd out.img "$type1"
guard_is_well '\[vm0\] '
grep -q '^type1: vm1 type1.elf: killed: the machine has no memory left for it' out || fail "$what"

# Keys that kill: those of the inner monitor reach it through the outer one.
pack in.img guard guard
"$PZ" image --mem 64M --machine virt --initrd in.img --initrd guard.img -o out.img "$type1" "$type1"
what="killed at level 2"
printf '\001\001x' >typed
run 1 run --machine virt --mem 256M --input typed --initrd out.img "$type1"
guard_is_well '\[vm1\] '
[[ $(grep -c '^\[vm0\] type1: vm[01] t_guard.elf: killed' out) == 2 ]] || fail "$what"
grep -q '^type1: vm0 type1.elf: shut down, reporting a failure' out || fail "$what: its monitor has not gone on"

# On a computer that we did not write.
if command -v qemu-system-riscv32 >/dev/null; then
    read -ra names <<<"${lists[0]}"
    pack in.img "${names[@]}"
    surround out.img in.img ''
    for depth in 1 2; do
        what="QEMU, depth $depth"
        archive=in.img before=
        [[ $depth == 1 ]] || { archive=out.img before='\[vm0\] '; }
        timeout "$PATIENCE" qemu-system-riscv32 -M virt -m 400M -nographic -bios "$PZ_GUESTS/shim.bin" \
            -kernel "$type1" -initrd "$archive" 2>err </dev/null | tr -d '\r' >out
        guard_is_well "$before\\[vm0\\] "
        [[ $depth == 1 ]] || guard_is_well '\[vm1\] '
        same_as_alone "$before" "${names[@]}"
    done
fi
finish
