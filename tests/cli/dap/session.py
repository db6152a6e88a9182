# SPDX-License-Identifier: GPL-2.0-or-later
"""session.py - sessions of an editor's, as they should go."""
import os
import re
import socket
import subprocess

from client import Client

MINI = os.path.join(os.environ["PZ_GUESTS"], "mini.elf")
SYSCALL = os.path.join(os.environ["SRC"], "guestos/mini/kernel/syscall.c")
HAS_LINES = '"libdw"' in subprocess.run([os.environ["PZ"], "doctor", "--json"],
                                        capture_output=True, text=True).stdout


def states(client, count, command):
    """The states that so many instruction steps lead through."""
    seen = []
    for _ in range(count):
        stop = client.move(command, granularity="instruction")
        assert stop["reason"] == "step", stop
        seen.append((client.pc(), client.say("hash")))
    return seen


def test_back_and_forth():
    """From a system call's ECALL into the kernel, and back: the same states in reverse."""
    c = Client()
    assert c.open(args=["--append", "ls"])["reason"] == "entry"
    for name in ("StepBack", "InstructionBreakpoints", "DisassembleRequest", "ReadMemoryRequest",
                 "ConditionalBreakpoints", "DataBreakpoints", "SteppingGranularity",
                 "EvaluateForHovers", "TerminateRequest"):
        assert c.can["supports" + name] is True, name
    ecall = "inject 8"
    assert ecall in [f["filter"] for f in c.can["exceptionBreakpointFilters"]]
    assert c.ask("setExceptionBreakpoints", filters=[ecall])["breakpoints"][0]["verified"]
    stop = c.move("continue")
    assert stop["reason"] == "exception" and stop["hitBreakpointIds"], stop
    registers = c.variables("Registers")
    assert registers["mode"] == "supervisor"
    assert int(c.variables("CSRs")["scause"], 16) == 8
    entry = c.pc()
    c.move("stepBack", granularity="instruction")
    assert c.variables("Registers")["mode"] == "user"
    assert "ecall" in c.say("x/1i pc")
    assert c.move("stepIn")["reason"] == "exception", "points stop a step, too"
    c.ask("setExceptionBreakpoints", filters=[])
    c.move("stepBack", granularity="instruction")
    begin = (c.pc(), c.say("hash"))
    there = states(c, 12, "stepIn")
    assert there[0][0] == entry, "a step of ECALL goes to the handler"
    back = states(c, 12, "stepBack")
    assert back == there[-2::-1] + [begin], (there, back)
    assert states(c, 12, "stepIn") == there

    # The same trap stepped over: behind the ECALL, in user mode.
    states(c, 12, "stepBack")
    c.move("next", granularity="instruction")
    assert c.pc() == begin[0] + 4 and c.variables("Registers")["mode"] == "user"
    c.move("stepBack", granularity="instruction")
    assert c.variables("Registers")["mode"] == "supervisor"  # the SRET
    assert c.close() == 0


