#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The exokernel and its library systems: the common tests, the same bare and under every monitor;
# systems that attack it and each other; the task at which the special one beats mini; the disk.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
guests=${PZ_GUESTS:-$BUILD/guests}
exo=$guests/exo.elf
[[ -r $exo ]] || skip "the exokernel is not built"

# The common tests: all of them, and the same under the techniques that run them directly; hybrid,
# which interprets kernels, has less to do below.
run 0 bare --mem 8M --append usertests "$exo"
grep -qE '^usertests: [1-9][0-9]* passed, 0 failed' out || fail "usertests did not pass"
for monitor in plain translate assist; do
    run 0 verify --engine jit --monitor "$monitor" --mem 8M --append usertests "$exo"
    in_file out 'same      jit'
done
run 0 bare --append 'primes; cowtest-mini; cowtest; memtest; ls | grep usertests | wc' "$exo"
in_file out 'primes: 7837 below 80000, checksum 982029fc'
(( $(grep -c '^cowtest: ok' out) == 2 )) || fail "cowtest, and mini's own"
in_file out 'memtest: 256 KiB, 0 wrong words'
grep -qE '^1 3 [0-9]+$' out || fail "a pipeline of three"
run 1 bare --append 'grep nothing readme' "$exo"
printf 'echo typed\nforktest\n' >script
"$PZ" run "$exo" <script >out 2>err || fail "the shell at the console"
in_file out 'forktest: 61 forked, 61 reaped'

# Three systems beside each other, one of them hostile: none of its attacks succeeds, and the other
# two do as if they were alone.
words='@hostile @answer:500 cowtest; forktest'
run 0 bare --mem 8M --append "$words" "$exo"
attacks=$(grep -c '^hostile: .*: withstood$' out)
in_file out "hostile: $attacks attacks, 0 succeeded"
in_file out ', 0 wrong'
in_file out 'cowtest: ok'
in_file out 'forktest: 61 forked, 61 reaped'
run 0 verify --engine jit --monitor all --mem 8M --append "$words" "$exo"
in_file out '5 the same, 0 different'

# Disk blocks and packets; the blocks of the others' stay as they are.
yes kept | head -c 256K >disk
run 0 bare --mem 8M --disk disk --append '@devices @hostile -' "$exo"
in_file out 'devices: 16 of 64 blocks, 0 wrong'
in_file out 'devices: 12 packets, 4 for port 0, 2 high ones for port 1'
in_file out ' attacks, 0 succeeded'
cmp -s <(tail -c 192K disk) <(yes kept | head -c 256K | tail -c 192K) || fail "blocks of nobody have changed"

# The special system, at its task, takes less than a fifth of mini's instructions.
ns() { sed -n "s/^$1: .* \([0-9]*\) ns each.*/\1/p" out; }
run 0 bare --append '@answer:10000 -' "$exo"
special=$(ns answer)
run 0 bare --append 'pingpong 10000' "$guests/mini-common.elf"
((special * 5 < $(ns pingpong))) || fail "the special system takes $special ns a round, mini $(ns pingpong)"

# A system that is not there, and a machine that is too small.
run 1 bare --append '@nosuch' "$exo"
in_file out 'boot: cannot start nosuch: error 2'

# The same image where QEMU's virt machine has memory.
qemu=$(command -v qemu-system-riscv32) || finish
# Time by instructions: slices end where they would on a host that is not busy.
timeout "$PATIENCE" "$qemu" -icount shift=3,sleep=off -M virt -m 32M -nographic -bios "$guests/shim.bin" \
    -kernel "$guests/exo-virt.elf" -append '@hostile @answer @devices usertests' \
    -drive file=disk,format=raw,if=none,id=disk -device virtio-blk-device,drive=disk \
    </dev/null 2>&1 | tr -d '\r' >out
grep -qE '^usertests: [1-9][0-9]* passed, 0 failed' out || fail "usertests on QEMU"
in_file out "hostile: $attacks attacks, 0 succeeded"
in_file out 'devices: 12 packets, 4 for port 0, 2 high ones for port 1'
in_file out ', 0 wrong'
finish
