# SPDX-License-Identifier: GPL-2.0-or-later
"""Damages the debug information of a kernel at random, again and again: pz debug must stand it, and
the machine must not notice.

    damage.py PZ KERNEL ROUNDS SEED COMMANDS SECTION...

COMMANDS are the debugger's, separated by ';'; the last prints what every run must say. A SECTION is
the beginning of a name.
"""
import random
import struct
import subprocess
import sys

SECTION_HEADER = 40
SH_OFFSET, SH_SIZE = 16, 20


def sections(whole, wanted):
    """Where the headers of the sections are whose names begin so, and (offset, size) of each."""
    table = struct.unpack_from("<I", whole, 32)[0]
    count, names = struct.unpack_from("<HH", whole, 48)
    headers = [table + SECTION_HEADER * i for i in range(count)]
    rows = [struct.unpack_from("<10I", whole, header) for header in headers]
    texts = whole[rows[names][4]:][:rows[names][5]]
    return [(header, row[4], row[5]) for header, row in zip(headers, rows)
            if texts[row[0]:].startswith(wanted)]


def damage(whole, places):
    data = bytearray(whole)
    for _ in range(random.choice((1, 3, 30, 300))):
        _, offset, size = random.choice(places)
        byte = random.choice((0, 0xFF, 0x80, random.randrange(256)))
        data[offset + random.randrange(size)] = byte
    if random.random() < 0.3:
        header = random.choice(places)[0]
        number = random.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, len(whole)))
        struct.pack_into("<I", data, header + random.choice((SH_OFFSET, SH_SIZE)), number)
    return bytes(data)


def last_line(pz, data, commands):
    with open("bad.elf", "wb") as file:
        file.write(data)
    ran = subprocess.run([pz, "debug", "--append", "ls", "bad.elf"], input=commands, text=True,
                         errors="replace", capture_output=True, timeout=600, check=False)
    if ran.returncode not in (0, 1) or "Sanitizer" in ran.stderr or "runtime error" in ran.stderr:
        sys.exit(f"exit code {ran.returncode}: {ran.stderr[-500:]}")
    return ran.stdout.splitlines()[-1].split(" (")[0]


def main():
    pz, kernel, rounds, seed, commands, *wanted = sys.argv[1:]
    commands = "".join(command.strip() + "\n" for command in commands.split(";"))
    with open(kernel, "rb") as file:
        whole = file.read()
    places = sections(whole, tuple(name.encode() for name in wanted))
    right = last_line(pz, whole, commands)
    random.seed(int(seed))
    for _ in range(int(rounds)):
        if last_line(pz, damage(whole, places), commands) != right:
            sys.exit("damaged debug information made another run")


main()
