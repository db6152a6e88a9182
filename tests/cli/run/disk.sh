#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Disks in files: what is refused and how, snapshots, a host without room, a pz that is killed, and
# runs with disks that are recorded, replayed and gone back in.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"

guest=$PZ_GUESTS/t_virtio.elf
journal=$PZ_GUESTS/t_journal.elf
[[ -r $guest && -r $journal ]] || skip "the micro-guests are not built"
# The guest's network has nothing in it: it waits for ever, up to a limit. What it does before that
# needs disk and random numbers.
whole=(--rng-seed 5 --net switch=alone --max-insns 20k)
limited="stopped: it reached its limit of instructions"

# word <file> <sector>: the first word of a sector
word() {
    od -An -tu4 -j $(($2 * 512)) -N4 "$1" | tr -d ' '
}

# ---- Refused ----
truncate -s 64K disk.img
: >empty.img
run 2 run "$guest" --disk empty.img
in_file err "empty.img: is empty"
run 2 run "$guest" --disk .
in_file err ".: is a directory"
run 3 run "$guest" --disk none.img
in_file err "none.img: cannot be opened"
run 2 run "$guest" --disk disk.img,rw
in_file err "'rw' is not one of ro, snapshot, vm=K"
run 2 run "$guest" --disk disk.img,vm=1
in_file err "there is no VM 1"
run 2 run "$guest" "$guest" --disk disk.img
in_file err "one file serves as two disks"
run 2 run "$guest" "$guest" --disk disk.img,snapshot
in_file err "one file serves as two disks"
run 2 run "$guest" --disk disk.img --disk ./disk.img
in_file err "one file serves as two disks"
run 2 run "$guest" --disk empty.img --virtio 1.0
in_file err "--virtio"
(exec 9<disk.img && flock 9 && "$PZ" run "$guest" --disk disk.img --max-insns 10) >out 2>err </dev/null
in_file err "disk.img: is in use by another pz"

# ---- What guests do ----
for version in legacy modern; do
    truncate -s 0 disk.img && truncate -s 64K disk.img
    run 1 bare "$guest" --disk disk.img --rng-seed 5 --virtio $version --max-insns 20k
    [[ $(word disk.img 3) == 305419896 ]] || fail "$version: the sector was not written"
    run 0 verify "$guest" --engine all --shadow all --slice 1,1000 --disk disk.img --rng-seed 5 \
        --virtio $version --max-insns 20k
done
# A limit makes the disk slower, and the run the same everywhere, and in its recording.
slow=(--disk disk.img --rng-seed 5 --disk-ops 1000 --disk-rate 1M --max-insns 500k)
run 0 verify "$guest" --engine all --slice 1000 "${slow[@]}"
run 1 bare --json "$guest" --disk disk.img --rng-seed 5 --max-insns 500k
json out 'd["time"] < 100000'
run 1 bare --json "$guest" "${slow[@]}"
json out 'd["time"] > 300000'
run 1 run "$guest" "${slow[@]}" --net switch=alone --record slow.pzr
run 0 replay slow.pzr
run 2 run "$guest" --disk disk.img --disk-ops 5G
in_file err '--disk-ops'
run 2 run --vms 1 --disk-ops 1,2 "$guest"
in_file err '--disk-ops: 2 of them for 1 VM'
truncate -s 0 disk.img && truncate -s 64K disk.img
run 1 run "$guest" --disk disk.img,ro "${whole[@]}"
in_file out FAIL # it wants to write

