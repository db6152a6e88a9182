#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes pz.js of pz.wasm, the Worker's modules, and the files that an installed pz shares; course.js of
the exercises' files.

    pack.py machine OUT WORKER.js PZ.wasm NAME=FILE...
    pack.py course OUT NAME=FILE...

Of an exercise, which is a folder, its text, its checks and what is handed in are taken.

A page from file:// may neither read files nor start a Worker from one, so all of it is in one
classic script, which puts {worker, wasm, share} into the variable PZ_LAB:

    worker   the text of the Worker's script: WORKER.js behind the modules that it imports
    wasm     the module, in the format of gzip, in base64
    share    the files in a tar archive by zstd, which finds what guests have in common; in base64

course.js puts such an archive into the variable PZ_COURSE: the page loads it with the first request that
is about exercises.

Modules are joined by plain rules: an import is one line, `import { a, b } from './x.js';`; an export
is the word in front of a declaration; no two modules have the same name at the top; a line that begins
with // is a comment, and left out, and no text goes over two lines.
"""
import base64
import ctypes
import ctypes.util
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

IMPORT = re.compile(r"^import \{[^}]*\} from '(\.[^']*)';\n", re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)
REMARK = re.compile(r"^\s*//.*\n|^ +", re.MULTILINE)


def join(path, seen):
    """The text of a module behind those that it imports, each once."""
    path = os.path.normpath(path)
    if path in seen:
        return ""
    seen.add(path)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    needed = "".join(join(os.path.join(os.path.dirname(path), name), seen) for name in IMPORT.findall(text))
    return needed + REMARK.sub("", EXPORT.sub("", IMPORT.sub("", text)))


def exercise(name, folder):
    """What of an exercise its text, its grader and a student need: not the guests of its checks."""
    with open(os.path.join(folder, "grader.json"), encoding="utf-8") as file:
        handed_in = {file["name"] for file in json.load(file)["files"]}
    for entry in sorted(os.listdir(folder)):
        if entry in handed_in or entry.endswith((".md", ".json")):
            yield f"{name}/{entry}", os.path.join(folder, entry)


def flat(files):
    """[name, path] of each file, those of exercises among them."""
    for name, path in files:
        yield from exercise(name, path) if os.path.isdir(path) else [(name, path)]


def archive(files):
    """A tar archive in which nothing depends on when or by whom it is made."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, path in files:
            info = tarfile.TarInfo(name)
            info.size = os.path.getsize(path)
            with open(path, "rb") as file:
                tar.addfile(info, file)
    return out.getvalue()


def zstd(data, level=22):
    """By the library that pz is linked with: Python has none of its own."""
    library = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    for name in ("ZSTD_compressBound", "ZSTD_compress"):
        getattr(library, name).restype = ctypes.c_size_t
    room = library.ZSTD_compressBound(ctypes.c_size_t(len(data)))
    packed = ctypes.create_string_buffer(room)
    size = library.ZSTD_compress(packed, ctypes.c_size_t(room), data, ctypes.c_size_t(len(data)), level)
    if library.ZSTD_isError(ctypes.c_size_t(size)):
        sys.exit("pack.py: zstd cannot pack the files")
    return packed.raw[:size]


def gzipped(data):
    """By zopfli if it is there: its files are a twentieth smaller, and are unpacked like others."""
    if shutil.which("zopfli"):
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            return subprocess.run(["zopfli", "--i5", "-c", file.name], stdout=subprocess.PIPE, check=True).stdout
    return gzip.compress(data, 9, mtime=0)


def text(data):
    return base64.b64encode(data).decode("ascii")


def packed(files):
    return text(zstd(archive(flat(file.split("=", 1) for file in files))))


def machine(worker, wasm, *files):
    with open(wasm, "rb") as file:
        module = file.read()
    joined = join(worker, set())
    return "PZ_LAB", {
        "worker": f"(() => {{\n// SPDX-License-Identifier: GPL-2.0-or-later\n'use strict';\n{joined}}})();\n",
        "wasm": text(gzipped(module)),
        "share": packed(files),
    }


def main():
    what, out, *words = sys.argv[1:]
    name, value = machine(*words) if what == "machine" else ("PZ_COURSE", packed(words))
    with open(out, "w", encoding="utf-8") as file:
        file.write(f"globalThis.{name} = {json.dumps(value)};\n")


main()
