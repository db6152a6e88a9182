#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests of a session, a line each, for two places that have to give the same answers; or what
of answers does not depend on the place.

    requests.py write FOLDER ELF...     FOLDER: hostile ELF files; ELF: good ones, without sources
    requests.py plain FILE              of a file of answers
"""
import base64
import json
import os
import re
import sys

VIEWS = ["regs", "csrs", "dis", "memory", "walk", "tables", "pages", "exit", "why", "timeline"]


def file(path, name):
    with open(path, "rb") as opened:
        return {"do": "file", "name": name, "base64": base64.b64encode(opened.read()).decode()}


def write(folder, *elfs):
    requests = []
    for name in sorted(os.listdir(folder)):
        requests += [file(os.path.join(folder, name), name), {"do": "open", "argv": ["--engine", "spec", name]},
                     {"do": "run", "insns": 1000}]
    for path in elfs:
        name = os.path.basename(path)
        requests += [file(path, name),
                     {"do": "open", "argv": ["--engine", "predecode", "--vms", "2", "--append", "ls", name]},
                     {"do": "run", "insns": 400000}]
        for line in ["back trap", "back 1000", "into all", "page 0", "break 0", "no command"]:
            requests.append({"do": "command", "line": line})
        requests += [{"do": "view", "what": what} for what in VIEWS]
        requests += [{"do": "run", "insns": 10**6, "until": "trap"}, {"do": "goto", "total": 1234},
                     {"do": "input", "text": "x\r"}, {"do": "run", "insns": 10**7}]
    requests.append({"do": "verb", "argv": ["run", "--engine", "spec", "--append", "ls", "mini"]})
    requests.append({"do": "verb", "argv": ["run", "nothing.elf"]})
    requests += [{"do": "nothing"}, 7]
    for i, request in enumerate(requests):
        print(json.dumps({"id": i, **request} if isinstance(request, dict) else request))


def plain(path):
    """Without the session's folder, and what the host's clock says."""
    with open(path, encoding="utf-8") as opened:
        for line in opened:
            line = re.sub(r"(/[^ \"]*)?/(pz-web-[A-Za-z0-9]*|session)/", "SESSION/", line)
            line = re.sub(r"/[^ \"]*/guests/", "GUESTS/", line)
            line = re.sub(r": [0-9.]+ [a-zµ]?s, [0-9.]+ MIPS", ": TIME", line)
            sys.stdout.write(line)


{"write": write, "plain": plain}[sys.argv[1]](*sys.argv[2:])
