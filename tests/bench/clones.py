#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
clones.py - what many VMs on one CPU cost each other: the CPU time of one VM that does N times the
work, divided by that of N clones which do it in turn. 100 % is a machine that loses nothing by
being divided. "Started" counts from the clones' first instruction on, with what each has to touch
and copy for the first time; "at work" is the twice as many instructions after that.

    python3 tests/bench/clones.py build/release [--counts 8,64] [--work 8] [--linux build/linux]

Work is whole rounds of what the guest repeats, since a phase of it is not like the whole: mini's are
measured (`--work` is in rounds), Linux's are short. It should be several turns, which are of 8
million instructions for 64 VMs or more. Whole runs are taken from each other, in
interleaved rounds; the figure is the median.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile

parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
parser.add_argument("build")
parser.add_argument("--counts", default="8,64,256", help="how many clones")
parser.add_argument("--work", type=float, default=0,
                    help="of each clone: million instructions of Linux (24), rounds of mini (3)")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--linux", help="where scripts/linux.sh has built it: for it instead of mini")
parser.add_argument("--options", default="--share", help="what the clones are started with")
options = parser.parse_args()
pz = os.path.join(os.path.abspath(options.build), "bin/pz")
linux = options.linux and os.path.abspath(options.linux)
os.chdir(tempfile.mkdtemp())

BUSY = ("while_true;_do_seq_1_300_|_sort_-r_|_sha256sum_>/dev/null;_ls_-l_/bin_|_grep_-c_sh_>/dev/null;"
        "_done")


COMMANDS = "forktest\nls\nprimes\ngrep the readme\n"


def mini_retired(count):
    """Instructions of a mini that goes round so often, and halts."""
    with open("rounds", "w", encoding="ascii") as file:
        file.write(COMMANDS * count)
    return run("run", "--vms", "1", "--mem", "16M", "--input", "rounds")[1]["vms"][0]["retired"]


def guest():
    """
    The words of `pz run` for a guest that never ends, where it has come to its work, and how many
    instructions a unit of work has.
    """
    if linux:
        return (["--machine", "virt", "--mem", "32M", "--initrd", f"{linux}/initrd.gz", "--append",
                 f"console=hvc0 rdinit=/init pz={BUSY}", f"{linux}/Image"], 90_000_000, 1e6)
    with open("commands", "w", encoding="ascii") as file:
        file.write(COMMANDS * 20_000)
    once = (mini_retired(10) - mini_retired(2)) / 8
    return ["--mem", "16M", "--input", "commands"], round(2 * once), once


def run(*words):
    """CPU seconds of the process, and what it says in JSON."""
    process = subprocess.Popen([pz, *words, "--json"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    text = process.stdout.read()
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_utime + used.ru_stime, json.loads(text), used.ru_maxrss / 1024


def clones(count, until):
    """CPU seconds of as many clones, each to its instruction `until`; and MiB of memory."""
    seconds, about, memory = run("clone", "--count", str(count), *options.options.split(),
                                 "--max-insns", str(until), "x.pzs")
    retired = {vm["retired"] for vm in about["vms"]}
    assert retired == {until}, f"not all came to {until}: {retired}"
    return seconds, memory


def measure(count, at, work):
    """The time of one that does it all, and of all that do a part, per instruction."""
    many = [clones(count, at + n) for n in (1, work, 3 * work)]
    alone = [clones(1, at + n)[0] for n in (1, work, work * (count + 1))]
    one = (alone[2] - alone[1]) / (work * count)
    started = (many[1][0] - many[0][0]) / (work * count)
    at_work = (many[2][0] - many[1][0]) / (2 * work * count)
    return one, started, at_work, many[2][1]


words, begin, unit = guest()
subprocess.run([pz, "run", "--vms", "1", *words, "--save", "x.pzs", "--save-at", str(begin),
                "--save-exit"], check=True, stdout=subprocess.DEVNULL,
               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
insns = round((options.work or (24 if linux else 3)) * unit)
print(f"{'Linux' if linux else 'mini'}, {insns / 1e6:.1f} million instructions each, {options.options}")
for n in map(int, options.counts.split(",")):
    rounds = [measure(n, begin, insns) for _ in range(options.rounds)]
    one, started, at_work, memory = (statistics.median(column) for column in zip(*rounds))
    print(f"{n:4} clones: alone {one * 1e9:5.2f} ns an instruction; started {started * 1e9:5.2f}, "
          f"{statistics.median(r[0] / r[1] for r in rounds):4.0%}; at work {at_work * 1e9:5.2f}, "
          f"{statistics.median(r[0] / r[2] for r in rounds):4.0%}; {memory:.0f} MiB; "
          f"load {os.getloadavg()[1]:.0f}", flush=True)
