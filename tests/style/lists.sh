#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/plan.txt and tests/skips.txt name tests that there are, and give a reason where one is
# due; and what adds up a run (scripts/results.py) fails it under CI for a skip that is not listed,
# for a test that failed or had no program, and for a run that broke off.
set -euo pipefail
: "${BUILD:?}" "${SRC:?}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# faults <ctest -N's output> <plan> <skips>
faults() {
    python3 - "$@" <<'END'
import fnmatch, re, sys
tests = re.findall(r"#\d+: (\S+)", open(sys.argv[1]).read())
for path, matches in ((sys.argv[2], lambda p, t: re.fullmatch(p, t)),
                      (sys.argv[3], lambda p, t: fnmatch.fnmatchcase(t, p))):
    for line in open(path):
        fields = line.split("#", 1)[0].split(None, 3 if path == sys.argv[2] else 2)
        if not fields:
            continue
        if not any(matches(fields[0], test) for test in tests):
            print(f"{path}: no such test: {fields[0]}")
        if path == sys.argv[3] and len(fields) < 3:
            print(f"{path}: no reason: {fields[0]}")
        if path == sys.argv[2] and fields[2] != "release,debug" and len(fields) < 4:
            print(f"{path}: no reason: {fields[0]}")
END
}

# run <status> <line of JUnit>: a run of two tests, one of which passed
run() {
    printf '<testsuite><testcase name="unit/test_a" time="1" status="run"/>%s</testsuite>\n' "$2" \
        >"$scratch/run.xml"
    runs=("debug:$1:$scratch/run.xml")
}

# results <exit status> <text> <words>...
results() {
    local wanted=$1 text=$2 status=0
    shift 2
    python3 "$SRC/scripts/results.py" --skips "$scratch/skips" "$@" "${runs[@]}" \
        >"$scratch/out" || status=$?
    ((status == wanted)) || fail "results.py $*: exit status $status, not $wanted"
    grep -qF -- "$text" "$scratch/out" || fail "results.py $*: no '$text': $(<"$scratch/out")"
}

ctest --test-dir "$BUILD" -N >"$scratch/tests" || fail 'which tests are there?'
found=$(faults "$scratch/tests" "$SRC/tests/plan.txt" "$SRC/tests/skips.txt")
[[ -z $found ]] || fail "$found"
echo 'unit/test_gone 1 release why' >"$scratch/plan"
echo 'cli/memory debug' >"$scratch/skips"
found=$(faults "$scratch/tests" "$scratch/plan" "$scratch/skips")
[[ $found == *'no such test: unit/test_gone'*'no reason: cli/memory'* ]] || fail "unnoticed: $found"

skipped='<skipped message="SKIP_RETURN_CODE=77"/><system-out>skipped: no qemu</system-out>'
skipped="<testcase name=\"cli/b\" time=\"0\" status=\"notrun\">$skipped</testcase>"
echo 'cli/* release why' >"$scratch/skips"
run 0 "$skipped"
results 0 '1 passed, 0 failed'
results 1 'skipped: cli/b (debug): no qemu; it need not be, so it failed' --ci
echo 'cli/* debug why' >"$scratch/skips"
results 0 '1 passed, 0 failed' --ci
results 1 '1 passed, 1 failed' --unbuilt 1
run 8 '<testcase name="cli/b" time="1" status="fail"/>'
results 1 'failed: cli/b (debug)'
run 8 '<testcase name="cli/b" time="0" status="notrun"><skipped message=""/></testcase>'
results 1 '1 passed, 1 failed'
run 1 ''
results 1 '1 passed, 1 failed'
runs=("debug:8:$scratch/none")
results 1 '0 passed, 1 failed'
runs=()
results 1 '0 passed, 0 failed'
((failures == 0))
