# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests by pz asm, and by clang: the bytes of their memory."""
import os
import pathlib
import struct
import subprocess

PZ = os.environ["PZ"]
SRC = pathlib.Path(os.environ["SRC"])
GUESTS = pathlib.Path(os.environ.get("PZ_GUESTS") or pathlib.Path(os.environ["BUILD"]) / "guests")


def program(path):
    """The entry, and all that is not zero, by address."""
    data = path.read_bytes()
    entry, at = struct.unpack_from("<II", data, 24)
    size, count = struct.unpack_from("<HH", data, 42)
    memory = {}
    for i in range(count):
        kind, offset, _, place, length = struct.unpack_from("<IIIII", data, at + i * size)
        if kind == 1:
            memory.update({place + k: byte for k, byte in enumerate(data[offset:offset + length])
                           if byte})
    return entry, memory


def compressed(source):
    return ".option rvc" in source.read_text()


def guests():
    for source in sorted((SRC / "tests/guest").glob("*.S")):
        yield source, GUESTS / f"t_{source.stem}.elf"
    for source in sorted((SRC / "examples").glob("[0-9]*/*.S")):
        yield source, GUESTS / "examples" / source.parent.name / f"{source.stem}.elf"


def main():
    same, wrong = 0, []
    for source, theirs in guests():
        if not theirs.exists():
            continue
        ours = pathlib.Path("ours.elf")
        made = subprocess.run([PZ, "asm", "-o", ours, source], capture_output=True, text=True,
                              check=False)
        if compressed(source):
            if made.returncode != 1 or "compressed" not in made.stderr:
                wrong.append(f"{source}: not refused")
        elif made.returncode:
            wrong.append(f"{source}: {made.stderr}")
        elif program(ours) != program(theirs):
            (entry, one), (other_entry, other) = program(ours), program(theirs)
            places = [at for at in sorted({*one, *other}) if one.get(at) != other.get(at)]
            wrong.append(f"{source}: {len(places)} bytes differ, from {places[:1]} on; "
                         f"entries {entry}, {other_entry}")
        else:
            same += 1
    print(f"{same} guests are the same")
    if wrong or same < 100:
        raise SystemExit("\n".join(wrong) or "too few guests")


main()
