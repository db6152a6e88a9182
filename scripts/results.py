#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Adds up test runs, from the JUnit files that CTest writes: what took longest, what skipped
itself and whether it may (tests/skips.txt), and the totals.

    results.py [--ci] [--built N] [--unbuilt N] [--skips FILE] [PRESET:STATUS:FILE]...

STATUS is ctest's exit status. Builds count as tests: N that passed, N that failed. With --ci a skip
that the list does not have is a failure. The last line is "N passed, N failed"; the exit status is
0 only if none failed and some passed.
"""
import argparse
import fnmatch
import platform
import sys
import xml.etree.ElementTree as ElementTree

SLOWEST = 10


class Test:
    def __init__(self, preset, case):
        self.preset = preset
        self.name = case.get("name")
        self.seconds = float(case.get("time") or 0)
        skipped = case.find("skipped")
        if case.get("status") == "run":
            self.outcome = "passed"
        elif skipped is not None and (skipped.get("message") or "").startswith("SKIP_"):
            self.outcome = "skipped"
        else:  # without its program, too
            self.outcome = "failed"
        self.output = (case.findtext("system-out") or "").strip()

    def why(self):
        lines = [line for line in self.output.splitlines() if line.startswith("skipped: ")]
        return lines[-1][len("skipped: "):] if lines else "does not say why"


def read_run(text):
    """The tests of a run, and whether it broke off: failed, though no test did."""
    preset, status, path = text.split(":", 2)
    try:
        cases = ElementTree.parse(path).getroot().iter("testcase")
        tests = [Test(preset, case) for case in cases]
    except (OSError, ElementTree.ParseError):
        tests = []
    broken = status != "0" and not any(test.outcome == "failed" for test in tests)
    return tests, broken


def read_skips(path):
    """Lines of: test (a pattern), where (any, a preset, a machine), why."""
    skips = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = line.split("#", 1)[0].split(None, 2)
            if len(fields) == 3:
                skips.append(fields[:2])
    return skips


def may_skip(test, skips):
    places = ("any", test.preset, platform.machine())
    return any(fnmatch.fnmatchcase(test.name, name) and where in places for name, where in skips)


def print_slowest(tests):
    tests = sorted(tests, key=lambda test: -test.seconds)
    print("slowest:")
    for test in tests[:SLOWEST]:
        print(f"  {test.seconds:7.1f} s  {test.preset:8} {test.name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ci", action="store_true")
    parser.add_argument("--built", type=int, default=0)
    parser.add_argument("--unbuilt", type=int, default=0)
    parser.add_argument("--skips", default="tests/skips.txt")
    parser.add_argument("runs", nargs="*")
    options = parser.parse_args()
    skips = read_skips(options.skips)
    tests, failed = [], options.unbuilt
    for text in options.runs:
        found, broken = read_run(text)
        tests += found
        failed += broken

    if len(tests) > SLOWEST:
        print_slowest(tests)
    for test in tests:
        if test.outcome == "failed":
            print(f"failed: {test.name} ({test.preset})")
    skipped = [test for test in tests if test.outcome == "skipped"]
    for test in skipped:
        listed = may_skip(test, skips)
        print(f"skipped: {test.name} ({test.preset}): {test.why()}"
              + ("" if listed else "; it need not be" + (", so it failed" if options.ci else "")))
        failed += options.ci and not listed
    passed = options.built + sum(test.outcome == "passed" for test in tests)
    failed += sum(test.outcome == "failed" for test in tests)
    print(f"{passed} passed, {failed} failed")
    sys.exit(0 if passed and not failed else 1)


main()
