#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# --fault: one instruction is overwritten, at an exact count, the same on every engine, bare and in a VM; in the
# kernel, in user mode, or in a certain program. What of a system goes on is as its design says.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3

# field <json> <expression>: of the document d
field() {
    python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

# A kernel that meets a fault on its way in traps there for ever. Anywhere else mini sees that the fault
# is its own. Which instruction has a certain count depends on how it was compiled: one is looked for.
work='nullcall 100000; echo went on'
for ((at = 3000000; at < 3001000; at += 17)); do
    run 1 bare --fault $at --max-insns 4000000 --append "$work" mini-common.elf
    ! grep -q 'mini: panic: illegal instruction in the kernel' out || break
done
for engine in spec predecode jit; do
    run 1 bare --engine "$engine" --json --fault $at --max-insns 4000000 --append "$work" mini-common.elf
    field out '[d["fault"], d["console"], d["retired"], d["end"]]' >"bare.$engine"
    cmp -s bare.spec "bare.$engine" || fail "another fault on $engine"
    run 1 run --vms 1 --engine "$engine" --json --fault $at --max-insns 4000000 --append "$work" mini-common.elf
    field out '[d["fault"], d["vms"][0]["console"], d["vms"][0]["retired"], d["vms"][0]["end"]]' >"vm.$engine"
    cmp -s bare.spec "vm.$engine" || fail "another fault in a VM on $engine"
done
in_file bare.spec 'mini: panic: illegal instruction in the kernel'
[[ $(field out 'd["fault"]["mode"]') == supervisor ]] || fail "not in the kernel"
for system in micro exo; do
    run 1 bare --engine predecode --json --fault 3000000 --max-insns 4000000 --append "$work" "$system.elf"
    [[ $(field out 'd["end"], "went on" in d["console"]') == "('limit', False)" ]] || fail "$system goes on"
done

# With two VMs, the kernel that dies is one's own.
run 1 run --vms 2 --json --fault $at --append "$work" --append "$work" mini-common.elf
[[ $(field out '[v["end"] for v in d["vms"]], "went on" in d["vms"][1]["console"]') == "(['failed', 'off'], True)" ]] ||
    fail "the other VM"

# A program; and a server, which its supervisor starts again.
run 0 bare --fault 3000000,user --append "$work" mini-common.elf
in_file out '(nullcall): illegal instruction'
in_file out 'went on'
in_file err 'that of a program at 0x'
run 0 bare --fault 3000000,micro/user/fs.elf --append 'fileread 50; echo went on' micro.elf
in_file out 'root: fs died: cause 2'
in_file out 'went on'

# A fault in a library that all its processes share ends that system; a system beside it goes on.
run 1 bare --fault 3000000,exo-user/posix.elf --append "@answer:30000 $work" exo.elf
grep -q '^exo: environment .* of group 2: trap 2' out || fail "the library has no fault"
not_in_file out 'went on'
in_file out 'answer: 30000 times'
in_file out ' 0 wrong'

# What cannot be.
run 1 bare --fault 3000000 --append 'echo short' mini-common.elf
in_file err 'no instruction of the kernel came after 3,000,000'
run 2 bare --fault x mini-common.elf
run 3 bare --fault 5,/nowhere mini-common.elf
run 2 run --fault 5 --record r.pzr mini-common.elf
in_file err '--fault cannot be combined with'
finish
