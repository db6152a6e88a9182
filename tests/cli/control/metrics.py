#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# metrics.py FILE: is it the text format of Prometheus, version 0.0.4, to the letter? Each family
# has HELP and TYPE once, before its samples, which stand together; no series comes twice; counters
# end in _total and are not below 0, and gauges do not end so; labels are quoted and escaped; the
# last line ends. Prints the number of samples.
import math
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")
HELP = re.compile(rf"# HELP ({NAME}) (?:[^\\\n]|\\[\\n])+")
TYPE = re.compile(rf"# TYPE ({NAME}) (counter|gauge)")

text = open(sys.argv[1], encoding="utf-8", newline="").read()
assert text.endswith("\n") and "\r" not in text, "lines do not end as they should"
helped, kinds, series, family = set(), {}, set(), None
for line in text[:-1].split("\n"):
    if match := HELP.fullmatch(line):
        family = match[1]
        assert family not in helped, f"HELP again: {line}"
        helped.add(family)
    elif match := TYPE.fullmatch(line):
        assert match[1] == family and family not in kinds, f"TYPE of another, or again: {line}"
        kinds[family] = match[2]
        assert (match[2] == "counter") == family.endswith("_total"), line
    else:
        match = SAMPLE.fullmatch(line)
        assert match, f"nothing that Prometheus reads: {line}"
        assert match[1] == family and family in kinds, f"outside of its family: {line}"
        labels = re.findall(LABEL, match[2] or "")
        names = [label.split("=")[0] for label in labels]
        assert len(set(names)) == len(names), f"a label twice: {line}"
        key = (family, tuple(sorted(labels)))
        assert key not in series, f"a series twice: {line}"
        series.add(key)
        value = float(match[3])
        assert math.isfinite(value) and (kinds[family] == "gauge" or value >= 0), line
assert helped == set(kinds) == {name for name, _ in series}, "HELP, TYPE or samples are missing"
print(len(series))
