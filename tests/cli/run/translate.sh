#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz translate: guest and host code side by side, complete, in order, on any width.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
if ! "$PZ" doctor | grep -qE '^engine +jit +found'; then
    run 3 translate
    in_file err '--engine jit'
    finish
fi
calls="$BUILD/guests/t_calls.elf"
"$PZ" doctor | grep -qE '^library +capstone +found' && have_capstone=1 || have_capstone=0

# A function from its first instruction to its last: as the assembler's source has it, every
# instruction once.
run 0 translate --at outer --count 14 "$calls"
grep -oE '^[0-9a-f]{8}  [a-z]+' <(sed '/^slow paths:/,$d' out) | awk '{ print $2 }' >names
printf '%s\n' addi sw sw addi auipc jalr >start
head -n 6 names | cmp -s - start || fail "not the instructions of outer"
in_file out '<outer>:'
in_file out 'slow paths:'
in_file out '14 instructions, '
((have_capstone)) && { grep -qE '^ +[0-9a-f]+  sub r15, ' out || fail "no host instructions"; }

# The document: the host's code has no holes but at the cut, and its parts add up.
run 0 translate --at heavy --count 40 "$calls" --json
python3 - out <<'END' || fail "the document is not in order"
import json, sys
d = json.load(open(sys.argv[1]))
assert d["schema"] == "pz-translate/1" and d["instructions"] > 10, "its head"
sizes = {"block": 0, "insn": 0, "slow": 0}
spans, pcs = [], []
for piece in d["pieces"]:
    for line in piece["host"]:
        spans.append((line["offset"], len(line["bytes"]) // 2))
        sizes[piece["part"]] += spans[-1][1]
        assert (line["text"] is None) == (d["disassembler"] is None), "its texts"
    if piece["part"] == "insn":
        pcs.append(piece["pc"])
        assert piece["guest"], "the guest's text"
assert sizes["block"] + sizes["insn"] == d["fast_bytes"], "fast"
assert sizes["slow"] == d["slow_bytes"], "slow"
assert len(pcs) == len(set(pcs)) == d["instructions"], "each instruction once"
assert all(b - a in (2, 4) for a, b in zip(sorted(pcs), sorted(pcs)[1:])), "holes in the guest"
spans.sort()
assert all(a + n <= b for (a, n), (b, _) in zip(spans, spans[1:])), "an overlap"
heavy = [p for p in d["pieces"] if p["part"] == "insn" and p["symbol"] == "heavy"]
assert heavy[0]["symbol_offset"] == 0 and len(heavy) == 13, "heavy"
END

# The same in every run, and of every place: a kernel's entry, a program.
run 0 translate --count 100
mv out first
run 0 translate --count 100
cmp -s first out || fail "two runs, two listings"
run 0 translate --at trap+4 --count 1
in_file out '<trap+0x4>:'
in_file out '1 instructions, 4 bytes'
address=$(sed -n '1s/ .*//p' out)
run 0 translate --at "0x$address" --count 1
in_file out '<trap+0x4>:'
run 0 translate --at main --count 4 "$BUILD/guests/user/primes.elf"
in_file out '<main>:'

# A privileged instruction of a guest's kernel leaves translated code for the monitor, or the
# engine's interpreter: a jump is the last thing. Under `translate` it is code of its own.
for monitor in plain assist para translate; do
    ((have_capstone)) || break
    run 0 translate --monitor "$monitor" --at trap_entry --count 1 --json
    python3 - out "$monitor" <<'END' || fail "$monitor: csrrw"
import json, sys
d = json.load(open(sys.argv[1]))
insn, = [p for p in d["pieces"] if p["part"] == "insn"]
leaves = insn["host"][-1]["bytes"].startswith("e9")
assert insn["guest"].startswith("csrrw sp, sscratch"), insn
assert leaves == (sys.argv[2] != "translate"), insn
END
done

# Narrow and wide screens.
PYTHONPATH=$SRC/tests/cli python3 - "$PZ" "$calls" <<'END' || fail "at a terminal"
import sys
from screen import shown
for columns in 20, 40, 79, 80, 120:
    text = shown(columns, [sys.argv[1], "translate", "--at", "outer", sys.argv[2]]).split("\n")
    assert max(map(len, text)) <= columns, f"{columns}: too wide"
    assert len(text) > 30, f"{columns}: too few lines"
    beside = [l for l in text if l[:1] == "0" and "addi" in l and len(l) > 38]
    assert bool(beside) == (columns >= 80), f"{columns}: {beside}"
END

# What cannot be.
run 2 translate --at nowhere
in_file err "'nowhere' is neither an address nor a function of mini.elf"
run 2 translate --at trap+x
in_file err 'symbol+0x10'
run 2 translate --at 0xffff0000
in_file err 'has nothing at 0xffff0000'
run 2 translate --at trap+1
in_file err 'odd address'
run 2 translate one two
run 2 translate --count 0
run 3 translate missing.elf
finish
