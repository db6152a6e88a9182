#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pz clone: one saved VM becomes many, each of which prints what the original would have; a thousand
# of them from one file, which share its pages; and what cannot be cloned.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

run 0 run --vms 1 --append 'ls; forktest' --save half.pzs --save-at 1M --save-exit
run 0 restore half.pzs
cp out rest
for engine in spec jit; do
    run 0 clone --count 3 --engine "$engine" --slice 1000 half.pzs
    for k in 0 1 2; do
        sed -n "s/^\[vm$k\] //p" out | cmp -s - rest || fail "$engine: clone $k prints something else"
    done
done
run 0 clone half.pzs
in_file err 'cloned from half.pzs: '
(($(grep -c '^\[vm' out) == 2 * $(wc -l <rest))) || fail 'not two clones'

# What each has to itself: far less than the memory that they share.
"$PZ" run --mem 64M --vms 1 --max-insns 80M --save big.pzs --save-at 79M --save-exit \
    "$PZ_GUESTS/t_big.elf" >/dev/null 2>&1 </dev/null
memory() {
    python3 - "$PZ" "$@" <<'END'
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(os.wait4(process.pid, 0)[2].ru_maxrss)
END
}
one=$(memory clone --count 1 --max-insns 1 big.pzs)
many=$(memory clone --count 17 --max-insns 1 big.pzs)
(((many - one) / 16 < 2048)) || fail "a clone takes $(((many - one) / 16)) KiB of 64 MiB"

# A thousand, each for a moment.
run 1 clone --count 1000 --max-insns 1000001 half.pzs
(($(grep -c ' 1,000,001 instructions ' err) == 1000)) || fail 'not a thousand clones'
run 1 clone --count 5 --json --max-insns 1000001 half.pzs
json out 'len(d["vms"]) == 5 and d["restored"]["pages"] > 100 and d["slice"] == 1000000'

# Many have longer turns, unless their length is given.
run 1 clone --count 17 --json --max-insns 1 big.pzs
json out 'd["slice"] == 2000000'
run 1 clone --count 100 --share --json --max-insns 1 big.pzs
json out 'd["slice"] == 8000000'
run 1 clone --count 17 --slice 1M --json --max-insns 1 big.pzs
json out 'd["slice"] == 1000000'

# Saved again, they are VMs as others are, and a page that they share is stored once.
run 0 clone --count 4 --save four.pzs --save-at 1200k --save-exit half.pzs
(($(stat -c %s four.pzs) < 4 * $(stat -c %s half.pzs))) || fail 'equal pages are stored again'
run 0 restore --json four.pzs
json out 'len(set(vm["retired"] for vm in d["vms"])) == 1'
run 2 clone four.pzs
in_file err 'has 4 VMs: only one that was saved alone can be cloned'

# Input for each; and what makes a machine itself.
printf 'echo one\nhalt\n' >one
printf 'echo two\nhalt\n' >two
run 0 run --vms 1 --rng-seed 7 --input one --save typed.pzs --save-at 50k --save-exit
run 0 clone --identity --input one --input two typed.pzs
if ! grep -q '^\[vm0\].*one' out || ! grep -q '^\[vm1\].*two' out; then
    fail 'not each its input'
fi
run 2 clone --identity half.pzs
in_file err 'neither --rng-seed nor --net'
net=$PZ_GUESTS/t_net.elf
run 0 run "$net" --vms 1 --net switch=a --save net.pzs --save-at 20 --save-exit
run 0 clone --identity --net switch=b net.pzs
if ! grep -qE '^\[vm0\] (..)*133456' out || ! grep -qE '^\[vm1\] (..)*123456' out; then
    fail 'not each the address of the other'
fi
run 2 clone --net user half.pzs
in_file err 'has no network card'

# With the monitor's sharing there are machine pages for one of them.
run 0 clone --count 3 --share --json half.pzs
json out 'd["sharing"]["most_saved_pages"] > 200 and len(set(vm["console"] for vm in d["vms"])) == 1'
run 0 clone --count 3 --share half.pzs
for k in 0 1 2; do
    sed -n "s/^\[vm$k\] //p" out | cmp -s - rest || fail "--share: clone $k prints something else"
done
run 1 clone --count 100 --share --max-insns 1 big.pzs
run 3 clone --count 100 --max-insns 1 big.pzs
in_file err 'or give --share'
run 2 clone --count 0 half.pzs
run 2 clone --count 2 --input one --input one --input one half.pzs
in_file err '--input: more of them than VMs'

# What clones write to a disk is their own.
truncate -s 1M disk.img
cp disk.img before.img
run 0 run --vms 1 --disk disk.img --append 'ls; forktest' --save disk.pzs --save-at 1M --save-exit
run 0 clone --count 3 disk.pzs
cmp -s disk.img before.img || fail 'a clone has written to the disk'
run 2 clone --count 3 --save x.pzs disk.pzs
in_file err 'clones with disks'

run 2 clone nowhere
in_file err "no run 'nowhere'"
run 2 clone
printf x >damaged.pzs
run 2 clone damaged.pzs
in_file err 'damaged at offset 0'

finish
