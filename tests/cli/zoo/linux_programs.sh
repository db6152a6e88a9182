#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Programs for Linux on riscv32, static and unmodified, in mini: what their calls give is what Linux
# gives (tests/golden/linux_abi.out, by QEMU's user mode, which is asked again where it is there).
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
guests=${PZ_GUESTS:-$BUILD/guests}
guest=$guests/box.elf
[[ -r $guests/linux/abi ]] || skip "there are no programs for Linux"

# guest <exit code> <command>
guest() {
    run "$1" bare "$guest" --append "$2" "${@:3}"
    sed -i '1,/processes at most/d' out
}

guest 0 'box run linux.img abi'
diff "$SRC/tests/golden/linux_abi.out" out || fail "calls give something else than on Linux"
qemu=$(type -P qemu-riscv32-static || type -P qemu-riscv32 || true)
if [[ -n $qemu ]]; then
    # Numbers of descriptors are part of what it says: it gets the first three only.
    python3 -c 'import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)' \
        "$qemu" "$guests/linux/abi" >theirs
    cmp theirs "$SRC/tests/golden/linux_abi.out" || fail "QEMU's Linux gives something else"
fi

# What does not translate says so, once.
guest 0 'box run linux.img abi unknown'
[[ $(cat out) == "pid 4 (abi): Linux's call 999 (unknown) is not translated"$'\n'"call 999: -38"$'\n'"call 999: -38" ]] ||
    fail "an unknown call is not named once"
guest 1 'box run linux.img dynamic'
in_file out 'dynamic: a program for Linux, but a dynamically linked one: link it with -static'

# Shell, pipes, files, fork and exec, by programs for Linux only; the same file of bytecode too.
printf 'one\ntwo\nthree\n' >three
guest 0 "box run linux.img sh -c 'echo one >f; echo two >>f; echo three >>f; cat <f | grep t | wc; \
ls | grep cat; rm f; cat f; forktest; hll queens.wasm 6; primes | grep 80000'"
in_file out '2 2 10'
in_file out 'cat: f: no such file'
in_file out 'forktest: 6 forked, 6 reaped'
in_file out '6 queens: 4 ways'
in_file out 'primes: 7837 below 80000, checksum 982029fc'
not_in_file out 'not translated'

# A call that only Linux has makes no program of mini's a Linux one: its numbers mean what they did.
guest 0 'usertests getpid; box run linux.img sh -c "echo in"; usertests fork_wait'
in_file out 'usertests: 1 passed, 0 failed'

run 0 verify --engine jit --monitor all "$guest" --append \
    "box run linux.img abi; box run linux.img sh -c 'echo a | cat; ls | wc'"
not_in_file out DIFFERENT
guest 0 "box run linux.img sh -c 'forktest; primes; abi'" --cpus 4
in_file out 'forktest: 6 forked, 6 reaped'

# busybox as scripts/linux.sh builds it for Linux: its small applets, in a shell of its own, say what
# the host's tools say.
if [[ -r $guests/box-busybox.elf ]]; then
    guest=$guests/box-busybox.elf
    guest 0 'box run -p 16 -f 40 busybox.img busybox sh applets'
    (mkdir host && cd host && LC_ALL=C sh "$SRC/guestos/mini/linux/programs/applets") >theirs 2>&1
    diff theirs out || fail "busybox in mini says something else than the host's tools"
    # Those whose words are not the host's, and those that there is nothing for.
    guest 1 'box run -p 16 -f 40 busybox.img busybox sh applets_here'
    (($(grep -c ' works$' out) == 9 && $(grep -c ' fails$' out) == 10)) || fail "other applets work than README says"
    not_in_file out 'poweroff works not'
fi
finish
