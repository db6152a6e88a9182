#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --record and pz replay: the same bytes again, on every engine; a file that is not whole, or a
# kernel that is another, is refused, with what is wrong.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

printf 'ls\necho hello\nforktest\nhalt\n' >a.txt
printf 'cat\nabc\n\004primes\nhalt\n' >b.txt

run 0 run --vms 2 --input a.txt --input b.txt --record two.pzr
cp out first
for engine in spec jit; do
    run 0 replay --engine "$engine" two.pzr
    cmp -s first out || fail "$engine prints something else"
    in_file err 'the same run again: '
done
run 0 replay --json two.pzr
in_file out '"same": true'

# Nothing typed, a limit, other VMs' shares.
run 1 run --vms 3 --shares 10,200 --slice 1000 --max-insns 300k --append primes --record cut.pzr
run 0 replay cut.pzr

# Saved at the end of a turn, within one, and twice: the recording goes on, and is of the whole.
run 0 run --vms 2 --slice 100k --input a.txt --input b.txt
cp out short
for at in 200000 234567; do
    run 0 run --vms 2 --slice 100k --input a.txt --input b.txt --record first.pzr --save half.pzs \
        --save-at $at --save-exit
    run 0 replay first.pzr
    run 0 restore half.pzs --record second.pzr --save late.pzs --save-at 500k --save-exit --engine spec
    run 0 replay second.pzr
    run 0 restore late.pzs --record third.pzr
    run 0 replay --engine jit third.pzr
    cmp -s short out || fail "saved at $at: what is replayed is not the whole"
done
run 2 restore half.pzs --record third.pzr --slice 7
in_file err 'without another --slice'
run 2 clone half.pzs --record third.pzr
run 0 run --vms 1 --append ls --save plain.pzs --save-at 100k --save-exit
run 2 restore plain.pzs --record third.pzr
in_file err 'give --record to pz run, too'
run 2 clone plain.pzs --record third.pzr
in_file err 'clones were not'

# Cut anywhere, or changed anywhere: refused, never replayed as something else.
python3 - "$PZ" two.pzr <<'END' || fail "a damaged recording was not refused"
import re, subprocess, sys
pz, path = sys.argv[1:]
whole = open(path, "rb").read()
def refused(data, what):
    open("bad.pzr", "wb").write(data)
    ran = subprocess.run([pz, "replay", "bad.pzr"], capture_output=True, text=True)
    if ran.returncode != 2 or not re.search(r"bad\.pzr: damaged at offset \d+: ", ran.stderr):
        sys.exit(f"{what}: exit code {ran.returncode}: {ran.stderr}")
for at in range(0, len(whole), 13):
    refused(whole[:at], f"cut at {at}")
    refused(whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1:], f"changed at {at}")
refused(whole + b"x", "a byte too many")
END

# Another kernel under the same name.
cp "$PZ_GUESTS/mini.elf" kernel.elf
run 0 run --append ls --record kernel.pzr kernel.elf
printf x >>kernel.elf
run 2 replay kernel.pzr
in_file err 'kernel.elf is not the kernel that VM 0 ran'

run 2 replay
in_file err 'name a file'
run 3 run --append ls --record "$PWD/no/such"
in_file err '--record:'
run 3 run --append ls --record /dev/full
in_file err '--record: /dev/full: could not be written in full'

finish
