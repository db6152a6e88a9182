#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Systems of different designs run the same programs (guestos/common): each passes their tests,
# and is the same run bare and in a VM under every monitor, trap by trap.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3

systems=(mini-common micro)
monitors=(plain translate assist) # hybrid, which interprets kernels, has the shorter work above
workload='nullcall 100; pingpong 20; fileread 1; forkexec 2; faults 8; classify 200; crash; ls | grep test | wc'

# same <file> <file>: two runs printed the same in the same time
same() {
    python3 -c '
import json, sys
a, b = (json.load(open(name)) for name in sys.argv[1:])
a, b = (d["vms"][0] if "vms" in d else d for d in (a, b))
for key in ("console", "retired", "time"):
    assert a[key] == b[key], key
assert " passed, 0 failed\n" in a["console"]' "$1" "$2" || fail "$1 and $2 differ"
}

for system in "${systems[@]}"; do
    image=$PZ_GUESTS/$system.elf
    run 0 verify --monitor all --append "$workload" "$image"
    in_file out '0 different'
    run 0 bare --append "$workload" "$image"
    for words in 'nullcall: 100 times' 'pingpong: 20 times' 'forkexec: 2 times' 'classify: web 30' \
        '4 12 '; do
        in_file out "$words"
    done

    run 0 bare --json --append 'usertests; forktest; cowtest; memtest' "$image"
    mv out "$system.bare"
    for monitor in "${monitors[@]}"; do
        run 0 run --json --vms 1 --monitor "$monitor" --append 'usertests; forktest; cowtest; memtest' "$image"
        mv out "$system.$monitor"
        same "$system.bare" "$system.$monitor"
    done
done
finish
