#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A translator from cold to hot: counts that are the same in every run, and hang together.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3
"$PZ" translate --count 1 >out 2>err || {
    run 3 translate --cost --append ls
    in_file err 'jit'
    finish
}

run 0 translate --cost --append primes --json
cp out first
run 0 translate --cost --append primes --json
cp out again
python3 - first again <<'END' || fail "the counts are wrong"
import json, sys
first, again = (json.load(open(name)) for name in sys.argv[1:])
rows = first["rows"]
assert first["schema"] == "pz-cost/1" and first["ok"]
counts = ("retired", "translated", "blocks", "flushes", "invalidated")
assert [[r[k] for k in counts] for r in rows] == [[r[k] for k in counts] for r in again["rows"]]
assert [r["retired"] for r in rows[:6]] == [1000, 2000, 5000, 10000, 20000, 50000]
for a, b in zip(rows, rows[1:]):
    assert all(a[k] <= b[k] for k in counts + ("host_ns", "interpreter_ns"))
last = rows[-1]
assert (last["retired"], last["translated"]) == (first["retired"], first["translated"])
assert last["retired"] / last["translated"] > 1000  # hot: primes is a loop
assert 0 < last["blocks"] <= last["translated"] < last["cache_bytes"]
even = first["break_even"]
below = [r["host_ns"] < r["interpreter_ns"] for r in rows]
assert even is None and not below[-1] or all(
    below[i] for i, r in enumerate(rows) if r["retired"] >= even)
END

# The guest's instructions are those of any other run.
"$PZ" bare --append primes --json >bare.json </dev/null
python3 -c '
import json
assert json.load(open("bare.json"))["retired"] == json.load(open("first"))["retired"]' || fail "another run"

run 0 translate --cost --max-insns 15k
in_file out '15,000'
grep -qE '^(no break-even|break-even with predecode)' out || fail "no break-even is told of"
run 0 translate --cost # a shell that reads the end of its input
run 2 translate --cost --append ls --at trap
finish
