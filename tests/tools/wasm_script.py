#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a script for tests/tools/hll of what wast2json has made of a WebAssembly test.

    wasm_script.py TEST.json >TEST.script

Left out, and counted on standard error: what is about floating point or references, modules that
import what is no function, names with a NUL, and modules in text that must be malformed (the
assembler's business).
What uses a module that is left out is left out too.
"""
import json
import os
import subprocess
import sys


def name(text):
    return text.encode().hex() or "00"


def value(v):
    kind = {"i32": "i", "i64": "I"}[v["type"]]
    return kind + v["value"]


def supported(values):
    return all(v["type"] in ("i32", "i64") for v in values)


class Script:
    def __init__(self, folder):
        self.folder, self.left_out, self.module = folder, 0, False
        self.lacking = {}

    def say(self, *words):
        print(*words)

    def action(self, a, what, expected):
        if a.get("module") or not self.module or "\0" in a["field"] or not supported(a.get("args", []) + expected):
            self.left_out += 1
        elif a["type"] == "get":
            self.say("get", name(a["field"]), "=", *map(value, expected))
        else:
            self.say(what, name(a["field"]), *map(value, a["args"]), "=", *map(value, expected))

    def command(self, c):
        kind = c["type"]
        path = os.path.join(self.folder, c.get("filename", ""))
        if kind == "module":
            self.module = self.loadable(path)
            if self.module:
                self.say("load", path)
        elif kind in ("assert_invalid", "assert_malformed") and c["module_type"] == "binary":
            self.say("refuse", path)
            self.module = False
        elif kind == "assert_uninstantiable" and self.loadable(path):
            self.say("trap-load", path)
            self.module = False
        elif kind in ("assert_return", "action"):
            self.action(c["action"], "call", c["expected"] if kind == "assert_return" else [])
        elif kind in ("assert_trap", "assert_exhaustion"):
            self.action(c["action"], "trap", [])
        else:
            self.left_out += 1

    def loadable(self, path):
        if path in self.lacking:
            self.left_out += 1
            print("left out:", os.path.basename(path), self.lacking[path], file=sys.stderr)
        return path not in self.lacking


def lacking(paths):
    """The machine's own verdict: modules that it must refuse for what it does not support."""
    check = subprocess.run([os.environ["HLL"], "--check", *paths], capture_output=True, text=True,
                           check=True)
    return dict(line.split(" ", 1) for line in check.stdout.splitlines())


with open(sys.argv[1], encoding="utf-8") as f:
    commands = json.load(f)["commands"]
script = Script(os.path.dirname(os.path.abspath(sys.argv[1])))
script.lacking = lacking([os.path.join(script.folder, c["filename"]) for c in commands
                          if c.get("filename", "").endswith(".wasm")])
for c in commands:
    script.command(c)
print(script.left_out, "left out", file=sys.stderr)
