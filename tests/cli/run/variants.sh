#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Broken instruction sets and the hybrid monitor on the command line; and that docs/variants.md is
# what was measured. (That verdicts and guests agree is shown by agree/test_variants.)
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
probe=$PZ_GUESTS/t_probe.elf

run 0 run --variant list
in_file out 'jrst '
in_file out 'io-probe '
run 2 run --variant popff
in_file err "there is no variant 'popff': did you mean 'popf'?"
run 2 bare --variant ''
in_file err "there is no variant ''"
run 2 verify --variant jrst,,lra
run 2 run --monitor hybird
in_file err "choose one of plain, hybrid, assist, para, translate"
run 2 bare --monitor hybrid

# The failure: the kernel's sret goes astray. The repair.
run 1 run --vms 1 --variant jrst --append 'echo hi'
in_file out 'mini: panic'
run 1 verify --variant jrst --append 'echo hi'
in_file out 'the first instruction whose result differs, after '
in_file out '  sret (supervisor mode)'
run 0 verify --variant jrst --monitor hybrid --append 'echo hi'
in_file out 'hybrid, broken by jrst, '
run 0 verify --engine spec --variant popf --monitor translate --append 'echo hi'
in_file out 'translate, broken by popf, '
run 1 verify --variant lra --monitor hybrid "$probe"
in_file out '  lra a0, (a1) (user mode)'
run 1 verify --variant lra --monitor hybrid --json "$probe"
json out 'd["runs"][0]["variants"] == "lra" and d["runs"][0]["monitor"] == "hybrid"'
json out 'd["runs"][0]["first"]["text"] == "lra a0, (a1)"'
json out 'd["runs"][0]["first"]["fields"][0]["name"] == "a0"'
run 0 bare --variant move-sr,counters --json "$probe"
json out 'd["variants"] == "move-sr,counters"'

# Bare, the fastest engine is as the specification.
all=jrst,move-sr,popf,smsw,cps,counters,lra,io-probe
run 0 bare --variant "$all" "$probe"
mv out fast
run 0 bare --variant "$all" --engine spec "$probe"
cmp -s out fast || fail "bare, engines differ"
in_file out 'U lra 00200004'

# A recording has them; the debugger goes back over them.
run 0 run --vms 2 --variant smsw,counters --monitor hybrid --record r.pzr --append 'echo hi'
in_file err 'instruction set broken by smsw,counters'
run 0 replay r.pzr
run 0 replay --engine spec r.pzr
run 0 run --vms 2 --engine spec --monitor translate --record t.pzr --append 'echo hi'
in_file err ' translated'
run 0 replay t.pzr
run 0 replay --engine spec t.pzr
if "$PZ" doctor | grep -qE '^engine +unicorn +found'; then
    run 0 run --vms 1 --engine unicorn --monitor translate --append 'echo hi'
    in_file err 'pz: the engine unicorn lacks what --monitor translate needs: using the plain monitor'
fi
printf 'goto 1200\nhash\nback 400\ngoto 1200\nhash\ngoto 1\ngoto 1200\nhash\n' >script
for monitor in plain hybrid translate; do
    run 0 debug --variant counters,move-sr --monitor $monitor --batch -x script "$probe"
    (($(grep -cE '[0-9a-f]{16}' out) == 3)) || fail "not three hashes"
    (($(grep -oE '[0-9a-f]{16}' out | sort -u | wc -l) == 1)) || fail "back is somewhere else"
done
finish
