#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz map and pz doctor.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest

LC_ALL=C run 0 map
in_file out 'Who has page 0?'
(($(grep -cE 'kernel +0xc0000000 +--> +0x00000000 +-->' out) == 2)) || fail "not two page 0"
(($(grep -cE 'program +0x00000000 +--> ' out) == 2)) || fail "no programs' page 0"
in_file out 'each VM has a page 0 of its own'
machine=$(awk '$1 == "kernel" { print $6 }' out | sort -u | wc -l)
((machine == 2)) || fail "the kernels' page 0 is one and the same machine page"
! grep -qP '[^\x00-\x7f]' out || fail "not ASCII in the C locale"
LC_ALL=C.UTF-8 run 0 map --vms 3 --append primes
in_file out '▶'
in_file out 'vm2'

# Under each technique a page 0 for each program and each kernel, none of them another's, and the same
# bytes there; under all but para, where hypercalls save instructions, at the same instruction.
run 0 map --json
mv out plain.json
for monitor in translate assist para; do
    run 0 map --monitor "$monitor" --json
    mv out map.json
    python3 - "$monitor" <<'END' || fail "$monitor: other page 0s"
import json, sys
plain, here = (json.load(open(f"{name}.json"))["vms"] for name in ("plain", "map"))
pages = lambda vms: [vm[page] for vm in vms for page in ("program_page0", "kernel_page0")]
assert len({page["mpa"] for page in pages(here)}) == 4, here
for a, b in zip(pages(plain), pages(here)):
    assert a["gva"] == b["gva"] and a["first_bytes"] == b["first_bytes"], (a, b)
if sys.argv[1] != "para":
    assert [vm["retired"] for vm in plain] == [vm["retired"] for vm in here]
END
done

run 0 doctor
for text in 'engine   ' 'library  capstone' 'library  unicorn' 'jansson' 'guest    mini.elf' \
    'program  qemu-system-riscv32'; do
    in_file out "$text"
done
(PATH=/nonexistent "$PZ" doctor) >out 2>err || fail "doctor without programs"
grep -qE '^program +clang +MISSING +guests cannot be built' out || fail "a missing program"
finish
