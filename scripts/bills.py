#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The bills of exercise 16 out of `pz compare --json`: rows without names, in an order that tells
nothing, and without what depends on the host.

    pz compare --engine spec --mem 8M --append ls --runs 1 --json | scripts/bills.py >examples/16-technique/bills.json
"""
import json
import sys

ORDER = {"A": "assist", "B": "plain, trace", "C": "para", "D": "hybrid", "E": "translate"}


def numbers(counted):
    """{"count": n, "ns": t} becomes n, at any depth."""
    if not isinstance(counted, dict):
        return counted
    return counted["count"] if "count" in counted else {k: numbers(v) for k, v in counted.items()}


def bill(row):
    return {
        "retired": row["retired"],
        "direct": round(row["direct"], 4),
        "table_bytes": row["table_bytes"],
        "exits": numbers(row["exits"]),
    }


rows = {row["technique"]: row for row in json.load(sys.stdin)["guests"][0]["rows"]}
json.dump({letter: bill(rows[name]) for letter, name in ORDER.items()}, sys.stdout, indent=2)
print()