def test_breakpoints():
    """By function with a condition, by line, by instruction, on data; forwards and backwards."""
    c = Client()
    c.open(args=["--append", "ls"])
    rows = c.ask("setFunctionBreakpoints", breakpoints=[
        {"name": "syscall", "condition": "u32(a0 + 0x44) == 1"}, {"name": "nothing"}])
    one, two = rows["breakpoints"]
    assert one["verified"] and not two["verified"] and "nothing" in two["message"]
    stop = c.move("continue")
    assert stop["reason"] == "function breakpoint" and stop["hitBreakpointIds"] == [one["id"]]
    value = c.ask("evaluate", expression="u32(a0 + 0x44)", context="watch")["result"]
    assert value == "0x00000001", value
    frames = c.frames()
    assert frames[0]["name"] == "syscall" and frames[1]["name"].startswith("trap"), frames
    assert any(f.get("presentationHint") == "label" for f in frames), frames
    for n in range(1, 9):
        rows = [line for line in c.say(f"bt {n}").splitlines() if line.startswith("#")]
        assert len(rows) == min(n, len(frames) - 1), rows
    first = c.retired()
    assert c.move("continue")["reason"] == "function breakpoint"
    assert c.retired() > first
    assert c.move("reverseContinue")["reason"] == "function breakpoint"
    assert c.retired() == first
    assert c.move("reverseContinue")["reason"] == "entry" and c.retired() == 0
    c.ask("setFunctionBreakpoints", breakpoints=[])

    if HAS_LINES:
        row, = c.ask("setBreakpoints", source={"path": SYSCALL},
                     breakpoints=[{"line": 26}])["breakpoints"]
        assert row["verified"] and row["line"] == 26, row
        stop = c.move("continue")
        assert stop["reason"] == "breakpoint" and stop["hitBreakpointIds"] == [row["id"]], stop
        top = c.frames()[0]
        assert top["line"] == 26 and os.path.samefile(top["source"]["path"], SYSCALL), top
        assert not c.ask("setBreakpoints", source={"path": "/no/such.c"},
                         breakpoints=[{"line": 1}])["breakpoints"][0]["verified"]
        c.ask("setBreakpoints", source={"path": SYSCALL}, breakpoints=[])

    at = c.frames()[0]["instructionPointerReference"]
    c.ask("setInstructionBreakpoints",
          breakpoints=[{"instructionReference": at, "offset": 4}])
    assert c.move("continue")["reason"] == "instruction breakpoint"
    assert c.pc() == int(at, 16) + 4
    c.ask("setInstructionBreakpoints", breakpoints=[])

    c.move("reverseContinue")
    frame = c.frames()[0]["id"]
    csrs = c.ask("scopes", frameId=frame)["scopes"][1]["variablesReference"]
    info = c.ask("dataBreakpointInfo", variablesReference=csrs, name="satp")
    assert info["accessTypes"] == ["write"]
    rows = c.ask("setDataBreakpoints", breakpoints=[{"dataId": info["dataId"]},
                                                    {"dataId": "7 csr satp"}])["breakpoints"]
    assert rows[0]["verified"] and not rows[1]["verified"]
    assert c.move("continue")["reason"] == "data breakpoint"
    assert int(c.variables("CSRs")["satp"], 16) != 0
    info = c.ask("dataBreakpointInfo", name="0x1000", bytes=4)
    assert info["dataId"] == "0 0x1000 len 4", info
    assert c.ask("dataBreakpointInfo", name="nothing")["dataId"] is None
    assert c.close() == 0


def test_lines():
    """Steps by source line: in, over, out, back."""
    c = Client()
    c.open(args=["--append", "ls"])
    c.ask("setFunctionBreakpoints", breakpoints=[{"name": "syscall"}])
    c.move("continue")
    c.ask("setFunctionBreakpoints", breakpoints=[])
    places = [c.frames()[0]["line"]]
    for _ in range(4):
        c.move("next")
        frame = c.frames()[0]
        assert frame["name"].startswith("syscall"), frame
        places.append(frame["line"])
        assert places[-1] != places[-2], places
    begun = c.retired()
    c.move("stepIn")
    assert c.retired() > begun
    for line in reversed(places):
        c.move("stepBack")
        assert c.frames()[0]["line"] == line, (c.frames()[0], places)
    sp = c.variables("Registers")["sp"]
    c.move("stepOut")
    assert c.frames()[0]["name"].startswith("trap+"), c.frames()[0]
    assert c.variables("Registers")["sp"] == sp
    c.move("stepOut")
    assert c.variables("Registers")["mode"] == "supervisor"
    c.move("stepOut")
    assert c.variables("Registers")["mode"] == "user", "out of the trap itself"
    assert c.close() == 0


