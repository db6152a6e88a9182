#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
engine_wasm.py - a table of engine_wasm.c's figures: the guests of `pz bench`, bare and in a VM, on
`spec` natively, and on each engine in Node.js. The best of some runs, as other programs on the
machine only make it slower. From the top of the tree, after the target `guests` is built:

    tests/bench/engine_wasm.py [--runs 3] [--millions 100] [guest...]
"""
import argparse
import math
import os
import re
import subprocess
import tempfile

GUESTS = ("sort sieve sha256 crc matrix search bytecode chase copy "
          "null_syscall fork pipe switch_1 switch_2 switch_8 switch_64 faults churn timer console").split()
COLUMNS = (("native", "spec"), ("node", "spec"), ("node", "predecode"), ("node", "wasm"))


def build(folder):
    native, wasm = os.path.join(folder, "engines"), os.path.join(folder, "engines.wasm")
    subprocess.run("cc -std=gnu17 -O2 -flto=auto -DPZ_DEBUG=0 -I. isa/*.c isa/engine/spec.c isa/engine/stops.c "
                   "isa/engine/predecode*.c vmm/board/*.c vmm/*.c tests/bench/engine_wasm.c -o " + native,
                   shell=True, check=True)
    subprocess.run(["tests/wasm/build.bash", wasm, "tests/bench/engine_wasm.c"], check=True)
    return {"native": [native], "node": ["node", "tests/wasm/run.mjs", wasm]}


def measure(command, engine, how, guest, options):
    best = 0
    # What interprets takes long enough to be measured with less.
    millions = options.millions if engine == "wasm" else min(options.millions, 10)
    for _ in range(options.runs):
        text = subprocess.run([*command, engine, how, str(millions),
                               os.path.abspath(f"{options.build}/guests/bench_{guest}.elf")],
                              check=True, capture_output=True, text=True).stdout
        best = max(best, float(re.search(r"([0-9.]+) MIPS", text)[1]))
    return best


def show(name, how, figures):
    print(f"| {name} | {how} | " + " | ".join(f"{figure:.0f}" for figure in figures) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--millions", type=int, default=100)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("guests", nargs="*", default=GUESTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        commands = build(folder)
        print("| guest | | " + " | ".join(f"{engine}, {where}" for where, engine in COLUMNS) + " |")
        print("| --- | --- |" + " ---: |" * len(COLUMNS))
        for how in ("bare", "vm"):
            rows = []
            for guest in options.guests:
                rows.append([measure(commands[where], engine, how, guest, options)
                             for where, engine in COLUMNS])
                show(guest, how, rows[-1])
            columns = list(zip(*rows))
            show("mean", how, [sum(column) / len(column) for column in columns])
            show("geometric mean", how,
                 [math.exp(sum(map(math.log, column)) / len(column)) for column in columns])


main()
