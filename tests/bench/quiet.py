#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
quiet.py - what can be measured only while the host has nothing else to do: what a VM loses to
neighbours of all kinds if turns are charged for by the host's clock, and how much faster eight VMs
are on two CPUs than on one. Two minutes; prints the rows of docs/cloud.md.

    python3 tests/bench/quiet.py build/release [--rounds 5]

It says how busy the CPUs are before it begins, and after. The loss is each round's own, the victim
alone against the victim with a neighbour, by CPU time; of the rounds, the median. Threads are
compared by elapsed time, in interleaved rounds.
"""
import argparse
import json
import os
import statistics
import subprocess
import time

parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
parser.add_argument("build")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--guest", default="bytecode", help="the benchmark that eight VMs run")
options = parser.parse_args()
build = os.path.abspath(options.build)
pz = os.path.join(build, "bin/pz")
guest = os.path.join(build, f"guests/bench_{options.guest}.elf")
LOSS_GOAL, SPEED_GOAL = 0.01, 1.9


def busy():
    """The part of all CPUs' time that others take, in a second."""
    def read():
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(word) for word in file.readline().split()[1:]]
        return sum(ticks), ticks[3] + ticks[4]
    before = read()
    time.sleep(1)
    after = read()
    return 1 - (after[1] - before[1]) / max(after[0] - before[0], 1)


def neighbours():
    """What the victim loses to each, by what the other does: with exits priced, and by host time."""
    text = subprocess.run([pz, "bench", "--only", "neighbours", "--json"], check=True,
                          stdout=subprocess.PIPE, stdin=subprocess.DEVNULL).stdout
    return {row["does"].replace("the same", "uses its disk"):
            (row["priced_exits"], row["host_host"]) for row in json.loads(text)["neighbours"]}


def seconds(threads):
    """Elapsed time of eight VMs."""
    start = time.monotonic()
    subprocess.run([pz, "run", "--vms", "8", "--threads", str(threads), guest], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return time.monotonic() - start


def yes(met):
    return "yes" if met else "no"


print(f"CPUs busy before: {busy():.0%} of {os.cpu_count()}")
rounds = [neighbours() for _ in range(options.rounds)]
priced = max(loss for row in rounds for loss, _ in row.values())
# What has no limit by host time is not measured by it.
losses = {does: statistics.median(row[does][1] for row in rounds)
          for does in rounds[0] if rounds[0][does][1] is not None}
times = [(seconds(1), seconds(2)) for _ in range(2 * options.rounds)]
faster = statistics.median(one / two for one, two in times)
one_s, two_s = (statistics.median(column) for column in zip(*times))
print(f"CPUs busy after: {busy():.0%}\n")

for does, loss in losses.items():
    spread = [row[does][1] for row in rounds]
    print(f"  beside one that {does:32} {loss:6.1%}  ({min(spread):.1%} to {max(spread):.1%})")
print(f"  eight VMs: {one_s:.2f} s with one thread, {two_s:.2f} s with two\n")
print("| what | goal | measured | met |")
print("| --- | --- | --- | --- |")
print(f"| loss of a victim beside six kinds of neighbour, priced exits | 1 % | {priced * 100:.2f} % "
      f"| {yes(priced <= LOSS_GOAL)} |")
least, most = min(losses.values()), max(losses.values())
print(f"| the same by the host's clock | 1 % | {least * 100:.1f} to {most * 100:.1f} % "
      f"| {yes(most <= LOSS_GOAL)} |")
print(f"| two threads, eight VMs | {SPEED_GOAL} | {faster:.2f} | {yes(faster >= SPEED_GOAL)} |")