def test_looking():
    """Memory and disassembly, against the debugger's own words; expressions and commands."""
    c = Client()
    c.open(args=["--append", "ls"])
    c.ask("setFunctionBreakpoints", breakpoints=[{"name": "syscall"}])
    c.move("continue")
    pc = c.pc()
    rows = c.ask("disassemble", memoryReference=hex(pc), instructionOffset=-8,
                 instructionCount=20)["instructions"]
    assert len(rows) == 20 and int(rows[8]["address"], 16) == pc
    assert [int(r["address"], 16) for r in rows] == [pc - 32 + 4 * i for i in range(20)]
    assert rows[8]["symbol"] == "syscall"
    code = c.memory(pc, 8)
    assert rows[8]["instructionBytes"] == code[3::-1].hex()
    assert rows[8]["instruction"] in c.say("x/1i pc")
    rows = c.ask("disassemble", memoryReference="0xfffffffc", instructionOffset=-2,
                 instructionCount=9)["instructions"]
    assert len(rows) == 9 and rows[-1]["presentationHint"] == "invalid"
    body = c.ask("readMemory", memoryReference="0x90000000", count=16)
    assert body["data"] == "" and body["unreadableBytes"] == 16
    assert c.ask("evaluate", expression="pc + 4", context="hover")["result"] == f"0x{pc + 4:08x}"
    assert c.ask("evaluate", expression="pc", context="repl")["result"] == f"0x{pc:08x}"
    assert "nothing" in c.refused("evaluate", expression="nothing", context="watch")
    if HAS_LINES:
        got = c.ask("evaluate", expression="cpus[0].proc->name", context="hover")
        assert (got["result"], got["type"]) == ('"init"', "char[24]"), got
        got = c.ask("evaluate", expression="*cpus[0].proc", context="watch")
        assert got["result"].startswith("{") and got["result"].endswith("}"), got
        assert got["type"] == "struct proc", got
    assert c.refused("evaluate", expression="continue", context="hover")

    # A command that moves is told as any move.
    before = c.retired()
    c.say("back trap")
    assert c.event("stopped")["reason"] == "goto" and c.retired() < before
    assert c.say("why")
    assert c.close() == 0


def test_end():
    """Guests' output; the end, from where there is a way back; terminate."""
    c = Client()
    c.open(args=["--append", "echo hello"], stopOnEntry=False)
    assert "hello\n" in c.output
    assert "shut down" in c.refused("next", threadId=1)
    c.move("stepBack", granularity="instruction")
    assert c.move("continue")["reason"] == "end"
    c.ask("continue", threadId=1)
    assert c.event("exited")["exitCode"] == 0
    c.event("terminated")
    assert c.close() == 0

    c = Client()
    c.open(args=["--append", "ls"])
    c.ask("terminate")
    c.event("terminated")
    assert c.close() == 0


def test_pause():
    """A guest that waits for somebody to type runs until it is paused; requests are answered
    meanwhile; what is typed arrives."""
    c = Client()
    c.open(program=MINI)
    c.ask("continue", threadId=1)
    while "$ " not in c.output:
        c.take()
    assert "running" in c.refused("stackTrace", threadId=1)
    assert len(c.ask("threads")["threads"]) == 1
    c.ask("pause", threadId=1)
    assert c.event("stopped")["reason"] == "pause"
    c.say("type echo typed")
    c.ask("continue", threadId=1)
    while "\ntyped\n" not in c.output.replace("\r", ""):
        c.take()
    row, = c.ask("setFunctionBreakpoints", breakpoints=[{"name": "trap"}])["breakpoints"]
    assert row["verified"] and c.event("stopped")["reason"] == "function breakpoint"
    c.ask("continue", threadId=1)
    assert c.close() == 0


def test_two_vms():
    """A thread for each VM, each with its own registers and output."""
    c = Client()
    c.open(args=["--vms", "2", "--slice", "1000", "--append", "echo one", "--append", "echo two"])
    assert [t["id"] for t in c.ask("threads")["threads"]] == [1, 2]
    c.move("stepIn", threadId=2, granularity="instruction")
    assert c.retired(2) == 1
    c.ask("setFunctionBreakpoints", breakpoints=[{"name": "syscall"}])
    stops = []
    while not stops or stops[-1]["reason"] == "function breakpoint":
        stops.append(c.move("continue"))
    assert {s["threadId"] for s in stops[:-1]} == {1, 2}, stops
    assert stops[-1]["reason"] == "end", stops
    assert "[vm0] one\n" in c.output and "[vm1] two\n" in c.output, c.output
    assert c.close() == 0


