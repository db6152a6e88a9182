#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
snapshot.py - what restoring and cloning cost: for the mini guest, and for a guest that has filled
its RAM. Times are of the CPU, so that a busy host does not count: to the first instruction, and to
that of the last clone, from the opening of the file on.

    python3 tests/bench/snapshot.py build/release [--rounds 5]
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
parser.add_argument("build")
parser.add_argument("--rounds", type=int, default=5)
options = parser.parse_args()
build = os.path.abspath(options.build)
pz = os.path.join(build, "bin/pz")
os.chdir(tempfile.mkdtemp())


def flat(elf, out):
    """The one piece that a micro-guest has, as a binary that may be anywhere."""
    data = open(elf, "rb").read()
    at, = struct.unpack_from("<I", data, 28)
    offset, _, _, size = struct.unpack_from("<4I", data, at + 4)
    open(out, "wb").write(data[offset:offset + size])


def cpu(*words):
    """CPU seconds of a run, and what it says in JSON."""
    process = subprocess.Popen([pz, *words, "--json"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    text = process.stdout.read()
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_utime + used.ru_stime, json.loads(text), used.ru_maxrss


def median(function):
    return statistics.median(function() for _ in range(options.rounds))


def rest(words, first, last):
    """CPU seconds between two places of a run: the difference of two runs."""
    return median(lambda: cpu(*words, "--max-insns", str(last))[0] -
                  cpu(*words, "--max-insns", str(first))[0])


def measure(name, words, at):
    subprocess.run([pz, "run", "--vms", "1", *words, "--save", "x.pzs", "--save-at", str(at),
                    "--save-exit"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    begin = median(lambda: cpu("restore", "--max-insns", str(at + 1), "x.pzs")
                   [1]["restored"]["cpu_ns"]) / 1e6
    # As many instructions as take 0.1 s where nothing was ever saved.
    long = 200_000_000
    speed = long / rest(["run", "--vms", "1", *words], at + long, at + 2 * long)
    count = int(speed / 10)
    alone = rest(["run", "--vms", "1", *words], at, at + count)
    restored = rest(["restore", "x.pzs"], at + 1, at + count)
    size = os.path.getsize("x.pzs")
    print(f"{name:22} {size / 1e6:8.2f} MB  first instruction {begin:5.2f} ms   "
          f"first 100 ms {restored / alone:5.2f}x  ({alone * 1e3:.0f} ms alone)", flush=True)


def clones(name, words, at, count):
    subprocess.run([pz, "run", "--vms", "1", *words, "--save", "x.pzs", "--save-at", str(at),
                    "--save-exit"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    def one(n):
        def run():
            return cpu("clone", "--count", str(n), "--max-insns", str(at), "x.pzs")
        return (median(lambda: run()[1]["restored"]["cpu_ns"]) / 1e6, run()[2] / 1024)
    few, many = one(1), one(count)
    print(f"{name:22} {count} clones: {(many[0] - few[0]) / (count - 1):.3f} ms and "
          f"{(many[1] - few[1]) / (count - 1):.3f} MiB each", flush=True)


flat(os.path.join(build, "guests/t_big.elf"), "big.bin")
big = ["--machine", "virt", "big.bin"]
open("many", "w").write("forktest\nls\nprimes\n" * 2000)
measure("mini", ["--input", "many"], 3_000_000)
measure("64 MiB, all filled", [*big, "--mem", "64M"], 80_000_000)
measure("256 MiB, all filled", [*big, "--mem", "256M"], 310_000_000)
clones("mini", ["--append", "forktest"], 1_000_000, 1000)
clones("64 MiB, all filled", [*big, "--mem", "64M"], 80_000_000, 32)
