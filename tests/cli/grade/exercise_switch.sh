#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What exercise 08 tells the student to do with pz debug works: the replay of a failed check is the
# same run again, and in it what the world switch forgets can be seen.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc

cp "$SRC/examples/08-world-switch/switch.c" .
run 1 grade 08 switch.c
for check in t0-to-t6 its-own-reservation no-reservation-of-others; do
    run 0 replay "08-world-switch.$check.pzr"
done

# debug <file> <lines of commands>: what pz debug prints is in out
debug() {
    printf '%b' "$2" >commands
    run 0 debug -x commands --batch "$1"
}

# A register is set, and is as before; a word is reserved, and nothing is.
debug 08-world-switch.t0-to-t6.pzr 'break main\ncontinue\nstep 24\nstep\nprint t6\n'
in_file out "addi t6, t6, 7"
in_file out "0x0 = 0"
debug 08-world-switch.its-own-reservation.pzr 'break next\ncontinue\nstep\nregs\n'
not_in_file out "lr.w has reserved"

# With the monitor's own world switch it is there, and a trap of the guest's ends it.
guests=${PZ_GUESTS:-$BUILD/guests}/examples/08-world-switch
debug "$guests/own.elf" 'break next\ncontinue\nstep\nregs\n'
in_file out "lr.w has reserved 0x00200"
debug "$guests/trap_ends.elf" 'catch inject\ncontinue\nregs\nback\nregs\n'
(($(grep -c "lr.w has reserved" out) == 1)) || fail "a trap does not end the reservation"
finish
