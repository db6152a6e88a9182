#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
quiet.py - what can be measured only while the host has nothing else to do: what a VM loses to
neighbours of all kinds if turns are charged for by the host's clock, and how much faster eight VMs
are on two CPUs than on one. A minute or two; prints the rows of docs/cloud.md.

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
options = parser.parse_args()
build = os.path.abspath(options.build)
pz = os.path.join(build, "bin/pz")
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
            (row["priced_exits"], row["host_host"], row["host_time"]) for row in json.loads(text)["neighbours"]}


def seconds(threads, programs):
    """Elapsed time of eight VMs."""
    start = time.monotonic()
    subprocess.run([pz, "run", "--vms", "8", "--threads", str(threads), "--append", programs],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   stdin=subprocess.DEVNULL)
    return time.monotonic() - start


def compare_threads(programs):
    """Seconds with one thread and with two, and how much faster two are; medians."""
    times = [(seconds(1, programs), seconds(2, programs)) for _ in range(options.rounds)]
    return (*(statistics.median(column) for column in zip(*times)),
            statistics.median(one / two for one, two in times))


def yes(met):
    return "yes" if met else "no"


print(f"CPUs busy before: {busy():.0%} of {os.cpu_count()}")
rounds = [neighbours() for _ in range(options.rounds)]
priced = max(loss[0] for row in rounds for loss in row.values())
# What the victim's turns miss of its part of the time: valid on a busy host, too.
missed = max(statistics.median(row[does][2] for row in rounds) for does in rounds[0])
# What has no limit by host time is not measured by it.
losses = {does: statistics.median(row[does][1] for row in rounds)
          for does in rounds[0] if rounds[0][does][1] is not None}
computing = compare_threads("primes 3000000")
testing = compare_threads("usertests; usertests; usertests")
print(f"CPUs busy after: {busy():.0%}\n")

for does, loss in losses.items():
    spread = [row[does][1] for row in rounds]
    print(f"  beside one that {does:32} {loss:6.1%}  ({min(spread):.1%} to {max(spread):.1%})")
for name, (one_s, two_s, faster) in (("compute", computing), ("run mini's tests", testing)):
    print(f"  eight VMs that {name}: {one_s:.2f} s with one thread, {two_s:.2f} s with two: "
          f"{faster:.2f}")
print()
print("| what | goal | measured | met |")
print("| --- | --- | --- | --- |")
print(f"| loss of a victim beside six kinds of neighbour, priced exits | 1 % | {priced * 100:.2f} % "
      f"| {yes(priced <= LOSS_GOAL)} |")
least, most = min(losses.values()), max(losses.values())
print(f"| the same by the host's clock | 1 % | {least * 100:.1f} to {most * 100:.1f} % "
      f"| {yes(most <= LOSS_GOAL)} |")
print(f"| of that, time that the victim does not get | 1 % | {missed * 100:.1f} % "
      f"| {yes(missed <= LOSS_GOAL)} |")
print(f"| two threads, eight VMs: that compute; that run mini's tests | {SPEED_GOAL} "
      f"| {computing[2]:.2f}; {testing[2]:.2f} | {yes(computing[2] >= SPEED_GOAL)}; "
      f"{yes(testing[2] >= SPEED_GOAL)} |")
