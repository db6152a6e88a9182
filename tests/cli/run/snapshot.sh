#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --save and pz restore: the rest of the run, and only of a file that is whole, with the kernel and
# disks that it was; a save that fails leaves what was there.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

run 0 run --vms 1 --append 'ls; forktest'
cp out whole
retired=$(grep -o '[0-9,]* instructions' err)

# At an instruction: and on, or away.
run 0 run --vms 1 --append 'ls; forktest' --save on.pzs --save-at 1M
cmp -s whole out || fail 'a run that was saved prints something else'
in_file err 'saved to on.pzs: VM 0 at instruction 1,000,000; '
run 0 run --vms 1 --append 'ls; forktest' --save half.pzs --save-at 1M --save-exit
cp out first
cmp -s on.pzs half.pzs || fail 'two files of one state differ'
[[ $(stat -c %a half.pzs) == 600 ]] || fail 'others may read it'
for engine in spec jit; do
    run 0 restore --engine "$engine" --shadow trace half.pzs
    cat first out | cmp -s - whole || fail "$engine: the two halves are not the whole"
    in_file err "$retired"
    in_file err 'shadow trace'
done

run 1 restore --max-insns 1000001 half.pzs
in_file err ' 1,000,001 instructions'
run 1 restore --max-insns 5 half.pzs
in_file err ' 1,000,000 instructions'

# From one to the next, under another technique; and what is not possible.
run 0 restore --monitor hybrid --save late.pzs --save-at 1500000 --save-exit half.pzs
cat out >>first
run 0 restore late.pzs
cat first out | cmp -s - whole || fail 'the three parts are not the whole'
in_file err 'hybrid monitor'
run 2 restore --save later.pzs --save-at 1M late.pzs
in_file err 'VM 0 has retired 1500000 instructions already'
run 1 restore --save later.pzs --save-at 1G late.pzs
in_file err 'nothing was saved: VM 0 stopped at instruction'
run 1 run --vms 1 --append ls --save later.pzs
in_file err 'nothing was saved: no VM is left'
[[ ! -e later.pzs ]] || fail 'a file was left behind'
run 2 run --save-at 5
in_file err 'give --save FILE too'

# A network goes along: frames that wait at a card, and the address by which a switch knows it.
net=$PZ_GUESTS/t_net.elf
run 0 run --slice 100 "$net" "$net" --net switch=a
sort out >net.whole
for at in 250 450; do
    run 0 run --slice 100 "$net" "$net" --net switch=a --save net.pzs --save-at $at --save-exit
    cp out net.first
    run 0 restore net.pzs
    sort net.first out | cmp -s - net.whole || fail "saved at $at: another network"
done
run 2 restore --net switch=a --net switch=a --net switch=a net.pzs
in_file err '--net: more of them than VMs'
run 2 restore --net switch=b half.pzs
in_file err 'has a network card if it had one'

# Equal pages are shared after it, too.
run 0 run --vms 2 --append 'ls; forktest' --save two.pzs --save-at 1M --save-exit
cp out two.first
run 0 run --vms 2 --append 'ls; forktest'
sort out >two.whole
run 0 restore --share --json two.pzs
json out 'd["sharing"]["most_saved_pages"] > 50'
run 0 restore --share two.pzs
sort two.first out | cmp -s - two.whole || fail '--share changes what is printed'
run 2 restore
in_file err 'name a file written by pz run --save'
run 2 restore "$PZ"
in_file err 'damaged at offset 0: not a snapshot of pz'

# Left by a signal: saved then, with the input that had not been read.
yes forktest | head -n 100000 >many
printf 'echo the end\nhalt\n' >few
"$PZ" run --vms 1 --input many --save left.pzs >out 2>err </dev/null &
pid=$!
until_by "$pid" test -s out
kill -TERM "$pid"
wait "$pid"
in_file err 'saved to left.pzs: VM 0 at instruction'
run 1 restore --max-insns 1 left.pzs
in_file err 'stopped: it reached its limit of instructions'
run 0 run --vms 1 --input many --save early.pzs --save-at 50k --save-exit
run 0 restore --input few early.pzs
in_file out 'the end'
not_in_file out 'forked'

