#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""taxonomy.py PZ <docs/taxonomy.md.in >docs/taxonomy.md: fills in what pz says of itself: the kinds
of machine, what each costs, and the comparison of systems. Only figures that are the same in every
run; lines of source are rounded, so that small changes do not show."""
import json
import subprocess
import sys

ROUND = 100


def ask(*words):
    done = subprocess.run([sys.argv[1], *words, "--json"], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"pz {' '.join(words)}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def tenths(number):
    return f"{number / 10:,.1f}"


def table(head, rows, right=0):
    print("| " + " | ".join(head) + " |")
    print("| " + " | ".join("---" if i < len(head) - right else "---:" for i in range(len(head))) + " |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def tree(terms):
    depth = {None: -1}
    for term in terms:
        depth[term["term"]] = depth[term["parent"]] + 1
        print(f"{'  ' * depth[term['term']]}- **{term['term']}**: {term['sentence']} ({term['source']})")


def costs(terms):
    table(["kind", "command", "unit of work", "instructions", "", "of which"],
          [[t["term"], f"`{t['command']}`".replace("|", "\\|"), t["per"], tenths(t["instructions_tenths"]),
            tenths(t["counted_tenths"]), t["counts"]] for t in terms if "command" in t])


def sizes(systems):
    table(["system", "what it is", "trusted lines", "pages touched"],
          [[s["system"], s["about"], f"{round(s['trusted_lines'] / ROUND) * ROUND:,}", f"{s['pages']:,}"]
           for s in systems], right=2)


def works(systems, key):
    table(["system"] + [w["program"] for w in systems[0]["works"]],
          [[s["system"]] + [tenths(w[key]) for w in s["works"]] for s in systems],
          right=len(systems[0]["works"]))


def units(systems):
    print("; ".join(f"`{w['program']}`, a {w['per']}" for w in systems[0]["works"]) + ".")


def crashes(systems):
    def names(works, wanted):
        return ", ".join(name for name, value in works.items() if value == wanted) or "nothing"

    table(["system", "what dies", "what works afterwards", "what is lost"],
          [[s["system"], c["part"], names(c["works"], True), names(c["works"], False)]
           for s in systems for c in s["crashes"]])


def hot(rows):
    table(["instructions so far", "translated", "blocks", "uses of each translated instruction"],
          [[f"{r['retired']:,}", f"{r['translated']:,}", f"{r['blocks']:,}",
            tenths(r["retired"] * 10 // r["translated"])] for r in rows], right=4)


def main():
    terms = ask("zoo", "--run")["terms"]
    systems = ask("compare", "--systems", "--runs", "1")["systems"]
    rows = ask("translate", "--cost", "--append", "primes")["rows"]
    parts = {
        "@TREE@": lambda: tree(terms),
        "@COSTS@": lambda: costs(terms),
        "@SIZES@": lambda: sizes(systems),
        "@UNITS@": lambda: units(systems),
        "@INSTRUCTIONS@": lambda: works(systems, "instructions_tenths"),
        "@CROSSINGS@": lambda: works(systems, "crossings_tenths"),
        "@CRASHES@": lambda: crashes(systems),
        "@HOT@": lambda: hot(rows),
    }
    for line in sys.stdin:
        if line.strip() in parts:
            parts[line.strip()]()
        else:
            print(line, end="")


main()
