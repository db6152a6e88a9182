#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
debugger.py - what the debugger, recordings and traces cost, as ratios to `pz run`, with the two
sides of each ratio run in turn; and how long it takes to go back.

    python3 tests/bench/debugger.py build/release [--engine jit] [--rounds 5] [--seconds 60]

For people; the figures in docs/debugger.md come from here. Smallest time of all rounds.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("build")
parser.add_argument("--engine", default="jit")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--seconds", type=float, default=60, help="guest execution before going back")
arguments = parser.parse_args()
pz = os.path.join(arguments.build, "bin", "pz")
guests = os.path.join(arguments.build, "guests")
scratch = tempfile.TemporaryDirectory()
COUNT_MAGIC = b"PZBN"


def lengthened(name, count):
    """A guest of `pz bench` that does its work so many times."""
    path = os.path.join(scratch.name, f"{name}-{count}.elf")
    with open(os.path.join(guests, f"bench_{name}.elf"), "rb") as file:
        data = bytearray(file.read())
    at = data.index(COUNT_MAGIC) + len(COUNT_MAGIC)
    data[at : at + 4] = count.to_bytes(4, "little")
    with open(path, "wb") as file:
        file.write(data)
    return path


def seconds(words, commands):
    start = time.monotonic()
    subprocess.run([pz, *words], input=commands.encode(), stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    return time.monotonic() - start


def ratios(kernel, ways):
    """The smallest time of each way, the first being 1."""
    best = [float("inf")] * len(ways)
    for _ in range(arguments.rounds):
        for i, (words, commands) in enumerate(ways):
            best[i] = min(best[i], seconds([*words, "--engine", arguments.engine, kernel], commands))
    return best


RUN = ["run", "--vms", "1"]
OFF = ["debug", "--checkpoint-every", "1000000000000"]
GO = "continue\n"
TRACE = os.path.join(scratch.name, "trace.bin")
RECORD = os.path.join(scratch.name, "run.pzr")
GUESTS = [("compute, no exits: sort", lengthened("sort", 8000)),
          ("null_syscall", lengthened("null_syscall", 2000000)),
          ("switch_8", lengthened("switch_8", 1500000)),
          ("csr", lengthened("csr", 15000000)),
          ("fill", lengthened("fill", 5000000))]
WAYS = [("pz run", RUN, ""),
        ("debug, no checkpoints", OFF, GO),
        ("debug", ["debug"], GO),
        ("catch csr scounteren", ["debug"], "catch csr scounteren\n" + GO),
        ("watch csr stvec", ["debug"], "goto 10000\nwatch csr satp if 0\n" + GO),
        ("trace .bin", [*RUN, "--trace", TRACE], ""),
        ("record", [*RUN, "--record", RECORD], "")]


def print_ratios():
    print(f"{'':24}" + "".join(f"{name:>23}" for name, _, _ in WAYS))
    for title, kernel in GUESTS:
        best = ratios(kernel, [(words, commands) for _, words, commands in WAYS])
        cells = [f"{best[0]:.2f} s"] + [f"{t / best[0]:.2f}" for t in best[1:]]
        print(f"{title:24}" + "".join(f"{cell:>23}" for cell in cells), flush=True)


def speed(commands, count):
    """Million instructions a second with these points set, on a guest that computes."""
    kernel = lengthened("sort", 100000000)
    words = ["debug", "--engine", arguments.engine, "--max-insns", str(count), kernel]
    empty = min(seconds([*words[:4], "1000000", kernel], commands + GO) for _ in range(2))
    return count / 1e6 / (min(seconds(words, commands + GO) for _ in range(2)) - empty)


def print_speeds():
    print("\nmillion instructions a second, computing in user mode")
    for title, commands, count in [
            ("no points", "", 2000000000),
            ("break in another mode", "break 0x1000 mode supervisor\n", 2000000000),
            ("break retired", "break retired 999999999999\n", 2000000000),
            ("watch csr", "goto 1000000\nwatch csr stvec\n", 2000000000),
            ("break address", "break 0xdead0000\n", 30000000),
            ("break if", "break if a0 == 0xdeadbeef\n", 30000000),
            ("watch memory", "watch gpa 0x800000\n", 30000000)]:
        print(f"  {title:36}{speed(commands, count):9.1f}", flush=True)


class Session:
    """A debugger with commands sent one by one."""

    def __init__(self, words):
        self.process = subprocess.Popen([pz, "debug", "--json", *words], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)

    def say(self, line):
        start = time.monotonic()
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if not answer["ok"]:
            sys.exit(f"{line}: {answer['error']}")
        return answer, time.monotonic() - start

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def print_back():
    print(f"\nafter {arguments.seconds:g} s of guest execution")
    for title, kernel in [("computing", lengthened("sort", 100000000)),
                          ("exits all the time", lengthened("switch_8", 2000000000))]:
        session = Session(["--engine", arguments.engine, kernel])
        _, took = session.say("goto 50000000")
        count = int(50000000 * arguments.seconds / took)
        answer, took = session.say(f"goto {count}")
        print(f"  {title}: {answer['retired'] / 1e9:.1f} thousand million instructions in {took:.1f} s")
        for command in ("back trap", "back trap", "back", "why", "step", "back trap 10"):
            _, latency = session.say(command)
            print(f"    {command:14}{latency * 1000:8.1f} ms", flush=True)
        session.close()


print_ratios()
print_speeds()
print_back()
