#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz report of a class: its figures are those of the results; each lost point has its link, with the
# recording in it, or beside the report when that is long.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need cc
export PYTHONPATH=$SRC/tests/cli/report PYTHONDONTWRITEBYTECODE=1
page=https://lab.example.org/

mkdir results replays
for name in solution wrong1 wrong2; do
    code=1
    [[ $name != solution ]] || code=0
    run "$code" grade 03 "$SRC/tests/solutions/03-sret/$name.c" --json -o "results/$name.json" --replays "replays/$name"
done
run 1 grade 04 "$SRC/tests/solutions/04-sstatus/wrong1.c" --json -o results/wrong1.04-sstatus.json --replays replays/wrong1

run 0 report results/*.json -o class.html --page "$page"
[[ ! -s out && ! -s err ]] || fail "-o: something was printed as well"
run 0 report results/wrong2.json results/wrong1.04-sstatus.json results/solution.json results/wrong1.json --page "$page"
cmp -s out class.html || fail "the order of the files counts"
cat >compare.py <<'PY'
import base64, glob, json, os, sys, urllib.parse
from html_report import load, number
page = sys.argv[1]
report = load("class.html", page)
results = {}
for path in glob.glob("results/*.json"):
    d = json.load(open(path))
    results[os.path.basename(path).split(".")[0], d["exercise"]] = d
rows = report.tables["Points by student and exercise"][0]
exercises = sorted({e for _, e in results})
assert rows[0] == ["student"] + ["%s (%d)" % (e, next(d["of"] for (_, x), d in results.items() if x == e)) for e in exercises] + ["all"]
for row in rows[1:]:
    points = [results.get((row[0], e), {}).get("points") for e in exercises]
    assert row[1:-1] == ["\u2013" if p is None else str(p) for p in points], row
    assert number(row[-1]) == sum(p or 0 for p in points)
assert [row[0] for row in rows[1:]] == ["solution", "wrong1", "wrong2"]
for e in exercises:
    own = [d for (_, x), d in results.items() if x == e]
    assert "%s: %.2f of %d points in the mean" % (e, sum(d["points"] for d in own) / len(own), own[0]["of"]) in report.texts["figcaption"]

lost = [(s, c) for (s, e), d in sorted(results.items()) for c in d["checks"] if c["points"] < c["of"]]
links = [urllib.parse.parse_qs(link.split("#", 1)[1]) for link in report.links if link.startswith(page)]
assert len(lost) == len(links) > 3
for (student, check), link in zip(lost, links):
    assert link["at"] == [str(check["retired"])] and link["view"] == ["trap"] and link["vm"] == ["0"]
    data = link["rec"][0]
    assert base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)) == open(check["replay"], "rb").read()
    assert link["argv"] == [os.path.basename(check["replay"])]
assert [h for h in report.texts["h5"]] == ["%s: %s, 0 of %d" % (c["name"], c["outcome"], c["of"]) for _, c in lost]
for _, check in lost:
    assert check["message"] in report.texts["p"]
PY
python3 compare.py "$page" >out 2>err || fail "class.html is not what the results say"

# The lab's page reads these links.
if command -v node >/dev/null; then
    cp "$SRC/tools/web/page/link.js" link.mjs
    cat >read.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { readLink } from './link.mjs';
const links = [...readFileSync('class.html', 'utf8').matchAll(/href="https:[^"#]*(#[^"]*)"/g)];
for (const [, link] of links) {
    const place = readLink(link.replaceAll('&amp;', '&'));
    if (place.argv.length !== 1 || !Buffer.from(place.rec, 'base64url').toString('latin1').startsWith('pz-recording'))
        throw new Error(link);
}
if (links.length < 4)
    throw new Error('too few links');
for (const bad of ['#v=1&rec=abcd', '#v=1&argv=a.pzr&rec=a*cd', '#v=1&argv=--share&rec=abcd'])
    try {
        readLink(bad);
        console.log(`accepted: ${bad}`);
        process.exitCode = 1;
    } catch { /* as it should be */ }
JS
    node read.mjs >out 2>err || fail "the lab's page does not read the links of a report"
fi

# A long recording: a file beside the report, with the report's name in front.
long=replays/wrong2/03-sret.nobody-can-tell.pzr
mkdir -p elsewhere
run 0 run --vms 1 --append ls --record long.pzr
python3 - long.pzr <<'PY'
import random, sys
random.seed(1)
open(sys.argv[1], "ab").write(bytes(random.randrange(256) for _ in range(40000)))
PY
cp "$long" kept.pzr && cp long.pzr "$long"
run 0 report results/*.json -o elsewhere/class.html --page "$page"
beside=elsewhere/class.html.wrong2.03-sret.nobody-can-tell.pzr
cmp -s "$beside" "$long" || fail "no recording beside the report: $(ls elsewhere)"
in_file elsewhere/class.html "drop class.html.wrong2.03-sret.nobody-can-tell.pzr onto it"
not_in_file elsewhere/class.html 'rec=cHotcmVjb3JkaW5nIDIKaGVhZ.*nobody-can-tell.pzr"'
cp kept.pzr "$long"
# One that is gone is told of.
rm "$long"
run 0 report results/wrong2.json --page "$page"
in_file out "Its recording, $long, is not where pz grade has put it."

# One student, full points; twice the same.
run 0 report results/solution.json -o one.html
python3 - <<'PY' || fail "one.html"
from html_report import load
report = load("one.html")
assert report.texts["h1"] == ["Results of solution"] and "None." in report.texts["p"]
PY
mkdir again && cp results/solution.json again/
run 2 report results/solution.json again/solution.json
in_file err 'both are results of solution for 03-sret'
finish
