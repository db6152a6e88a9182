#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How the machine is divided: what a guest computes depends neither on the scheduler, on what is charged,
# nor on threads; a snapshot goes on with the same scheduler, in the same state.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

guests=(--vms 3 --append primes --append forktest --append ls --slice 20k)
# What each VM is, without what the order of turns changes.
alone() {
    python3 -c '
import json, sys
for vm in json.load(open("out"))["vms"]:
    for name in ("action", "cause"):
        vm["exits"].pop("by_" + name, None)
    print([vm[f] for f in ("vm", "end", "retired", "time", "console", "memory", "cpu_changes")], vm["exits"]["total"])'
}
run 0 run "${guests[@]}" --json
alone >expected
[[ $(wc -l <expected) == 3 ]] || fail 'there are not three VMs'
for words in '--sched lottery --sched-seed 5' '--sched bvt' '--sched credit' '--charge exits' '--charge exits --exit-price 9000' '--charge host' \
    '--cap 20,100 --reserve 5,30,10' '--threads 2' '--threads 3 --sched credit' '--threads 64'; do
    # shellcheck disable=SC2086 # several words
    run 0 run "${guests[@]}" $words --json
    alone >got
    cmp -s expected got || fail "$words: a guest is not what it was"
done

# A cap in host time alone on a machine: it waits, and ends.
run 0 run --vms 1 --append ls --charge host --cap 50

# Threads print each VM's lines together, as one thread prints them VM by VM.
run 0 run "${guests[@]}"
for k in 0 1 2; do
    grep -F "[vm$k]" out
done >together
run 0 run "${guests[@]}" --threads 2
cmp -s together out || fail 'several threads print something else'
in_file err 'vm2  mini.elf'

# Each VM's meters are its own, whichever thread it has.
echo '{"currency": "EUR", "prices": {"instructions": 1, "exits": 1, "page_virtual_seconds": 1, "console_bytes_out": 1}}' >prices
for threads in 1 3; do
    run 0 run --vms 3 --append ls --append primes --append forktest --price prices --json --threads "$threads"
    python3 -c 'import json; print(*json.load(open("out"))["bills"], sep="\n")' >"bills$threads"
done
cmp -s bills1 bills3 || fail "several threads have other bills: $(diff bills1 bills3)"
(($(sort -u bills1 | wc -l) == 3)) || fail 'all VMs have the same bill'

# The host's clock is another one after a restart: who had the turn when it was saved owes nothing.
run 0 run --vms 1 --charge host --cap 50 --append primes --save half.pzs --save-at 2M --save-exit
cp out first
run 0 restore half.pzs
cat first out >both
run 0 run --vms 1 --append primes
cmp -s out both || fail 'a snapshot with --charge host goes on differently'

# The order of what all print comes back from a snapshot: with the state of the lots that are drawn.
lots=(--vms 3 --append primes --shares '1,2,3' --slice 500k --sched lottery --sched-seed 9 --charge exits --cap 50)
run 0 run "${lots[@]}"
cp out whole
run 0 run "${lots[@]}" --save half.pzs --save-at 2M --save-exit
cp out first
run 0 restore half.pzs
cat first out >both
cmp -s whole both || fail 'a snapshot draws other lots'
run 0 run "${lots[@]}" --sched-seed 10
! cmp -s whole out || fail 'the seed makes no difference'

refused() {
    run 2 run --vms 2 --append ls "${@:2}"
    in_file err "$1"
}
refused '--reserve: VM 1 is to get 30 % at the least' --reserve 0,30 --cap 20
refused '--reserve: 120 % in all' --reserve 60
refused '--cap: 0 is out of range' --cap 0
refused '--cap: 3 of them for 2 VMs' --cap 1,2,3
refused "--sched: there is no 'fair'" --sched fair
refused '--sched lottery' --sched-seed 4
refused '--charge exits' --exit-price 9
refused '--record' --sched bvt --record x
refused 'about one CPU' --threads 2 --save x
refused 'a request is served between two turns' --threads 2 --name a
refused 'arrival times' --threads 2 --net switch=a
finish