# ---- Snapshots ----
run 1 run "$guest" --disk disk.img,snapshot "${whole[@]}" --record run.pzr
in_file err "$limited"
[[ $(word disk.img 3) == 0 ]] || fail "the disk itself was written"
run 0 disk info disk.img
in_file out "snapshot of 4 KiB kept"
run 0 disk info disk.img --json
json out 'd["snapshot"] and d["snapshot_bytes"] == 4096 and d["bytes"] == 65536'
run 0 replay run.pzr
run 0 replay run.pzr --engine spec
truncate -s 32K disk.img
run 2 run "$guest" --disk disk.img,snapshot "${whole[@]}"
in_file err "shorter than its snapshot"
truncate -s 64K disk.img
cp disk.img kept.img
run 0 disk commit disk.img
[[ $(word disk.img 3) == 305419896 && ! -e disk.img.snapshot ]] || fail "not committed"
run 2 disk commit disk.img
in_file err "disk.img has no snapshot"
run 2 replay run.pzr
in_file err "disk 0 of VM 0 is not what it was"
cp kept.img disk.img
run 0 replay run.pzr
run 1 run "$guest" --disk disk.img,snapshot "${whole[@]}"
run 0 disk discard disk.img
[[ $(word disk.img 3) == 0 && ! -e disk.img.snapshot ]] || fail "not thrown away"
run 2 disk commit
in_file err "pz disk info|commit|discard FILE"

# ---- Going back ----
cat >commands <<END
step 5000
back 4500
step 4500
back 1000
step 1000
END
run 0 debug -x commands --batch "$guest" --disk disk.img --rng-seed 5
[[ $(word disk.img 3) == 0 ]] || fail "pz debug wrote to the disk"

# ---- No room ----
for how in "" ,snapshot; do
    rm -f big.img* && truncate -s 64K big.img
    (ulimit -f 8 && "$PZ" run "$journal" --disk "big.img$how" --max-insns 10M) >out 2>err </dev/null
    in_file out "I/O error"
    in_file out "ok "
    not_in_file err "Assert"
done
run 0 disk commit big.img
last=$(grep -cE '^[0-9a-f]{8}$' out)
[[ $(word big.img 0) -ge 0 && $last -ge 0 ]] || fail "the snapshot is damaged"

# ---- Killed at any time: what was flushed is there, in its order ----
# consistent <file> <output>: sector 0 has n, at least the number that was last told as done; sector
# n % 32 + 1 has n too, or the number after it, whose turn had come.
consistent() {
    local n told data
    n=$(word "$1" 0)
    told=$(grep -E '^[0-9a-f]{8}$' "$2" | tail -n 1)
    data=$(word "$1" $((n % 32 + 1)))
    ((n >= 16#${told:-0} && data == n)) || fail "killed: sector 0 has $n, its data $data, told $told"
}

# told_at_least <numbers>: the guest has said so many
told_at_least() {
    (($(grep -cE '^[0-9a-f]{8}$' told) >= $1))
}

truncate -s 1000K odd.img
run 0 disk info odd.img
in_file out 'odd.img: 1000 KiB, no snapshot'

# Who may not read a disk is told so; who may read it, but not write, is told how.
user=()
((EUID)) || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if "${user[@]}" "$PZ" version >/dev/null 2>&1; then
    chmod 755 .
    chmod 000 odd.img
    ! "${user[@]}" "$PZ" disk info odd.img 2>err || fail "pz disk info reads what it may not"
    in_file err 'odd.img: cannot be opened: Permission denied'
    not_in_file err ',ro'
    chmod 444 odd.img
    ! "${user[@]}" "$PZ" run --disk odd.img --append ls >out 2>err || fail "a disk that cannot be written"
    in_file err 'cannot be opened for writing: Permission denied (to read only: add ,ro)'
fi

for how in "" ,snapshot; do
    rm -f killed.img* && truncate -s 64K killed.img
    for count in 1 3 8 20 33; do
        : >told
        "$PZ" run "$journal" --disk "killed.img$how" >told 2>err </dev/null &
        until_so told_at_least $count
        kill -9 $! && wait $! 2>/dev/null
        cp killed.img now.img
        if [[ -s killed.img.snapshot ]]; then
            cp killed.img.snapshot now.img.snapshot
            run 0 disk commit now.img
        fi
        consistent now.img told
    done
    (($(word now.img 0) >= 65)) || fail "what was written before pz was killed is lost"
done
finish
