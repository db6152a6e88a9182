#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The bills in docs/techniques.md, out of `pz compare`: all between its markers. Of everything that
is not a time, the document says what pz says: tests/cli/compare/techniques_doc.sh.

    scripts/techniques.py [PZ]           measure, and write (build/release/bin/pz by default)
    scripts/techniques.py --check [PZ]   run everything once; what differs, without times, is printed

PZ_GUESTS names the guests (guests/ of the build by default), PZ_LINUX a directory with Image and
initrd.gz (build/linux). Without a kernel, or with another one, Linux's bill is left as it is.
"""
import difflib
import hashlib
import json
import os
import re
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
DOC = os.path.join(HERE, "docs", "techniques.md")
RUNS = 3
# fork and timer, of 160 and 70 million instructions, would take the interpreters too long.
PROGRAMS = ["null_syscall", "pipe", "switch_8", "faults", "churn", "console", "syscall", "csr", "satp", "call",
            "fault", "illegal", "ptewrite", "device", "fill"]
LINUX_APPEND = "console=hvc0 rdinit=/init pz=true"
TECHNIQUES = ["plain, lazy", "plain, trace", "plain, flush", "hybrid", "translate", "para", "assist"]


def compare(*words):
    done = subprocess.run([PZ, "compare", "--engine", "jit", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"pz compare {' '.join(words)}: {done.stdout}{done.stderr.strip()}")
    return done.stdout


def mini(runs):
    return compare("--runs", str(runs), "--markdown", "--append", "usertests").strip()


def cells(name, values):
    return f"| {name} | " + " | ".join(values) + " |"


def table(head, rows):
    return "\n".join([cells(*head), cells("---", ["---:"] * len(head[1]))] + [cells(*row) for row in rows])


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def exits_of(guest):
    return [f"{guest['rows'][0]['retired']:,}"] + [f"{row_of(guest, t)['exits']['total']:,}" for t in TECHNIQUES]


def times_of(guest):
    return [f"{median(row_of(guest, t)['ratio']):.2f}" for t in TECHNIQUES]


def row_of(guest, technique):
    return next(row for row in guest["rows"] if row["technique"] == technique)


def name_of(guest):
    return re.search(r"bench_(\w+)\.elf", guest["kernel"]).group(1)


def verdicts(guests):
    lines = sorted({row["guest_lines"] for guest in guests for row in guest["rows"] if row["guest_lines"]})
    other = [name_of(guest) for guest in guests if row_of(guest, "para")["same"] == "output"]
    same = all(row["same"] == "yes" for guest in guests for row in guest["rows"]
               if row["technique"] != "para" or name_of(guest) not in other)
    return (f"All verdicts are *{'yes' if same else 'NO'}*, but *output* under `para` for those that make hypercalls, with "
            f"{' or '.join(map(str, lines))} lines of their kernel: {', '.join(other)}.")


def bench(runs):
    paths = [os.path.join(GUESTS, f"bench_{name}.elf") for name in PROGRAMS]
    guests = json.loads(compare("--runs", str(runs), "--json", *paths))["guests"]
    return "\n\n".join([
        verdicts(guests),
        table(("exits", ["instructions"] + TECHNIQUES), [(name_of(g), exits_of(g)) for g in guests]),
        table(("time", TECHNIQUES), [(name_of(g), times_of(g)) for g in guests])])


def linux_files():
    return [os.path.join(LINUX, name) for name in ("Image", "initrd.gz")]


def linux_hash():
    digest = hashlib.sha256()
    for path in linux_files():
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:16]


def linux(runs):
    image, initrd = linux_files()
    text = compare("--runs", str(runs), "--markdown", "--machine", "virt", "--mem", "64M", "--initrd", initrd, "--append",
                   LINUX_APPEND, image).strip()
    text = re.sub(r"^.*?: (?=[\d,]+ instructions)", f"`{LINUX_APPEND}`: ", text)
    return f"SHA-256 of kernel and initrd begins with {linux_hash()}. {text}"


def find(text, name):
    """Where the part of this name begins and ends."""
    begin, end = (f"<!-- pz compare {name}: {what} -->\n" for what in ("begin", "end"))
    if begin not in text or end not in text:
        sys.exit(f"{DOC}: the markers of '{name}' are missing")
    return text.index(begin) + len(begin), text.index(end)


def without_times(part):
    """Every figure that a test may hold: no times, no spreads."""
    kept = []
    times = False
    for line in part.splitlines():
        if line.startswith("| time |") or not line:
            times = bool(line)
        if times:
            continue
        line = re.sub(r"; bare it takes .*", "", line)
        line = re.sub(r"^(\| [^|]+ \| (?:jit|spec) \|) [^|]+ \| [^|]+ \|", r"\1", line)
        kept.append(line)
    return [line for line in kept if line]


def is_ours(text):
    """Is the kernel here, and the one that the document is about?"""
    begin, end = find(text, "linux")
    return all(map(os.path.exists, linux_files())) and linux_hash() in text[begin:end]


def check(text):
    parts = {"mini": mini(1), "bench": bench(1)}
    if is_ours(text):
        parts["linux"] = linux(1)
    different = []
    for name, made in parts.items():
        begin, end = find(text, name)
        different += difflib.unified_diff(without_times(text[begin:end]), without_times(made),
                                          f"docs/techniques.md, {name}", f"pz compare, {name}", lineterm="", n=0)
    print("\n".join(different) if different else "the same: " + ", ".join(parts))
    sys.exit(bool(different))


def renew(text):
    parts = {"mini": mini(RUNS), "bench": bench(RUNS)}
    if all(map(os.path.exists, linux_files())):
        parts["linux"] = linux(RUNS)
    for name, made in parts.items():
        begin, end = find(text, name)
        text = text[:begin] + made + "\n" + text[end:]
    with open(DOC, "w", encoding="utf-8") as file:
        file.write(text)


words = sys.argv[1:]
checks = words[:1] == ["--check"]
PZ = os.path.abspath((words[checks:] or [os.path.join(HERE, "build", "release", "bin", "pz")])[0])
GUESTS = os.environ.get("PZ_GUESTS", os.path.join(os.path.dirname(PZ), "..", "guests"))
LINUX = os.environ.get("PZ_LINUX", os.path.join(HERE, "build", "linux"))
with open(DOC, encoding="utf-8") as document:
    (check if checks else renew)(document.read())
