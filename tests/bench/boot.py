#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
boot.py - what a boot of Linux costs (scripts/linux.sh builds it): CPU time of the whole process, bare,
under each monitor and on QEMU, in interleaved rounds. Prints the rows of docs/guests.md.

    python3 tests/bench/boot.py build/release [--linux build/linux] [--rounds 21] [--pz FILE]

Ratios are taken within rounds, and their median is shown. Every second round goes backwards, so that
what slowly changes on the host affects all alike. Build with optimisation at link time.
"""
import argparse
import glob
import os
import statistics
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
parser.add_argument("build")
parser.add_argument("--linux", default="build/linux")
parser.add_argument("--rounds", type=int, default=21)
parser.add_argument("--pz", help="another binary than the build's")
options = parser.parse_args()
build, linux = os.path.abspath(options.build), os.path.abspath(options.linux)
pz = os.path.abspath(options.pz) if options.pz else os.path.join(build, "bin/pz")
APPEND = "console=hvc0 rdinit=/init pz=true"
MACHINE = ["--machine", "virt", "--mem", "64M", "--initrd", f"{linux}/initrd.gz", "--append", APPEND]
TECHNIQUES = {
    "plain, lazy": [], "plain, trace": ["--shadow", "trace"], "plain, flush": ["--shadow", "flush"],
    "translate": ["--monitor", "translate"], "assist": ["--monitor", "assist"],
    "para": ["--monitor", "para"],
}


def qemu(folder):
    """The command, with our firmware linked for where QEMU loads such a kernel; None: there is no QEMU."""
    objects = sorted(glob.glob(f"{build}/guests/obj/shim/guestos/shim/*.o"))
    script = os.path.join(os.path.dirname(__file__), "../../guestos/shim/shim.ld")
    try:
        subprocess.run(["ld.lld", "-m", "elf32lriscv", "-nostdlib", "-static", "--gc-sections", "-T", script,
                        "--defsym=PAYLOAD=0x80400000", "-o", f"{folder}/shim.elf", *objects], check=True)
        subprocess.run(["llvm-objcopy", "-O", "binary", f"{folder}/shim.elf", f"{folder}/shim.bin"],
                       check=True)
        subprocess.run(["qemu-system-riscv32", "--version"], check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as problem:
        print(f"boot.py: without QEMU: {problem}", file=sys.stderr)
        return None
    return ["qemu-system-riscv32", "-M", "virt", "-cpu", "rv32,sstc=off", "-m", "64M", "-nographic",
            "-bios", f"{folder}/shim.bin", "-kernel", f"{linux}/Image", "-initrd", f"{linux}/initrd.gz",
            "-append", APPEND]


def seconds(command):
    """CPU time of one boot, which has to end well."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or b"is up" not in text:
        sys.exit(f"boot.py: {' '.join(command)}: {process.returncode}\n{text.decode(errors='replace')}")
    return usage.ru_utime + usage.ru_stime


def rounds(commands):
    """CPU times of each, by name."""
    times = {name: [] for name in commands}
    for number in range(-1, options.rounds):
        names = list(commands) if number % 2 else list(commands)[::-1]
        for name in names:
            taken = seconds(commands[name])
            if number >= 0: # the first round warms the host's caches
                times[name].append(taken)
    return times


def ratio(above, below):
    """Median of the ratios within rounds."""
    return statistics.median(a / b for a, b in zip(above, below))


with tempfile.TemporaryDirectory() as where:
    todo = {"bare": [pz, "bare", *MACHINE, f"{linux}/Image"]}
    todo |= {name: [pz, "run", "--vms", "1", *words, *MACHINE, f"{linux}/Image"]
             for name, words in TECHNIQUES.items()}
    emulator = qemu(where)
    if emulator:
        todo["QEMU"] = emulator
    found = rounds(todo)
print("| monitor | least | median | VM/bare | QEMU/VM |\n| --- | ---: | ---: | ---: | ---: |")
for row, taken in found.items():
    against = f"{ratio(found['QEMU'], taken):.2f}" if emulator else ""
    print(f"| `{row}` | {min(taken):.3f} s | {statistics.median(taken):.3f} s "
          f"| {ratio(taken, found['bare']):.2f} | {against} |")
