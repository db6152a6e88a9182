#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz run and pz bare: consoles, scripts, command lines, limits and exit codes.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
engines=$("$PZ" doctor | awk '$1 == "engine" && $3 == "found" { print $2 }')

# The default: two guests, told apart, both well.
run 0 run --append 'echo hello world'
for k in 0 1; do
    in_file out "[vm$k] mini: a small operating system"
    in_file out "[vm$k] hello world"
    grep -qE "^vm$k +mini.elf .* instructions .* shut down$" err || fail "no summary of vm$k"
done
! grep -qvE '^\[vm[01]\] ' out || fail "a line without a name in front"
not_in_file out $'\033'

# One guest has the output to itself, byte by byte as with no monitor.
run 0 bare --append 'ls; ps'
cp out bare.out
for engine in $engines; do
    run 0 run --vms 1 --engine "$engine" --append 'ls; ps'
    cmp -s out bare.out || fail "$engine: not the bare guest's console"
    for shadow in trace flush; do
        run 0 run --vms 3 --engine "$engine" --shadow "$shadow" --slice 1k --append 'ls; ps'
        sed -n 's/^\[vm2\] //p' out | cmp -s - bare.out || fail "$engine, $shadow: vm2 differs"
    done
done

# Each VM its own command line and script; one alone is for all.
run 0 run --append 'echo first' --append 'echo second'
in_file out '[vm0] first'
in_file out '[vm1] second'
not_in_file out '[vm0] second'
printf 'echo one\n' >one
printf 'echo two\n' >two
run 0 run --input one --input two
in_file out '[vm0] one'
in_file out '[vm1] two'
run 0 run --input one
in_file out '[vm1] one'
run 3 run --input missing
in_file err 'pz: run: missing: cannot be opened: No such file'
run 2 run --input .
in_file err 'is a directory'

# Standard input is VM 0's; a command line leaves it alone.
printf 'echo typed\n' | "$PZ" run --vms 1 >out 2>err || fail "a script on standard input"
in_file out 'typed'
printf 'echo typed\n' | "$PZ" run --vms 1 --input - >out 2>err || fail "--input -"
in_file out 'typed'
code=0
mkfifo silent
timeout "$PATIENCE" "$PZ" run --append 'echo quick' <>silent >out 2>err || code=$?
((code == 0)) || fail "--append waits for standard input"

# How guests end.
run 1 run --append 'no-such-program'
in_file err 'shut down, reporting a failure'
run 1 bare --append 'no-such-program'
in_file err 'shut down, reporting a failure'
run 1 run --max-insns 10_000 --append ls
grep -qE '^vm0 .* 10,000 instructions .* stopped: it reached its limit' err || fail "--max-insns"
run 1 bare --max-insns 10k --append ls
grep -qE '^bare .* 10,000 instructions' err || fail "bare --max-insns"

# One that fails leaves the others alone.
run 1 run --append 'no-such-program' --append 'ls; ps'
sed -n 's/^\[vm1\] //p' out | cmp -s - bare.out || fail "a failing neighbour is seen"

# Colours: asked for, or not at all.
run 0 run --append ls --color always
in_file out $'\033[3'
NO_COLOR=1 run 0 run --append ls --color auto
not_in_file out $'\033'

# The bill.
run 0 run --append ls --stats
for text in 'what the monitor did' 'why the CPU stopped' 'instructions emulated' 'sret' \
    'RAM touched' 'world switches'; do
    in_file err "$text"
done
not_in_file out 'what the monitor did'

# Many, and more shares than VMs' worth.
run 0 run --vms 40 --shares 1,10000 --append 'echo many'
(($(grep -c 'many$' out) == 40)) || fail "not all of 40 VMs have said it"
run 0 run --vms 40 --append 'echo many' --stats
in_file err 'slices of 5000000 instructions'
finish
