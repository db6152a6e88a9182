#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The monitor that needs no operating system: its guests run as in a hosted VM, to the instruction
# where `time` counts instructions, on every engine, bare, in a VM, and on QEMU.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
type1=$PZ_GUESTS/type1.elf
machine=(--machine virt --mem 96M --initrd vms.img)

# told <name> <file>: the number behind "NAME " in type 1's line about vm0
told() {
    sed -nE "s/^type1: vm0 .*, $1 ([0-9]+).*/\\1/p" "$2"
}

# Pieces are as aligned in an archive as in memory (vmm/type1/archive.h): type 1 copies words, not bytes.
"$PZ" image --mem 8M -o vms.img "$PZ_GUESTS"/t_{guard,escape,atomics}.elf || fail "not packed"
python3 -c 'import struct
image = open("vms.img", "rb").read()
vms = [struct.unpack_from("<II", image, 16 + 72 * k + 64) for k in range(3)]
pieces = [struct.unpack_from("<QII", image, at + 16 * i) for at, count in vms for i in range(count)]
odd = [p for p in pieces if p[1] and (p[0] - p[1]) % 8]
assert len(pieces) > 6 and not odd, odd' || fail "a piece is not as aligned as its address"

# Every micro-guest prints the same and retires the same count as in a hosted VM.
for guest in "$PZ_GUESTS"/t_*.elf; do
    name=$(basename "$guest" .elf)
    case $name in
    t_smp_* | t_probe | t_debug_exits | t_points) continue ;; # several CPUs; variants; guests of other tests
    # A real CPU's reservation does not outlive a trap, and a monitor's exit is one: SC fails more often.
    t_lrsc | t_atomics | t_ad_bits | t_pt_write) continue ;;
    t_stuck*) continue ;;               # ends by a count of traps without an instruction
    t_uart* | t_callouts) continue ;;   # asks whether anything will ever be typed: a terminal does not say
    t_churn) continue ;;                # has more spaces than hosted monitors make shadow roots for
    t_virtio | t_journal* | t_net) continue ;; # want a disk or a network
    esac
    code=0
    "$PZ" run --vms 1 --mem 8M --max-insns 20M --input /dev/null --json "$guest" >hosted 2>/dev/null || code=$?
    ((code <= 1)) || fail "$name: hosted, exit code $code"
    python3 -c 'import json; d = json.load(open("hosted"))["vms"][0]
open("wanted", "w").write("%s|%u|%u\n" % (d["end_text"], d["retired"], d["exits"]["total"]) + d["console"])' ||
        fail "$name"
    grep -q '^shut down|' wanted || continue # it waits for something for ever, or to be typed
    "$PZ" image --mem 8M -o vms.img "$guest" || fail "$name: not packed"
    for words in stats 'stats accel=off'; do
        timeout "$PATIENCE" "$PZ" bare "${machine[@]}" --append "$words" "$type1" >out 2>err </dev/null
        end=$(sed -nE 's/^type1: vm0 [^:]*: ([^0-9]*), instructions.*/\1/p' out)
        { echo "$end|$(told instructions out)|$(told exits out)"; grep -v '^type1: ' out; } >got
        diff wanted got >differs || fail "$name is not the same with $words: $(head -n 5 differs)"
    done
    [[ $name != t_all4g ]] || grep -q 'trampoline moved [1-9]' out || fail "$name: the trampoline has not moved"
done

# What an instruction costs that the monitor only emulates, in its own instructions, all else included; and a
# system call, with the return from it and two such instructions.
while read -r guest most words; do
    "$PZ" image --mem 8M -o vms.img "$PZ_GUESTS/t_$guest.elf" || fail "not packed"
    run 0 bare "${machine[@]}" --append "$words" --json "$type1"
    took=$(python3 -c 'import json; print(json.load(open("out"))["retired"])')
    ((took <= most * 100000)) || fail "$took instructions for 100,000 $guest ($words)"
done <<'END'
trips 386 stats
trips 80 stats accel=off
syscalls 280 stats accel=off
END

# Two guests, each with its name in front; the same count on every engine, bare and in a VM.
"$PZ" image -o vms.img --append ls --append 'primes; echo done' || fail "not packed"
run 0 bare "${machine[@]}" "$type1"
in_file out '[vm0] r-  '
in_file out '[vm1] primes: 7837 below 80000, checksum 982029fc'
in_file out '[vm1] done'
in_file out 'type1: world switches '
grep -v '^bare ' out >bare
for engine in spec predecode jit unicorn; do
    "$PZ" doctor --json | python3 -c 'import json, sys
