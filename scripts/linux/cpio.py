#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""cpio.py DIR: the folder as a cpio archive of the kind that Linux unpacks at boot (newc), to
standard output. The same folder gives the same bytes; all belongs to root, and there is a console."""
import os
import stat
import sys

CONSOLE = (stat.S_IFCHR | 0o600, 5, 1)


def entry(out, number, name, mode, data=b"", device=(0, 0)):
    path = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(path), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + path
    for part in (head, data):
        out.write(part + b"\0" * (-len(part) % 4))


def content(path, mode):
    if stat.S_ISLNK(mode):
        return os.readlink(path).encode()
    if stat.S_ISREG(mode):
        with open(path, "rb") as file:
            return file.read()
    return b""


def names(top):
    for folder, folders, files in os.walk(top):
        folders.sort()
        for name in sorted(folders + files):
            yield os.path.relpath(os.path.join(folder, name), top)


def main():
    top, out = sys.argv[1], sys.stdout.buffer
    number = 1
    for name in sorted(names(top)):
        path = os.path.join(top, name)
        mode = os.lstat(path).st_mode
        entry(out, number, name, mode, content(path, mode))
        number += 1
    entry(out, number, "dev/console", CONSOLE[0], device=CONSOLE[1:])
    entry(out, 0, "TRAILER!!!", 0)


main()
