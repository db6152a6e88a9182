#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The microkernel: hostile programs, with three capabilities and with all of them, are refused;
# each server may die, and what its README says is lost is lost, and nothing else; the same bare
# and in a VM.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
micro=$PZ_GUESTS/micro.elf

run 0 bare "$PZ_GUESTS/micro-attack.elf"
in_file out 'attack: the kernel stands'
not_in_file out 'not true'
run 0 run --vms 1 "$PZ_GUESTS/micro-attack.elf"
in_file out 'attack: the kernel stands'

# A process: and afterwards all goes on as before.
run 0 verify --append 'hostile; ls | wc' "$micro"
run 0 bare --append 'hostile; echo still here' "$micro"
in_file out 'hostile: all refused'
in_file out 'still here'

# How long a message takes is the same number in a VM. Its limit here is for what makes it slow.
run 0 bare --append ipc "$micro"
grep '^ipc: ' out >bare.ipc
read -r _ _ call _ _ reply _ <bare.ipc
((call < 300 && ${reply%;} < 300)) || fail "a message takes long: $(cat bare.ipc)"
run 0 run --vms 1 --append ipc "$micro"
sed 's/^vm0 *| //' out | grep -F "$(cat bare.ipc)" >/dev/null || fail 'a message takes another time in a VM'

# With little memory: what cannot be had is an error of the call.
run 0 bare --mem 4M --append usertests "$micro"
in_file out 'usertests: 81 passed, 0 failed'

# The parts, and the death of each one alone.
run 0 bare --append crash "$micro"
printf '%s\n' con fs null block mem proc >parts
grep -E '^[a-z]+$' out | cmp -s - parts || fail 'other parts than there should be'
for part in con fs null block; do
    run 0 bare --append "echo kept; crash $part; echo on" "$micro"
    in_file out "root: $part died"
    for what in memory time pipes files processes; do
        in_file out "crash: $what: works"
    done
    grep -qx on out || fail "no end after the death of $part"
done

# Who waits for a line when the console dies asks again: what the console had read is lost, and not
# what was still in the device.
seq -f 'line %03g' 1 60 >typed
run 0 verify --append 'sleep 1 | crash con & cat | wc; echo on' --input typed "$micro"
run 0 bare --append 'sleep 1 | crash con & cat | wc; echo on' --input typed "$micro"
in_file out 'root: con died'
grep -qx on out || fail 'no end after the death of the console'
lines=$(grep -E '^[0-9]+ [0-9]+ [0-9]+$' out | cut -d' ' -f1)
((lines > 10 && lines < 60)) || fail "$lines lines came through the death of the console"

# The disk is a file; its driver finds both kinds of device, and what was written is there after its
# death.
seq -f 'line %05g' 1 1000 >disk.new
truncate -s 12288 disk.new
for virtio in legacy modern; do
    cp disk.new disk.img
    run 0 bare --virtio "$virtio" --disk disk.img \
        --append 'wc disk; echo hello >disk; crash block; grep hello disk' "$micro"
    in_file out '1000 2001 12288 disk'
    grep -qx hello out || fail "what was written to the disk ($virtio) is not read"
    [[ $(head -n 1 disk.img) == hello ]] || fail "what was written is not on the disk ($virtio)"
    run 0 verify --virtio "$virtio" --disk disk.new --append 'wc disk; echo hello >disk' "$micro"
done
run 1 bare --append 'wc disk' "$micro"
in_file out 'wc: disk: no such file'

# A file that was written is gone with the file server; it can be written again.
run 0 bare --append 'echo old >f; cat f; crash fs; cat f; echo new >f; cat f' "$micro"
in_file out 'cat: f: no such file'
for line in old new; do
    grep -qx "$line" out || fail "no '$line': files after the death of the file server"
done

# All processes are gone with the process server, or with the pager; a shell comes up, and files stay.
printf 'cat f\nps\nexit\n' >typed
for part in proc mem; do
    run 0 bare --append "echo kept >f; sleep 100 & crash $part; echo not reached" --input typed "$micro"
    in_file out 'root: all processes are lost'
    grep -q 'kept$' out || fail "a file is lost with $part"
    not_in_file out 'not reached'
    ! grep -q ' sleep$' out || fail 'a process outlived the process server'
    run 0 verify --append "echo kept >f; crash $part" --input typed "$micro"
done
finish
