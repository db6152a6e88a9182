#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz grade --all: a class with every kind of student, as one table, the same however many are graded
# at once; and the same again from one process for each, as a cluster would do it.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc
mkdir tmp
export TMPDIR=$PWD/tmp

solutions=$SRC/tests/solutions/03-sret
mkdir -p 'class/ann' 'class/bob' 'class/=1+1, "eve"' 'class/mallory' 'class/none' 'class/typo' class/.hidden
cp "$solutions/solution.c" class/ann/sret.c
cp "$solutions/wrong1.c" class/bob/sret.c
cp "$solutions/wrong3.c" 'class/=1+1, "eve"/sret.c'
echo 'this is not C' >class/typo/sret.c
cat >class/mallory/sret.c <<'C'
#include <stdlib.h>
#include "vmm/parts.h"
bool part_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    (void)hart, (void)insn, (void)trap;
    exit(0);
}
C
echo 'not a student' >class/readme

run 0 grade 03 --all class -o one.csv --jobs 1
[[ ! -s out && ! -s err ]] || fail "something was printed besides the table"
run 0 grade 03 --all class --jobs 5
cmp -s out one.csv || fail "another table with more at once"
python3 - <<'PY' || fail "the table is not as expected"
import csv
raw = open("one.csv", newline="").read()
assert raw.count("\r\n") == 7
rows = list(csv.DictReader(open("one.csv", newline="")))
got = [(r["student"], r["points"], r["of"], r["result"]) for r in rows]
assert got == [("'=1+1, \"eve\"", "8", "12", "incomplete"), ("ann", "12", "12", "complete"),
               ("bob", "8", "12", "incomplete"), ("mallory", "0", "12", "suspicious"),
               ("none", "0", "12", "nothing handed in"), ("typo", "0", "12", "does not compile")], got
assert rows[2]["not for programs"] == "0" and rows[2]["to user mode"] == "2"
assert "ended its process" in rows[3]["comment"]
for r in rows:
    assert sum(int(r[k]) for k in list(r)[5:-1]) == int(r["points"])
PY
ls -- *.pzr >/dev/null 2>&1 && fail "replay files of a class, though nobody asked"
run 0 grade 03 --all class --replays kept -o two.csv
cmp -s one.csv two.csv || fail "another table with replay files"
[[ -s kept/bob.03-sret.not-for-programs.pzr ]] || fail "no replay file for bob"

# One process for each student: the way of docs/grading.md with a cluster.
for folder in class/*/; do
    "$PZ" grade 03 "$folder" --json -o "$(basename "$folder").json" --replays kept2 2>/dev/null
done
json bob.json "d['points'] == 8"

run 3 grade 03 --all nowhere
in_file err 'nowhere'
mkdir empty
run 2 grade 03 --all empty
in_file err 'it has no directories'
run 2 grade 03 --all class --format tap
run 2 grade 03 --all class sret.c
run 3 grade 03 --all class -o /nowhere/x.csv
[[ -z $(ls tmp) ]] || fail "what was built is left behind"
finish