def test_cpus():
    """A thread for each CPU of each VM: a step is that CPU's, forwards, over a call and back."""
    c = Client()
    c.open(program=os.path.join(os.environ["PZ_GUESTS"], "t_smp_lock.elf"),
           args=["--vms", "2", "--mem", "8M", "--cpus", "4", "--quantum", "500"])
    threads = c.ask("threads")["threads"]
    assert [t["id"] for t in threads] == list(range(1, 9))
    assert threads[0]["name"] == "vm0 cpu0 t_smp_lock.elf (supervisor)", threads
    assert threads[7]["name"].startswith("vm1 cpu3 "), threads
    c.ask("setFunctionBreakpoints", breakpoints=[{"name": "contend", "condition": "cpu == 2"}])
    stop = c.move("continue")
    assert stop["reason"] == "function breakpoint" and stop["threadId"] in (3, 7), stop
    c.ask("setFunctionBreakpoints", breakpoints=[])

    thread = stop["threadId"]
    first = 1 if thread == 3 else 5  # of this VM
    assert [int(c.variables("Registers", first + cpu)["s0"], 16) for cpu in (2, 0)] == [2, 0]
    others = {n: c.retired(n) for n in range(1, 9)}
    frames = {n: c.frames(n)[0]["id"] for n in (first, thread)}
    assert len(set(frames.values())) == 2, frames
    for n, cpu in ((first, 0), (thread, 2)):
        assert c.ask("evaluate", expression="cpu", frameId=frames[n])["result"] == f"0x{cpu:08x}"
        pc = c.ask("evaluate", expression="pc", frameId=frames[n], context="hover")["result"]
        assert int(pc, 16) == c.pc(n), (n, pc)
    begin = (c.pc(thread), c.retired(thread))
    for wanted in (1, 2, 3):
        stop = c.move("stepIn", threadId=thread, granularity="instruction")
        assert stop["reason"] == "step" and stop["threadId"] == thread, stop
        assert c.retired(thread) == begin[1] + wanted
    for wanted in (2, 1, 0):
        stop = c.move("stepBack", threadId=thread, granularity="instruction")
        assert stop["threadId"] == thread and c.retired(thread) == begin[1] + wanted, stop
    assert c.pc(thread) == begin[0]
    assert {n: c.retired(n) for n in others}[thread] == others[thread]

    # Another CPU's step, and out of what was stopped in: in its own frame.
    other = first + 1
    count = c.retired(other)
    stop = c.move("next", threadId=other, granularity="instruction")
    assert stop["threadId"] == other and c.retired(other) > count, stop
    c.move("next", threadId=thread, granularity="instruction")
    assert c.refused("stackTrace", threadId=9)
    assert c.close() == 0


def test_recording():
    """A recording brings all with it."""
    c = Client()
    c.open(recording="ls.pzr")
    assert c.move("continue")["reason"] == "end"
    assert "readme" in c.output
    assert "recording" in c.refused("evaluate", expression="type ls", context="repl")
    assert c.move("reverseContinue")["reason"] == "entry"
    assert c.close() == 0


def receive_until(client, word):
    """Reads from a socket until `word` has come: a message may come in several pieces."""
    got = b""
    while word not in got:
        piece = client.recv(65536)
        assert piece, got
        got += piece


def test_port():
    """The same at a port."""
    server = subprocess.Popen([os.environ["PZ"], "dap", "--port", "0"], stderr=subprocess.PIPE,
                              text=True)
    port = int(re.search(r"port (\d+)", server.stderr.readline()).group(1))
    with socket.create_connection(("127.0.0.1", port)) as client:
        body = b'{"seq":1,"type":"request","command":"initialize","arguments":{"adapterID":"x"}}'
        client.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        receive_until(client, b'"success":true')
        body = b'{"seq":2,"type":"request","command":"disconnect"}'
        client.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        receive_until(client, b'"disconnect"')
    assert server.wait() == 0


def test_launch_refused():
    """What cannot be launched, and why; another try is possible."""
    c = Client()
    c.ask("initialize", adapterID="pz")
    for wrong, why in (({"args": ["--no-such"]}, "no option"), ({"args": [1]}, "list of texts"),
                       ({"args": ["--gdb", "1"]}, "no place here"),
                       ({"program": "/no/such.elf"}, "/no/such.elf"),
                       ({"recording": "/no/such.pzr"}, "/no/such.pzr"),
                       ({"kernels": "x"}, "list of texts")):
        assert why in c.refused("launch", **wrong), wrong
    assert "launch something first" in c.refused("threads")
    c.ask("launch", args=["--append", "ls"])
    assert "already" in c.refused("launch", args=[])
    assert c.close() == 0


test_back_and_forth()
test_breakpoints()
if HAS_LINES:
    test_lines()
test_looking()
test_end()
test_pause()
test_two_vms()
test_cpus()
test_recording()
test_port()
test_launch_refused()
