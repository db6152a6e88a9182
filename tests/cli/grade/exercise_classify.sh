#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The answers of exercise 01 are what pz classify finds: nobody's opinion is graded.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3

"$PZ" classify --engine spec --json >pz32.json 2>err || fail "pz classify"
for variant in popf move-sr jrst lra; do
    "$PZ" classify --engine spec --variant "$variant" --json >"$variant.json" 2>err
    (($? < 2)) || fail "pz classify --variant $variant"
done
python3 - "$SRC/examples/01-classify/grader.json" <<'PY' || fail "the grader is wrong"
import json, sys
found = {n: json.load(open(n + ".json")) for n in ("pz32", "popf", "move-sr", "jrst", "lra")}
rows = {row["name"]: row for row in found["pz32"]["rows"]}
wrong, theorems = 0, 0
for check in json.load(open(sys.argv[1]))["checks"]:
    key, value = check["answer"]["key"], check["answer"]["value"]
    if " theorem " in key:
        name, number = key.split(" theorem ")
        truth = next(t for t in found[name]["theorems"] if str(t["theorem"]) == number)
        truth = "holds" if truth["holds"] else "fails"
        theorems += 1
    elif key.endswith(" privileged"):
        truth = "yes" if rows[key[:-len(" privileged")]]["privilege"] == "privileged" else "no"
    else:
        truth = rows[key]["class"]
    if truth != value:
        print("   ", key, "is", truth, "and not", value)
        wrong += 1
sys.exit(wrong > 0 or theorems == 0)
PY
finish
