#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --share and --machine-memory: guests print the same and retire as many instructions, on each
# engine; memory is saved, and nobody dies where there is a quarter of what is needed; snapshots and
# recordings of such runs.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

# prints <file>: what each VM's guest printed, and how much it ran
prints() {
    python3 -c '
import json, sys
for vm in json.load(open(sys.argv[1]))["vms"]:
    print(vm["vm"], vm["end"], vm["retired"], vm["time"], vm["console"])' "$1"
}

many=(run --vms 8 --append 'ps; usertests' --json)
run 0 "${many[@]}"
cp out alone
prints alone >expected
json alone '"sharing" not in d and "paging" not in d'

run 0 "${many[@]}" --share
prints out | cmp -s - expected || fail 'shared: something else was printed'
json out 'd["sharing"]["most_saved_pages"] >= 0.65 * d["sharing"]["most_mapped_pages"] > 500'
json out 'd["sharing"]["saved_pages"] == 0 and d["sharing"]["broken"] > 0'

# A quarter of what they touch, tables not counted.
quarter=$(python3 -c '
import json
print(sum(vm["memory"]["guest_pages"] for vm in json.load(open("alone"))["vms"]) // 4 * 4, "K", sep="")')
for share in '' --share; do
    # shellcheck disable=SC2086 # none, or one
    run 0 "${many[@]}" $share --machine-memory "$quarter"
    prints out | cmp -s - expected || fail "paging $share: something else was printed"
    json out 'd["paging"]["written"] > 1000 and d["paging"]["read"] > 1000'
done

few=(run --vms 3 --append 'ps; forktest' --json --share --machine-memory 1M)
run 0 run --vms 3 --append 'ps; forktest' --json
prints out >expected
for how in 'spec --shadow trace' 'jit --monitor assist' 'jit --monitor translate' \
    'spec --monitor hybrid' 'jit --shadow flush'; do
    # shellcheck disable=SC2086 # words
    run 0 "${few[@]}" --engine $how
    prints out | cmp -s - expected || fail "$how: something else was printed"
done
run 0 verify --share --vms 3 --monitor all --append 'ps; forktest'

# A file with what is shared and what is paged out, and on from it. A recording knows of --share.
run 0 run --vms 2 --append 'ps; forktest'
cp out whole
run 0 run --vms 2 --append 'ps; forktest' --share --machine-memory 1M --save s.pzs \
    --save-at 1M --save-exit
cp out first
run 0 restore s.pzs
cat first out | sort | cmp -s - <(sort whole) || fail 'the two halves are not the whole'
run 0 run --vms 2 --append 'ps; forktest' --share --record r.pzr
run 0 replay r.pzr
run 2 run --machine-memory 8M --record r.pzr
in_file err 'cannot be combined with --record'
for verb in restore clone; do
    run 2 "$verb" s.pzs --machine-memory 8M
    in_file err "no option '--machine-memory'"
done
run 2 run --vms 2 --share --threads 2
in_file err '--threads cannot be combined with --share'

# Whose page goes: idle pages count as four. VM 0, with twice the shares, goes through its memory once
# in four seconds; without this tax VM 1, which does so a hundred times a second, would lose its pages
# all the time (120,376 writes instead of 2,927). With eight times the shares VM 0 can afford it.
taxed() { # <shares>: how many pages are written
    run 0 run --vms 2 --mem 4M --machine-memory 3M --slice 200000 --shares "$1" --json \
        --append 'load seconds=8 cpu=0 memory=1536 writes=100' \
        --append 'load seconds=8 cpu=0 memory=1536 writes=40000'
    json out 'all(" 0 words lost" in vm["console"] for vm in d["vms"])'
    python3 -c 'import json; print(json.load(open("out"))["paging"]["written"])' >written
}
taxed 200,100
low=$(<written)
taxed 800,100
high=$(<written)
((low * 4 < high)) || fail "idle memory is not taxed: $low pages written, and $high"

# What VM 0 learns of VM 1 from the time of one store to a page that came with its image: with --share,
# and a CPU whose `cycle` counts exits, whether VM 1 has that page too. By `time` it never does.
guests=${PZ_GUESTS:-$BUILD/guests}
took() { # <cycles> <another guest> <options>...: and 4 ticks of `time`, in any case
    run 0 run "${@:3}" "$guests/t_neighbour.elf" "$guests/t_$2.elf"
    [[ $(sed -n 's/^\[vm0\] //p' out | head -n 2 | xargs) == "$1 00000004" ]] ||
        fail "${*:2}: the store took $(sed -n 's/^\[vm0\] //p' out | xargs), not $1"
}
for how in '' '--engine spec'; do
    # shellcheck disable=SC2086  # options
    {
        took 000003ea neighbour $how --share --variant counters
        took 00000002 warl $how --share --variant counters
        took 00000002 neighbour $how --variant counters
        took 00000002 neighbour $how --share
    }
done

# What is said of it.
run 0 run --vms 4 --share --machine-memory 2M --append ps --stats
in_file err 'Sharing: '
in_file err 'Paging: 2 MiB of machine memory; '
run 0 map --vms 4 --share
in_file out '= shared'
in_file out "of the VMs' RAM was"
run 0 map --vms 4 --share --json
json out 'd["sharing"]["saved_pages"] > 50'

run 2 run --machine-memory 100K
in_file err '--machine-memory'
run 3 run --vms 40 --machine-memory 1M --append ps
in_file err 'or raise --machine-memory'
TMPDIR=/nonexistent run 3 run --machine-memory 8M --append ps
in_file err 'name another folder in TMPDIR'

finish
