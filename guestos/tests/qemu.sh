#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# qemu.sh BUILD_DIR - boots mini, and the systems of other designs, on QEMU's virt machine, under our
# own firmware, and has their tests run there: what passes on a computer that we did not write is
# true of the guest itself.
# 0: passed. 1: failed, and the console follows. 77: there is no QEMU here.
set -u

limit=600 # seconds, for what hangs; it takes a few
guests=${1:?usage: qemu.sh BUILD_DIR}/guests
qemu=$(command -v qemu-system-riscv32) || exit 77
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

run()
{
    timeout "$limit" "$qemu" -M virt -m 32M -nographic -bios "$guests/shim.bin" "$@" 2>&1 |
        sed -u 's,\r,,'
}

# Time by instructions, so that tests with deadlines do not depend on how busy the host is; for what
# waits for no keys.
steady='-icount shift=3,sleep=off'

fail()
{
    echo "qemu.sh: $1"
    cat "$work/console"
    exit 1
}

# Wait until the console shows it, and type something again and again meanwhile, if it is given;
# not for ever, but the verdict comes from expect.
shown()
{
    tries=0
    until grep -q "$1" "$work/console" 2>/dev/null || [ "$tries" -ge 600 ]; do
        printf '%b' "${2:-}"
        sleep 0.3
        tries=$((tries + 1))
    done
}

expect()
{
    grep -q "$1" "$work/console" || fail "missing: $1"
}

# By hand: commands on the console. The shell reads them one by one, as they are typed ahead.
# shellcheck disable=SC2086 # several words
printf 'usertests\nprimes\nls | wc\nhalt\n' |
    run $steady -device "loader,file=$guests/mini-virt.elf" > "$work/console"
expect '^usertests: [1-9][0-9]* passed, 0 failed$'
expect '^primes: 7837 below 80000, checksum 982029fc$'
expect '^\$ [1-9][0-9]* [1-9][0-9]* [1-9][0-9]*$'

# Editing and control characters: backspace, ^U, ^C at the prompt and to a program, ^D at the
# end.
# (What is typed waits for what is shown, so the console is read while it is written.)
# shellcheck disable=SC2094
{
    printf 'echo rihgt\b\b\bght | wc\n'
    shown '1 1 6$'
    printf 'not this\025echo after-kill-line\n'
    shown '^\(\$ \)\?after-kill-line$'
    printf 'echo before; sleep 1000\n'
    shown 'before$'
    # The sleeper may not have started yet: then the next one ends it.
    shown '^\(\$ \)\?after-interrupt$' '\0003echo after-interrupt\n'
    printf '\004'
} | run -device "loader,file=$guests/mini-virt.elf" > "$work/console"
expect '1 1 6$' # the corrected word
expect '^\(\$ \)\?after-kill-line$'
expect '^\(\$ \)\?after-interrupt$'

# From the boot arguments: QEMU's exit status is the shell command's.
run -kernel "$guests/mini-virt.elf" -append 'cowtest; forktest; memtest' > "$work/console"
expect '^cowtest: ok$'
expect '^memtest: 256 KiB, 0 wrong words$'
timeout "$limit" "$qemu" -M virt -m 32M -nographic -bios "$guests/shim.bin" \
    -kernel "$guests/mini-virt.elf" -append 'grep nothing readme' > "$work/console" &&
    fail 'a failed command switched the computer off as if it had not'

# The systems of other designs: the same tests.
for system in mini-common micro; do
    # shellcheck disable=SC2086 # several words
    run $steady -kernel "$guests/$system-virt.elf" \
        -append 'usertests; primes; nullcall 10; crash; ls | grep crash | wc' > "$work/console"
    expect '^usertests: [1-9][0-9]* passed, 0 failed$'
    expect '^primes: 7837 below 80000, checksum 982029fc$'
    expect '^nullcall: 10 times'
    expect '^1 3 '
done
run -device "loader,file=$guests/micro-attack-virt.elf" > "$work/console"
expect '^attack: the kernel stands$'

# Whoever waits for a line asks again when the console has died under it.
# shellcheck disable=SC2094
{
    printf 'sleep 1; crash con &\n'
    shown 'processes: works$'
    printf 'echo after-crash\nexit\n'
} | run -device "loader,file=$guests/micro-virt.elf" > "$work/console"
expect 'root: con died'
expect '^after-crash$'
echo "qemu.sh: passed"
