#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The bills of exercise 16 are what pz compare counts; and a bill that no
# technique makes is the exercise's fault, not the student's.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

run 0 compare --engine spec --mem 8M --append ls --runs 1 --json
"$SRC/scripts/bills.py" <out >bills.json || fail "scripts/bills.py"
cmp bills.json "$SRC/examples/16-technique/bills.json" ||
    fail "the bills are others: make them anew (scripts/bills.py), and follow in tests/solutions/16-technique"

mkdir -p home
cp -r "$SRC/examples" home/
sed -i 's/"total": [0-9]*,/"total": 1,/' home/examples/16-technique/bills.json
PZ_HOME=$PWD/home run 3 grade 16 "$SRC/tests/solutions/16-technique/solution.txt"
in_file err "no technique causes the exits of bill 'A'"
sed -i 's/"bill": "A"/"bill": "Z"/' home/examples/16-technique/grader.json
PZ_HOME=$PWD/home run 3 grade 16 "$SRC/tests/solutions/16-technique/solution.txt"
in_file err "has no bill 'Z'"
finish
