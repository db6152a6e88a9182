#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Boxes, mini's containers: namespaces, images with a layer of changes, limits, accounting; what
# hostile programs get; the same under every monitor, and on several CPUs.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
guest=${PZ_GUESTS:-$BUILD/guests}/box.elf
[[ -r $guest ]] || skip "box.elf is not built"

# guest <exit code> <command>: what the guest prints after its banner is in out
guest() {
    run "$1" bare "$guest" "${@:3}" --append "$2"
    sed -i '1,/processes at most/d' out
}

# script <words of pz>...: commands from the standard input, typed to the guest's shell
script() {
    cat >typed
    run 0 bare "$guest" --input typed "$@"
}

# Processes: numbered from 1, and only the box's own.
guest 0 "box run tools.img sh -c 'ps; exit 0'; ps"
grep -qE '^   1      0 sleeping +[0-9]+ sh$' out || fail "the box's first process is not 1"
grep -qE '^   2      1 running +[0-9]+ ps$' out || fail "the second is not 2"
(($(grep -c ' init$' out) == 1)) || fail "init is not seen once, from outside"

# Files: the image, whatever one box makes of it; nothing goes in or out.
guest 0 "echo x >secret; box run tools.img sh -c 'echo new >added; echo more >>echo; rm cat; ls; cat'; \
box run tools.img sh -c 'ls | grep cat; ls | grep added; ls | grep secret; ls | grep echo'; ls"
in_file out 'sh: cat: no such file'
(($(grep -c ' added$' out) == 1)) || fail "a box's file is seen elsewhere, or not in it"
(($(grep -c ' secret$' out) == 1)) || fail "a file of outside is seen inside"
(($(grep -cE '^rw +2373 echo$' out) == 1)) || fail "the image's file was not changed in one box only"
(($(grep -cE '^rw +[0-9]+ cat$' out) == 1)) || fail "a removed file is gone elsewhere, or not where it was"

# Console: one that is not attached has its log alone. Its end is the end of what is in it.
guest 0 "box run -d -n quiet tools.img sh -c 'echo one; cat'; sleep 1; box ps; echo log; box log 1; box rm 1; box ps"
[[ $(grep -n '^one$' out | cut -d: -f1) -gt $(grep -n '^log$' out | cut -d: -f1) ]] ||
    fail "a box that is not attached prints"
grep -qE '^ +1 quiet +tools.img +0 +2 +0 ' out || fail "box ps does not show what is left"
[[ $(grep -c 'quiet' out) == 1 ]] || fail "a box that was removed is there"

# Ended from outside, all of its processes; and with its first one.
guest 0 "box run -d tools.img sh -c 'sleep 100; echo late'; box stop 1; sleep 1; ps; box rm 1"
not_in_file out late
! grep -q ' sleep$' out || fail "a process of a stopped box is left"
guest 0 "box run tools.img sh -c 'sleep 100 & halt'; ps; echo on"
in_file out on
guest 0 "box run tools.img sh -c 'sleep 100 & exit'; ps"
! grep -q ' sleep$' out || fail "a process is left in a box whose first one has ended"

# Hostile programs: what they try is held, what they take stays within the limits, outside nothing
# is felt, and all comes back (a box that keeps a page when it is removed is a panic).
echo 'box run -v hostile.img escape
box run -v -p 5 -n forks hostile.img hostile fork
box run -v -m 100 -n eats hostile.img hostile memory
box run -v -c 200 -n spins hostile.img hostile cpu 500
box run -v -f 10 -n opens hostile.img hostile files
usertests fork_wait
ps' >hostile
script <hostile
in_file out 'escape: held'
not_in_file out ESCAPED
in_file out 'fork: 4 children, then: too many processes'
in_file out 'forks: 5 processes'
in_file out 'then: out of memory'
grep -qE '^box: eats: 1 processes, at most 100 pages' out || fail "the box does not have all of its pages"
# A fifth of the time, and no more than a tick beyond it.
spun=$(sed -n 's/.*spins: .* \([0-9]*\) us of CPU/\1/p' out)
took=$(sed -n 's/.*cpu: .* in \([0-9]*\) ms.*/\1/p' out)
((took >= 500 && spun * 5 > took * 1000 - 200000 && spun * 5 < took * 1000 + 150000)) ||
    fail "a fifth of $took ms is not $spun us"
in_file out 'too many open files in the system'
(($(grep -cE '^ +[0-9]+ +[0-9]+ [a-z]+ +[0-9]+ [a-z]+$' out) == 3)) || fail "processes are left"

# Out of a box the same program gets through: the test can fail.
guest 1 "escape"
in_file out 'see processes: ESCAPED'

# Beside a box that takes all it can another gets its share.
guest 0 "box run -d -c 300 -n hog hostile.img hostile cpu 2000; box run -v -n work tools.img primes; box stop 1"
grep -qE 'work: 1 processes' out || fail "the box beside the hog did not end"

# Wrong images and options.
guest 1 "box run readme echo; box run nothing echo; box run -m 100000 tools.img echo; box run -f 80 tools.img echo; box run tools.img"
in_file out 'box: readme: not a program'
in_file out 'box: nothing: no such file'
in_file out 'box: tools.img: bad argument'
in_file out 'box: tools.img: out of memory'
in_file out 'usage: box run'

# Several CPUs; and every monitor, to the instruction.
head -n 5 hostile | script --cpus 4
in_file out 'escape: held'
in_file out 'fork: 4 children, then: too many processes'
run 0 verify --engine jit --monitor all "$guest" --append \
    "box run hostile.img escape; box run tools.img sh -c 'ls | wc; echo x >y; cat y'; box run -p 3 hostile.img hostile fork"
not_in_file out DIFFERENT
finish