sys.exit(not any(f["name"] == sys.argv[1] and f["found"] for f in json.load(sys.stdin)["findings"]))' $engine ||
        continue
    run 0 run --engine $engine "${machine[@]}" "$type1"
    cmp -s out bare || fail "not the same on $engine in a VM"
    [[ $engine != unicorn ]] || continue # it has no supervisor mode
    run 0 bare --engine $engine "${machine[@]}" "$type1"
    grep -v '^bare ' out | cmp -s - bare || fail "not the same on $engine, bare"
done
for policy in lazy trace flush; do
    run 0 run --shadow $policy "${machine[@]}" "$type1"
    cmp -s out bare || fail "not the same with $policy in a VM"
done
run 0 run "${machine[@]}" --append 'accel=off' "$type1"
cmp -s out bare || fail "not the same without acceleration"

# Keys of its own: the map, the counters, another VM in focus, the end.
"$PZ" image -o vms.img --vms 2 || fail "not packed"
printf '\001m\001s\0011echo to one\n\001x' >typed
run 1 run "${machine[@]}" --input typed "$type1"
in_file out 'type1: pages of vm1: RAM '
in_file out 'type1: vm0 mini.elf: running'
in_file out '[vm1] to one'
own=$(sed -nE 's/^type1: bytes of its own ([0-9]+), .*/\1/p' out)
((own > 0 && own <= 64 << 10)) || fail "its own memory: ${own:-unknown} bytes"
in_file out 'type1: vm1 mini.elf: killed'

# What it loads is small: 64 KiB at the most.
python3 - "$type1" <<'END' || fail "the image has grown"
import struct, sys
elf = open(sys.argv[1], "rb").read()
at, size, count = struct.unpack_from("<I", elf, 28)[0], *struct.unpack_from("<HH", elf, 42)
rows = [struct.unpack_from("<8I", elf, at + i * size) for i in range(count)]
sys.exit(sum(row[4] for row in rows if row[0] == 1) > 64 << 10)
END

# Its own failures are told, and the machine goes off with one.
run 1 bare --machine virt --mem 64M "$type1"
in_file out 'type1: there are no VMs'
head -c 4096 /dev/urandom >vms.img
run 1 bare "${machine[@]}" "$type1"
in_file out 'type1: it is not made by pz image'
"$PZ" image -o whole.img --append ls
head -c 20000 whole.img >vms.img
run 1 bare "${machine[@]}" "$type1"
in_file out 'type1: it is cut short'
# Two guests have more memory than there is, and use it: whose turn finds none left is killed.
"$PZ" image -o vms.img --vms 2 --mem 16M --append 'memtest 10000'
run 1 bare --machine virt --mem 24M --initrd vms.img "$type1"
in_file out 'killed: the machine has no memory left for it'

# A damaged archive is refused or runs; the monitor itself never traps.
python3 - "$PZ" "$type1" "${PZ_FUZZ_ROUNDS:-15}" <<'END' || fail "a damaged archive"
import random, subprocess, sys
pz, type1, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
whole = open("whole.img", "rb").read()
random.seed(7)
for _ in range(rounds):
    data = bytearray(whole)
    for _ in range(random.choice((1, 2, 8))):
        data[random.randrange(200)] = random.choice((0, 0xff, 0x80, random.randrange(256)))
    open("vms.img", "wb").write(data)
    ran = subprocess.run([pz, "bare", "--machine", "virt", "--mem", "64M", "--initrd", "vms.img",
                          "--max-insns", "60M", type1], capture_output=True, timeout=600)
    if ran.returncode not in (0, 1) or b"a trap of its own" in ran.stdout:
        sys.exit(f"exit code {ran.returncode}: {ran.stdout[-300:]}")
END

# On a computer that we did not write; with 2G its RAM goes up to the end of the address space.
if command -v qemu-system-riscv32 >qemu; then
    for size in 96M 2G; do
        timeout "$PATIENCE" "$(cat qemu)" -M virt -m $size -nographic -bios "$PZ_GUESTS/shim.bin" -kernel "$type1" \
            -initrd whole.img >out 2>err </dev/null || fail "QEMU, $size"
        in_file out 'usertests'
    done
fi

run 2 image
in_file err 'say where the archive goes: -o FILE'
run 2 image -o x.img --vms 9
in_file err 'an archive holds at most 8'
run 3 image -o /no/such/folder/x.img
finish
