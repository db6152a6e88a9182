# SPDX-License-Identifier: GPL-2.0-or-later
"""hostile.py - what no editor sends."""
import json
import os
import random
import subprocess

from client import Client

COMMANDS = ["initialize", "launch", "configurationDone", "setBreakpoints",
            "setFunctionBreakpoints", "setInstructionBreakpoints", "setExceptionBreakpoints",
            "dataBreakpointInfo", "setDataBreakpoints", "threads", "stackTrace", "scopes",
            "variables", "evaluate", "disassemble", "readMemory", "next", "stepIn", "stepOut",
            "stepBack", "reverseContinue", "pause", "attach", "completions", "", "\u2603" * 80]
NAMES = ["threadId", "frameId", "variablesReference", "expression", "context", "breakpoints",
         "source", "filters", "filterOptions", "name", "dataId", "memoryReference", "offset",
         "count", "instructionOffset", "instructionCount", "startFrame", "levels", "bytes",
         "granularity"]
VALUES = [None, True, 0, 1, 2, -1, 7, 64, 2**31, 2**63 - 1, -2**63, 1.5, 1e300, "", "pc", "0x0",
          "0xffffffff", "0x100000000", "-1", "syscall", "satp", "repl", "hover", "regs", "bt",
          "step", "back", "print (" + "(" * 80, "x" * 3000, "instruction", "line", "%s%n",
          "0 reg a0", "99 csr satp", "0 0x1000 len 4", "inject 13", "inject 99", [], {}, [[]],
          {"path": "syscall.c"}, {"path": ""}, {"path": 5}, [{"line": 26}], [{"line": -1}],
          [{"line": 26, "condition": "1 +"}], [{"name": "trap"}], [{"name": "a b c"}],
          [{"instructionReference": "0xc0000000", "offset": 3}], [{"dataId": "0 csr satp"}],
          [{"dataId": "0 ; x"}], ["trap"], ["inject 8", 5, None], [{"filterId": "switch"}]]


def only_server(data):
    """All that one server says to these bytes and the end of them, and its exit code."""
    ran = subprocess.run([os.environ["PZ"], "dap"], input=data, capture_output=True,
                         check=False)
    assert b"Sanitizer" not in ran.stderr and ran.returncode in (0, 1), ran
    answers, at = [], 0
    while at < len(ran.stdout):
        head, _, rest = ran.stdout[at:].partition(b"\r\n\r\n")
        length = int(head.removeprefix(b"Content-Length: "))
        answers.append(json.loads(rest[:length]))
        at += len(head) + 4 + length
    return answers, ran


def test_broken_headers():
    for data, why in ((b"Content-Length: x\r\n\r\n{}", "is not a number"),
                      (b"Content-Length: \r\n\r\n{}", "is not a number"),
                      (b"Content-Length: -5\r\n\r\n{}", "is not a number"),
                      (b"Content-Length: 99999999999999999999\r\n\r\n{}", "over the limit"),
                      (b"Content-Length: 4194305\r\n\r\n{}", "over the limit"),
                      (b"Content-Type: x\r\n\r\n{}", "has no Content-Length"),
                      (b"\r\n\r\n", "has no Content-Length"),
                      (b"{}\r\n\r\n", "not 'Name: value'"),
                      (b"a" * 5000, "longer than")):
        answers, ran = only_server(data)
        assert len(answers) == 1 and not answers[0]["success"], (data, answers)
        assert ran.returncode == 1 and b"not a message of" in ran.stderr, ran
        assert why in answers[0]["message"], (data, answers)
    for data in (b"", b"Content-Length: 5\r\n\r\n{}", b"Content-Le", bytes(range(256))):
        answers, ran = only_server(data)
        assert not answers and b"without disconnecting" in ran.stderr and ran.returncode == 1, ran


def test_no_json():
    """A message that is none is answered, and the next one is read."""
    c = Client()
    for body in (b"", b"{", b"[]", b"5", b'"x"', b"\xff\xfe", b"{}}", b'{"a":\0}', b"[" * 5000,
                 b"nul"):
        c.raw(b"content-length:%d\r\nX: y\r\n\r\n" % len(body) + body)
        message = c.take()
        assert not message["success"] and message["request_seq"] == 0, message
    for wrong in ({}, {"seq": 1}, {"type": "request"}, {"type": 5}, {"type": "request", "seq": "x"},
                  {"type": "request", "seq": 1, "command": 5},
                  {"type": "request", "seq": 1, "command": "threads", "arguments": 5}):
        c.send(wrong)
        assert not c.take()["success"]
    c.send({"type": "response", "seq": 1})  # of a request that was none: for nobody
    assert "not a request" in c.refused("attach")
    c.ask("initialize", adapterID="x")
    assert c.close() == 0


def arguments(rng):
    return {name: rng.choice(VALUES) for name in rng.sample(NAMES, rng.randrange(6))}


def test_random(seed, count):
    """Each request gets one answer, and the server is there at the end."""
    rng = random.Random(seed)
    c = Client()
    if seed % 2:
        c.open(args=["--append", "ls"])
        c.say("goto 60000")
    for _ in range(count):
        asked = arguments(rng)
        if rng.random() < 0.5:
            asked["threadId"] = 1
        command = rng.choice(COMMANDS)
        if command == "launch":
            asked["args"] = ["--append", "ls"]
        seq = c.start(command, **asked)
        try:
            c.answer(seq)
        except Exception as why:
            assert type(why).__name__ == "Refused", (command, asked, why)
    seq = c.start("pause", threadId=1)
    try:
        c.answer(seq)
    except Exception as why:
        assert "launch" in str(why), why
    assert c.close() == 0


def test_noise(seed):
    """Bytes, some of them changed, some lost."""
    rng = random.Random(seed)
    data = bytearray()
    for _ in range(40):
        body = json.dumps({"seq": 1, "type": "request", "command": rng.choice(COMMANDS),
                           "arguments": arguments(rng)}).encode()
        data += b"Content-Length: %d\r\n\r\n" % len(body) + body
    for _ in range(rng.randrange(5)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    if rng.random() < 0.5:
        del data[rng.randrange(len(data)):]
    only_server(bytes(data))


test_broken_headers()
test_no_json()
for n in range(8):
    test_random(n, 400)
for n in range(40):
    test_noise(n)
