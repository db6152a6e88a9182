#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# VMs with several CPUs in the monitor without an operating system, which has one: each micro-guest of that
# kind, and mini, as in a hosted VM to the instruction; two monitors deep; and on QEMU.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
type1=$PZ_GUESTS/type1.elf

# What a real CPU executes without a trap does not end a turn: PAUSE. These spin to the end of theirs, and
# print how long they did; or count how often an SC failed, and no reservation outlasts an exit. Of them, and
# where turns end by a clock, only the end counts.
spins=" t_smp_pause t_smp_spin t_smp_lock "

# wanted <guest> <cpus>: what a hosted VM prints and counts
wanted() {
    local code=0
    "$PZ" run --vms 1 --mem 8M --cpus "$2" --max-insns 20M --input /dev/null --json "$1" >hosted 2>/dev/null || code=$?
    ((code <= 1)) || fail "$name, $2 CPUs: hosted, exit code $code"
    python3 -c 'import json, sys; d = json.load(open("hosted"))["vms"][0]
counts = "%u|%u|" % (d["retired"], d["exits"]["total"])
open("wanted", "w").write(d["end_text"] + "\nok\n" if sys.argv[1] else counts + d["end_text"] + "\n" + d["console"])' "$spins_now"
}

# got <words before the VM's lines>: the same, of what type 1 has printed into out
got() {
    local counts='\2|\3|'
    [[ -z $spins_now ]] || counts=
    sed -nE "s/^$1type1: vm0 t_[^:]*: (.*), instructions ([0-9]+), exits ([0-9]+).*/$counts\\1/p" out
    sed -nE "s/^$1(ok${spins_now:+)(} [0-9a-f]+)\$/\\1/p" out
}

for guest in "$PZ_GUESTS"/t_smp_*.elf; do
    name=$(basename "$guest" .elf)
    spins_now=
    [[ $spins != *" $name "* ]] || spins_now=x
    for cpus in 2 4; do
        wanted "$guest" "$cpus"
        "$PZ" image --mem 8M --cpus "$cpus" -o vms.img "$guest" || fail "$name: not packed"
        "$PZ" image --mem 40M --machine virt --append stats --initrd vms.img -o nested.img "$type1" || fail "$name: not packed twice"
        while read -r archive words; do
            timeout "$PATIENCE" "$PZ" bare --machine virt --mem 104M --append "$words" --initrd "$archive" "$type1" >out 2>err </dev/null
            got '' >is
            diff wanted is >differs || fail "$name, $cpus CPUs, $archive, '$words': $(head -n 5 differs)"
        done <<'END'
vms.img stats
vms.img stats accel=off
nested.img stats
nested.img stats relay=off
nested.img stats collapse
END
    done
done

# A kernel with processes, whose CPUs share tables and fence each other's.
for cpus in 2 4; do
    run 0 run --vms 1 --cpus "$cpus" --append 'usertests; primes' "$PZ_GUESTS/mini.elf"
    grep -E '^(primes|usertests):' out >said
    [[ -s said ]] || fail "mini, $cpus CPUs: hosted"
    "$PZ" image --cpus "$cpus" --append 'usertests; primes' -o vms.img || fail "not packed"
    for words in stats 'stats accel=off'; do
        run 0 bare --machine virt --mem 96M --append "$words" --initrd vms.img "$type1"
        grep -E '^(primes|usertests):' out | cmp -s - said || fail "mini, $cpus CPUs, '$words'"
    done
done

# On a computer that we did not write, where turns end by a clock: what is printed is the same.
if command -v qemu-system-riscv32 >/dev/null; then
    for name in t_smp_boot t_smp_ipi t_smp_lock t_smp_fence t_smp_wfi; do
        spins_now=x
        wanted "$PZ_GUESTS/$name.elf" 2
        "$PZ" image --mem 8M --cpus 2 -o vms.img "$PZ_GUESTS/$name.elf" || fail "$name: not packed"
        timeout "$PATIENCE" qemu-system-riscv32 -M virt -m 96M -nographic -bios "$PZ_GUESTS/shim.bin" -kernel "$type1" \
            -append stats -initrd vms.img 2>err </dev/null | tr -d '\r' >out
        got '' >is
        diff wanted is >differs || fail "$name on QEMU: $(head -n 5 differs)"
    done
fi
finish
