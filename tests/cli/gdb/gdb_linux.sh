#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gdb on Linux, as scripts/linux.sh builds it: the kernel's own commands for gdb find in memory what the
# guest has printed and runs, and stacks go down through the handler of traps. Skipped where it has
# not been built.
# shellcheck disable=SC2016 # a $ in single quotes is gdb's
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need gdb-multiarch
linux=${PZ_LINUX:-$SRC/build/linux}
[[ -r $linux/Image && -r $linux/initrd.gz && -r $linux/vmlinux-gdb.py ]] ||
    skip 'Linux is not built (scripts/linux.sh)'

setsid "$PZ" run --machine virt --mem 64M --initrd "$linux/initrd.gz" --gdb unix:s \
    --append 'console=hvc0 rdinit=/init pz=sleep_1;_uname_-r' "$linux/Image" >console 2>said </dev/null &
server=$!
until_so test -S s
cat >script <<'END'
echo == sleeping\n
break hrtimer_nanosleep
continue
backtrace
backtrace -3
echo == exit\n
delete
break do_exit
continue
backtrace
backtrace -3
up
echo == own\n
monitor bt
echo == off\n
delete
break machine_power_off
continue
backtrace
lx-version
lx-symbols
lx-ps
echo == messages\n
lx-dmesg
echo == back\n
delete
break do_exit
reverse-continue
print $lx_task_by_pid(1).comm
kill
END
timeout "$PATIENCE" gdb-multiarch -batch -nx -iex 'set confirm off' -iex 'set width 0' -iex 'set height 0' \
    -iex "add-auto-load-safe-path $linux" -ex 'target remote s' -x script "$linux/vmlinux" >out 2>&1 </dev/null ||
    fail "gdb: exit code $?"
timeout "$PATIENCE" tail --pid="$server" -f /dev/null || kill -9 "$server"

# part <name>: what gdb said under that heading
part() {
    sed -n "/^== $1\$/,/^== /p" out
}

# has <name> <pattern>
has() {
    part "$1" | grep -E -- "$2" >grepped || fail "$1: no $2"
}

! grep -qE '^Python Exception|Error|Cannot access memory|in sourced command file' out || fail 'gdb complains'
has sleeping '^#0 +hrtimer_nanosleep'
has exit '^#0 +do_exit'
# Down to where the trap came in: entry.S has no information on frames, which ends gdb's stack, but not
# the debugger's own.
for part in sleeping exit off; do
    has "$part" '^#[0-9]+ .* handle_exception \('
done
part own | grep '^--- trapped in user mode: ecall' >grepped || fail "the debugger's stack ends at the trap"
has off '^#0 +machine_power_off'
has off '^#[0-9]+ .*sys_reboot'
has off '^Linux version 6\.'
has off '^0x[0-9a-f]+ +0 +swapper/0'
has off '^0x[0-9a-f]+ +1 +init|^0x[0-9a-f]+ +1 +sh'
has back '^\$1 = "init"'

# What the console has shown of the kernel's messages is what is in its memory; times are rounded there.
messages() {
    sed -nE 's/^\[ +[0-9]+\.[0-9]{6}\] //p' | sort -u
}
tr -d '\r' <console | messages >shown
part messages | messages >kept
[[ $(wc -l <shown) -gt 20 ]] || fail 'the console shows few messages'
[[ -z $(comm -23 shown kept) ]] || fail "not in the kernel's memory: $(comm -23 shown kept | head -n 3)"
finish
