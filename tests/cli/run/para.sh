#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --monitor para: the mini guest makes hypercalls when the device tree offers them. It prints what
# it prints bare, on one CPU and on several; its run is the same on every engine, under every
# policy and in slices of any length; it leaves the CPU far less often; and what there is to see of
# a run names the hypercalls. docs/para.md says how many lines of mini know of it, and which.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3

for cpus in 1 2 4; do
    run 0 bare --json --cpus "$cpus" --append usertests
    mv out "bare$cpus"
    for monitor in plain para; do
        run 0 run --json --monitor "$monitor" --vms 1 --cpus "$cpus" --append usertests
        mv out "$monitor$cpus"
    done
done
python3 - <<'END' || fail 'not the same console, or too many exits'
import json
import re

def text(console):
    # Which of two CPUs forks first depends on instructions, and hypercalls save some.
    return re.sub(r"pid \d+", "pid", console)

for n in (1, 2, 4):
    bare = json.load(open(f"bare{n}"))
    plain, para = (json.load(open(f"{m}{n}"))["vms"][0] for m in ("plain", "para"))
    assert " passed, 0 failed\n" in para["console"], n
    assert bare["console"] == plain["console"], n
    assert text(plain["console"]) == text(para["console"]), n
    assert plain["retired"] == bare["retired"], n
    assert "hypercall" not in plain["exits"] and not plain["exits"]["action"].get("hypercall"), n
    assert para["exits"]["hypercall"]["share"]["count"] == n, para["exits"]
    # With several CPUs, programs that wait for each other make more system calls in one run than in another.
    times = 4 if n == 1 else 3
    assert times * para["exits"]["total"] < plain["exits"]["total"], n
    assert para["exits"]["csr"].get("sscratch", {"count": 0})["count"] <= n, n
END

# One run, however it is run.
command='cowtest; forktest 5; memtest; ls | wc; primes 500'
mapfile -t engines < <("$PZ" doctor --json | python3 -c '
import json, sys
for found in json.load(sys.stdin)["findings"]:
    if found["kind"] == "engine" and found["found"]:
        print(found["name"])')
runs=()
for engine in "${engines[@]}"; do
    for way in "lazy 1000000" "trace 1000" "flush 7"; do
        read -r shadow slice <<<"$way"
        run 0 run --json --monitor para --vms 1 --cpus 2 --engine "$engine" --shadow "$shadow" \
            --slice "$slice" --append "$command"
        mv out "run${#runs[@]}"
        runs+=("run${#runs[@]}")
    done
done
((${#runs[@]})) || fail 'no engines'
python3 - "${runs[@]}" <<'END' || fail 'the runs differ'
import json, sys
first, *others = (json.load(open(name))["vms"][0] for name in sys.argv[1:])
for other in others:
    for key in ("console", "retired", "time", "cpus"):
        assert other[key] == first[key], key
END

# Who is not told runs as ever: pz verify compares with the bare machine, which has no hypercalls.
run 0 verify --monitor para --slice 1000 --append 'ls'
in_file out 'same '
in_file out ', para, shadow'

# What the document says of mini's lines.
grep -qF ": $("$SRC/scripts/pv_lines.py")." "$SRC/docs/para.md" ||
    fail "docs/para.md does not say: $("$SRC/scripts/pv_lines.py")"
says_lines() {
    local script=$1 lines
    shift
    lines=$("$SRC/scripts/pv_lines.py" "$@" | python3 -c 'import re, sys; print(sum(map(int, re.findall(r"\d+", sys.stdin.read())[:3])))')
    grep -q "^pv_lines = $lines;" "$SRC/$script" || fail "$script does not say pv_lines = $lines"
}
says_lines guestos/mini/kernel/kernel.ld
says_lines guestos/bench/runtime/bench.ld "$SRC/guestos/bench/runtime" "$SRC/guestos/mini/kernel/para.h"

# The device tree.
run 0 run --monitor para --dtb dump
grep -qa 'pagezero,para-1' out || fail 'not in the device tree'
run 0 run --dtb dump
! grep -qa 'pagezero,para-1' out || fail 'in the device tree under plain'

# Statistics, traces, profiles.
run 0 run --monitor para --vms 1 --stats --trace t.jsonl --append ls
in_file err 'hypercalls'
grep -qE '^  root +[0-9]' err || fail 'no hypercall by name'
grep -q '"action":"hypercall",.*"function":"root"' t.jsonl || fail 'no hypercall in the trace'
run 0 run --monitor para --vms 1 --trace t.bin --append ls
run 0 trace --action hypercall t.bin
in_file out ', root'
not_in_file out ' instructions'
run 0 run --monitor para --vms 1 --profile p.txt --profile-unit ns --append ls
grep -q 'hypercall;root ' p.txt || fail 'no hypercall in the profile'

# A recording plays again; the debugger goes back over hypercalls, and forward to the same state.
run 0 run --monitor para --vms 1 --record r.pzr --append ls
run 0 replay r.pzr
cat >commands <<'END'
goto 150000
hash
goto 400000
hash
goto 150000
hash
back 50000
goto 400000
hash
END
run 0 debug --vms 1 --batch -x commands --monitor para --append ls
python3 - <<'END' || fail 'back and goto lead elsewhere'
import re
hashes = re.findall(r"^[0-9a-f]{16}$", open("out").read(), re.M)
assert len(hashes) == 4 and hashes[0] == hashes[2] and hashes[1] == hashes[3] != hashes[0], hashes
END

# The benchmarks' kernel makes them too: two exits are left of a system call that does nothing.
run 0 run --monitor para --json "$PZ_GUESTS/bench_null_syscall.elf"
python3 - <<'END' || fail 'a benchmark that makes no hypercalls'
import json
exits = json.load(open("out"))["vms"][0]["exits"]
assert exits["hypercall"]["share"]["count"] == 1 and exits["total"] < 2200, exits
END
finish