# Only what has changed: small, and only with what it is based on, wherever that has been moved.
mkdir far
run 0 run --vms 1 --append 'ls; forktest' --save base.pzs --save-at 1M --save-exit
cp out first
run 0 restore --save far/next.pzs --save-at 1400k --save-exit --since base.pzs base.pzs
cat out >>first
run 0 restore --save far/last.pzs --save-at 1500k --save-exit --since far/next.pzs far/next.pzs
cat out >>first
(($(stat -c %s far/last.pzs) * 2 < $(stat -c %s base.pzs))) || fail 'what has not changed is stored'
for engine in spec jit; do
    run 0 restore --engine "$engine" far/last.pzs
    cat first out | cmp -s - whole || fail "$engine: not the whole, based on others"
done
mv base.pzs far/base.pzs
run 0 restore far/last.pzs
cat first out | cmp -s - whole || fail 'its base was moved with it, and not found'
run 0 restore --save full.pzs --save-at 1600000 --save-exit far/last.pzs
cp far/base.pzs kept.pzs
cp half.pzs far/base.pzs
run 0 restore far/last.pzs
cp late.pzs far/base.pzs
run 2 restore far/last.pzs
in_file err 'is not the snapshot that it is based on, but another'
rm far/base.pzs
run 3 restore far/last.pzs
in_file err 'its base: '
in_file err 'No such file or directory'
rm -r far
run 0 restore full.pzs
run 2 restore --since full.pzs full.pzs
in_file err 'give --save FILE too'
run 2 restore --save full.pzs --save-at 1700000 --since full.pzs full.pzs
in_file err 'full.pzs'
run 2 run --vms 2 --append ls --save x.pzs --save-at 100k --since full.pzs
in_file err 'is of another machine: 1 VMs of 16 MiB'

# One that is large is not read in full: damage is found before a guest sees it.
run 0 run --vms 1 --mem 64M --save large.pzs --save-at 80M --save-exit "$PZ_GUESTS/t_big.elf"
(($(stat -c %s large.pzs) > 8 << 20)) || fail 'it is not large'
printf '\377\0\377' | dd of=large.pzs bs=1 seek=12000000 conv=notrunc status=none
run 1 restore --max-insns 80000001 large.pzs
in_file err "limit of instructions"
run 2 debug --batch large.pzs
in_file err 'section page: a checksum does not hold'
run 2 restore --save x.pzs --save-at 80100000 large.pzs
in_file err 'section page: a checksum does not hold'
[[ ! -e x.pzs ]] || fail 'something was saved of what could not be read'
truncate -s 12000000 large.pzs
run 2 restore large.pzs
in_file err 'damaged at offset'
rm large.pzs

# The debugger begins there, where the run was too; and goes back to there, and no further.
printf 'hash\nstep 1000\ncontinue\ngoto 0\nhash\nback\n' >commands
"$PZ" debug half.pzs <commands >out 2>err
printf 'goto 1000000\nhash\n' | "$PZ" debug --append 'ls; forktest' 2>err | tail -n 1 >state
(($(grep -cxF "$(cat state)" out) == 2)) || fail 'pz debug is elsewhere at the beginning of a snapshot'
in_file out 'this is the beginning of the run'
in_file out 'forktest: 61 forked'

# A disk that was written to since.
truncate -s 1M disk.img
run 0 run --vms 1 --disk disk.img --append 'ls; forktest' --save disk.pzs --save-at 1M --save-exit
run 0 restore disk.pzs
printf x | dd of=disk.img conv=notrunc status=none
run 2 restore disk.pzs
in_file err 'disk 0 of VM 0 is not what it was when the machine was saved'

# Another kernel under the same name.
cp "$PZ_GUESTS/mini.elf" kernel.elf
run 0 run --append ls --save kernel.pzs --save-at 100k --save-exit kernel.elf
printf x >>kernel.elf
run 2 restore kernel.pzs
in_file err 'kernel.elf is not the kernel that VM 0 ran'

