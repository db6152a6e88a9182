#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What paravirtualisation costs mini, or another guest, in lines of its kernel, without comments
and blank lines:

  those of the files that only a paravirtualised kernel uses (para.*, paraentry.S)
  those of the table of operations, and the ones of a computer (pv.*)
  those elsewhere that know of either: a call through the table, the node in the device tree

    scripts/pv_lines.py [kernel's directory, and files of others that it uses]

The benchmarks' kernel: scripts/pv_lines.py guestos/bench/runtime guestos/mini/kernel/para.h
"""
import pathlib
import re
import sys

KNOWS = re.compile(r"\bpv\b|\bpv_|\bpara\b|\bpara_|_para\b|pv\.h|CPU_PARA|hypervisor|HYPERVISOR|pagezero")


def code(path):
    text = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), path.read_text(),
                  flags=re.S)
    lines = [re.sub(r"(//|# ).*", "", line) if path.suffix == ".S" else line
             for line in text.splitlines()]
    return [line for line in lines if line.strip()]


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    given = [pathlib.Path(name) for name in sys.argv[1:]] or [here / "guestos/mini/kernel"]
    counts = {"only para": 0, "table": 0, "elsewhere": 0, "all": 0}
    for path in sorted(path for one in given
                       for path in (one.glob("*.[chS]") if one.is_dir() else [one])):
        lines = code(path)
        counts["all"] += len(lines)
        if path.stem in ("para", "paraentry"):
            counts["only para"] += len(lines)
        elif path.stem == "pv":
            counts["table"] += len(lines)
        else:
            counts["elsewhere"] += sum(1 for line in lines if KNOWS.search(line))
    print(", ".join(f"{name} {count}" for name, count in counts.items()))


main()
