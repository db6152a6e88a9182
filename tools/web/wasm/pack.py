#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes pz.js of pz.wasm, the Worker's modules and the bundled guests.

    pack.py OUT WORKER.js PZ.wasm GUEST...

A page from file:// may neither read files nor start a Worker from one, so all of it is in one
classic script, which puts {worker, wasm, guests} into the variable PZ_LAB:

    worker   the text of the Worker's script: WORKER.js behind the modules that it imports
    wasm     the module, by gzip, in base64
    guests   a tar archive by zstd, which finds what the guests have in common; in base64

Modules are joined by plain rules: an import is one line, `import { a, b } from './x.js';`; an export
is the word in front of a declaration; no two modules have the same name at the top.
"""
import base64
import ctypes
import ctypes.util
import gzip
import io
import json
import os
import re
import sys
import tarfile

IMPORT = re.compile(r"^import \{[^}]*\} from '(\.[^']*)';\n", re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)


def join(path, seen):
    """The text of a module behind those that it imports, each once."""
    path = os.path.normpath(path)
    if path in seen:
        return ""
    seen.add(path)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    needed = "".join(join(os.path.join(os.path.dirname(path), name), seen) for name in IMPORT.findall(text))
    return needed + EXPORT.sub("", IMPORT.sub("", text))


def archive(paths):
    """A tar archive in which nothing depends on when or by whom it is made."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in paths:
            info = tarfile.TarInfo(os.path.basename(path))
            info.size = os.path.getsize(path)
            with open(path, "rb") as file:
                tar.addfile(info, file)
    return out.getvalue()


def zstd(data, level=19):
    """By the library that pz is linked with: Python has none of its own."""
    library = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    for name in ("ZSTD_compressBound", "ZSTD_compress"):
        getattr(library, name).restype = ctypes.c_size_t
    room = library.ZSTD_compressBound(ctypes.c_size_t(len(data)))
    packed = ctypes.create_string_buffer(room)
    size = library.ZSTD_compress(packed, ctypes.c_size_t(room), data, ctypes.c_size_t(len(data)), level)
    if library.ZSTD_isError(ctypes.c_size_t(size)):
        sys.exit("pack.py: zstd cannot pack the guests")
    return packed.raw[:size]


def text(data):
    return base64.b64encode(data).decode("ascii")


def main():
    out, worker, wasm, *guests = sys.argv[1:]
    with open(wasm, "rb") as file:
        module = file.read()
    joined = join(worker, set())
    lab = {
        "worker": f"(() => {{\n'use strict';\n{joined}}})();\n",
        "wasm": text(gzip.compress(module, 9, mtime=0)),
        "guests": text(zstd(archive(guests))),
    }
    with open(out, "w", encoding="utf-8") as file:
        file.write(f"globalThis.PZ_LAB = {json.dumps(lab)};\n")


main()