# No room: what was there stays, nothing else is left, and the machine is kept until it is given up.
cp half.pzs kept
(
    ulimit -f 8
    exec "$PZ" run --vms 1 --append 'ls; forktest' --save half.pzs --save-at 1M --save-exit
) >/dev/null 2>full </dev/null &
pid=$!
until_by "$pid" grep -q 'gives it up' full
! ls half.pzs.* 2>/dev/null || fail 'a temporary file was left behind'
kill -TERM "$pid"
wait "$pid" && fail 'a full disk went unnoticed'
in_file full '--save: half.pzs: could not be written in full: File too large'
cmp -s half.pzs kept || fail 'a save that failed destroyed what was there'

# begin_left WORDS...: a run that is left, whose file has no place: its directory is gone.
begin_left() {
    rm -f left.out left.err
    mkdir room
    "$PZ" run --vms 1 --input many --save room/left.pzs "$@" >left.out 2>left.err </dev/null &
    pid=$!
    until_by "$pid" test -s left.out
    rmdir room
    kill -TERM "$pid"
    until_by "$pid" grep -q 'gives it up' left.err
    in_file left.err '--save: room/left.pzs: cannot be written: No such file or directory'
}

# As soon as there is room, it is saved, and as it was when it was left.
begin_left
mkdir room
wait "$pid"
in_file left.err 'saved to room/left.pzs: VM 0 at instruction'
count=$(sed -n 's/.*VM 0 at instruction \([0-9,]*\);.*/\1/p' left.err)
run 1 restore --max-insns 1 room/left.pzs
in_file err "$count instructions"
rm -r room
# Or elsewhere, by whom the run listens to.
begin_left --control unix:left.sock
run 0 save -o elsewhere.pzs unix:left.sock
wait "$pid"
not_in_file left.err 'saved to'
run 1 restore --max-insns 1 elsewhere.pzs
# What its guest prints has no room either: that is no reason to lose it.
"$PZ" run --vms 1 --input many --save printed.pzs >/dev/full 2>err </dev/null
(($? == 3)) || fail 'output that was lost went unnoticed'
in_file err 'saved to printed.pzs'
run 3 run --append ls --save /dev/full --save-at 100k
in_file err '--save: /dev/full: only a file can be replaced by a snapshot'
[[ -c /dev/full ]] || fail '/dev/full is gone'
run 3 run --append ls --save "$PWD/no/such" --save-at 100k
in_file err 'cannot be written: No such file or directory'

# Cut anywhere, or changed anywhere: refused, with the offset and the section.
python3 - "$PZ" half.pzs <<'END' || fail 'a damaged snapshot was not refused'
import random, re, subprocess, sys
pz, path = sys.argv[1:]
whole = open(path, "rb").read()
random.seed(1)
def refused(data, what):
    open("bad.pzs", "wb").write(data)
    ran = subprocess.run([pz, "restore", "bad.pzs"], capture_output=True, text=True)
    said = re.search(r"made by another version of pz|damaged at offset \d+(, section (head|stor|turn|vmst|inpt|page|list|indx|done|tail))?: ",
                     ran.stderr)
    if ran.returncode != 2 or not said or ran.stdout or (data[:11] == whole[:11] and not said[2]):
        sys.exit(f"{what}: exit code {ran.returncode}: {ran.stdout}{ran.stderr}")
for at in sorted(random.sample(range(len(whole)), 60)) + list(range(0, 60, 4)):
    refused(whole[:at], f"cut at {at}")
    bit = 1 << random.randrange(8)
    refused(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1:], f"changed at {at}")
refused(whole + b"x", "a byte too many")
open("old.pzs", "wb").write(whole.replace(b"pz-saved 4", b"pz-saved 3", 1))
END

# What an older pz has saved is not damaged.
for verb in restore clone debug; do
    run 2 "$verb" old.pzs
    in_file err "a snapshot made by another version of pz: it begins with 'pz-saved 3', and this pz reads 'pz-saved 4'"
    not_in_file err 'damaged'
done

finish
