# SPDX-License-Identifier: GPL-2.0-or-later
"""The session protocol, with what holds of a run whichever way it is looked at."""
import base64
import json
import os
import random
import subprocess

PZ = os.environ["PZ"]


class Session:
    def __init__(self):
        self.process = subprocess.Popen([PZ, "web", "--stdio"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.count = 0

    def line(self, text):
        self.process.stdin.write(text + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def ask(self, **request):
        self.count += 1
        answer = self.line(json.dumps({"id": self.count, **request}).encode())
        assert answer["id"] == self.count, answer
        return answer

    def get(self, **request):
        answer = self.ask(**request)
        assert answer["ok"], (request, answer)
        return answer

    def view(self, what, **more):
        return self.get(do="view", what=what, **more)["view"]

    def refused(self, **request):
        answer = self.ask(**request)
        assert not answer["ok"] and answer["error"], (request, answer)
        return answer["error"]

    def close(self):
        self.process.stdin.close()
        assert self.process.wait() == 0


def batch(lines, options):
    """What pz debug says, as JSON."""
    said = subprocess.run([PZ, "debug", "--json", *options], input="\n".join(lines), text=True,
                          capture_output=True, check=False).stdout
    return [json.loads(line) for line in said.splitlines()]


def debugger(s):
    """Commands give what pz debug gives."""
    lines = ["trap 3", "regs", "csrs", "pt pc", "why", "into all", "back 10", "hash", "bt"]
    s.get(do="open", argv=["--vms", "2", "--append", "ls"])
    for line, theirs in zip(lines, batch(lines, ["--vms", "2", "--append", "ls"])):
        ours = s.ask(do="command", line=line)
        assert ours["text"] == theirs["text"], line
        assert (ours["data"] or {}) == theirs["data"], line
        assert ours["at"]["mode"] == theirs["mode"], line


def console_of(s, answer, consoles):
    for row in answer["at"]["console"]:
        consoles[row["vm"]] = ("" if row.get("reset") else consoles.get(row["vm"], "")) + row["text"]


def runs(s):
    """In pieces, back and forth: the same run; the console is what was printed up to there."""
    argv = ["--vms", "2", "--append", "ls; echo häß"]
    s.get(do="open", argv=argv)
    whole = s.get(do="run", insns=10 ** 9)
    assert whole["why"] == "end", whole["why"]
    wanted, hash_there = {}, s.get(do="command", line="hash")["data"]["hash"]
    console_of(s, whole, wanted)
    total = whole["at"]["total"]
    consoles = {}
    s.get(do="open", argv=argv)
    places = [random.Random(7).randrange(total) for _ in range(6)]
    for place in [*places, 0]:
        answer = s.get(do="goto", total=place)
        assert answer["at"]["total"] >= place
        console_of(s, answer, consoles)
    assert not any(consoles.values()), consoles
    while (answer := s.get(do="run", insns=99999))["why"] == "budget":
        console_of(s, answer, consoles)
    console_of(s, answer, consoles)
    assert consoles == wanted and answer["at"]["total"] == total
    assert s.get(do="command", line="hash")["data"]["hash"] == hash_there
    timeline(s, answer["at"])


def timeline(s, at):
    """However it is cut, all exits are counted."""
    hash_there = s.get(do="command", line="hash")["data"]["hash"]
    for buckets in (1, 7, 1000):
        view = s.view("timeline", buckets=buckets)
        for vm in at["vms"]:
            rows = [row for row in view["rows"] if row["vm"] == vm["vm"]]
            assert all(sum(row["counts"]) == row["total"] for row in rows)
            exits = sum(row["total"] for row in rows if row["kind"] not in ("switch", "interrupt"))
            assert exits == vm["exits"], (exits, vm)
    whole = s.view("timeline", buckets=3)
    first = s.view("timeline", to=at["total"] // 2)
    second = s.view("timeline", **{"from": first["to"] + 1})
    assert exits_of(whole) == exits_of(first) + exits_of(second)
    narrow(s, s.view("timeline", buckets=4096), whole)
    assert s.get(do="command", line="hash")["data"]["hash"] == hash_there


def exits_of(view):
    return sum(row["total"] for row in view["rows"])


def narrow(s, fine, whole):
    """A stretch in which single instructions are told apart is run again; from elsewhere nothing is, and all is known."""
    again = s.get(do="prepare", insns=0)["again"]
    s.get(do="goto", total=0)
    assert s.view("timeline", buckets=3, to=whole["known"])["rows"] == whole["rows"]
    assert s.get(do="prepare", insns=0)["again"] == again
    bucket = max(range(fine["buckets"]), key=lambda i: sum(row["counts"][i] for row in fine["rows"]))
    begin = fine["from"] + bucket * fine["width"]
    close = s.view("timeline", buckets=4096, to=begin + fine["width"] - 1, **{"from": begin})
    assert close["width"] == 1 < fine["width"]
    assert sum(row["counts"][bucket] for row in fine["rows"]) == exits_of(close) > 0
    s.get(do="run", insns=10 ** 9)


def ahead(s):
    """Idle work leaves the machine as it is, and a checkpoint near the last exit: the way back to it is short."""
    argv = ["--vms", "2", "--checkpoint-every", "4000000", "--append", "usertests", "mini"]
    again = []
    for prepares in (False, True):
        s.get(do="open", argv=argv)
        here = s.get(do="run", insns=15900000)["at"]
        hash_here = s.get(do="command", line="hash")["data"]["hash"]
        pieces = 0
        while prepares and s.get(do="prepare", insns=100000)["more"] and pieces < 1000:
            pieces += 1
            if pieces % 7 == 3:
                assert s.view("regs")["pc"] == here["pc"]
        assert pieces > 10 or not prepares, pieces
        assert s.get(do="command", line="hash")["data"]["hash"] == hash_here
        before = s.get(do="prepare", insns=0)["again"]
        there = s.get(do="command", line="back trap")["at"]
        again.append(s.get(do="prepare", insns=0)["again"] - before - (here["total"] - there["total"]))
        assert s.get(do="goto", total=here["total"])["at"]["total"] == here["total"]
        assert s.get(do="command", line="hash")["data"]["hash"] == hash_here
    assert again[0] > 3000000 and again[1] < 700000, again


def typing(s):
    s.get(do="open", argv=["mini"])
    assert s.get(do="run", insns=10 ** 9)["why"] == "input"
    s.get(do="input", text="echo typed\r")
    answer = s.get(do="run", insns=10 ** 9)
    assert answer["why"] == "input"
    assert answer["at"]["console"][0]["text"] == "echo typed\ntyped\n$ ", answer["at"]["console"]
    assert "room" in s.refused(do="input", text="x" * 2000)
    s.get(do="command", line="break syscall")
    s.get(do="input", text="ls\r")
    assert s.get(do="run", insns=10 ** 9)["why"] == "stop"
    assert s.get(do="run", insns=10 ** 9, until="trap")["why"] == "stop"
    s.get(do="command", line="delete")


def views(s):
    for argv in (["--append", "ls"], ["--monitor", "assist", "--engine", "spec", "--append", "ls"]):
        s.get(do="open", argv=argv)
        s.get(do="command", line="trap 40")
        regs, csrs = s.view("regs"), s.view("csrs")
        assert len(regs["regs"]) == 32 and any(row["changed"] for row in regs["regs"])
        assert {"name", "virtual", "real", "changed", "before"} == csrs["csrs"][0].keys()
        pages = s.view("pages")
        assert sum(run["count"] for run in pages["runs"]) == pages["count"]
        walk = s.view("walk", gva=regs["pc"])
        assert walk["mapped"] and walk["guest_walk"]["result"] == "mapped"
        last = walk["pmap_walk"]["levels"][-1]
        assert last["to"] == walk["machine"] & ~0xfff, walk
        if walk["stage"] == "shadow" and walk["shadow"]:
            assert walk["shadow_walk"]["levels"][-1]["entry"] == walk["shadow"]
        code = s.view("dis", count=3)
        assert code["insns"][0]["address"] == regs["pc"] == code["pc"]
        data = base64.b64decode(s.view("memory", address=regs["pc"], count=4)["base64"])
        assert int.from_bytes(data, "little") == code["insns"][0]["raw"]
        path = s.view("exit")
        assert path["steps"][0]["step"] == "exit" and path["steps"][0]["lane"] == "cpu"
        assert all(step["lane"] in path["lanes"] for step in path["steps"])
        assert "Done" in s.view("why")["text"]
        assert s.view("tables")["vms"][0]["kernel"]["mapped"]
        s.view("source")


def files(s):
    here = subprocess.run([PZ, "classify", "--witness", "csrrs.sstatus/state-1", "--elf", "w.elf"],
                          capture_output=True, check=True)
    assert here
    with open("w.elf", "rb") as file:
        s.get(do="file", name="w.elf", base64=base64.b64encode(file.read()).decode())
    assert s.get(do="open", argv=["--mem", "1M", "w.elf"])["vms"][0]["kernel"] == "w.elf"
    for name in ("", ".", "..", "../x", "a/b", "/etc/passwd", "-x", "a,b", "x" * 200, "a\nb"):
        s.refused(do="file", name=name, base64="")
    for text in ("A", "AAA", "A===", "AA=A", "AB==", "AAB=", "A A=", "AAAA\n", "=AAA"):
        s.refused(do="file", name="x", base64=text)


def snapshots(s):
    """A snapshot is opened where it was saved, and goes on as the run did. What it names on the host is not read."""
    run = ["run", "--vms", "2", "--append", "ls", "--save", "ls.pzs", "--save-at", "100000"]
    subprocess.run([PZ, *run], capture_output=True, check=True)
    with open("ls.pzs", "rb") as file:
        saved = file.read()
    s.get(do="file", name="ls.pzs", base64=base64.b64encode(saved).decode())
    assert s.get(do="open", argv=["ls.pzs"])["at"]["vms"][0]["retired"] == 100000
    there = s.get(do="run", insns=10 ** 9)
    whole = s.get(do="open", argv=["--vms", "2", "--append", "ls"]) and s.get(do="run", insns=10 ** 9)
    assert there["why"] == whole["why"] == "end"
    assert [vm["retired"] for vm in there["at"]["vms"]] == [vm["retired"] for vm in whole["at"]["vms"]]
    with open("mine.elf", "wb") as mine, open(f"{os.environ['PZ_GUESTS']}/mini.elf", "rb") as mini:
        mine.write(mini.read())
    subprocess.run([PZ, *run, "mine.elf"], capture_output=True, check=True)
    with open("ls.pzs", "rb") as file:
        s.get(do="file", name="mine.pzs", base64=base64.b64encode(file.read()).decode())
    assert "'mine.elf'" in s.refused(do="open", argv=["mine.pzs"])


def words(s):
    """No word of a page's reaches a file or socket of the host."""
    for argv in (["/etc/passwd"], ["../w.elf"], ["--input", "/etc/passwd"], ["--input=-"],
                 ["--disk", "/dev/sda"], ["--initrd=../x"], ["--dtb", "dump"], ["--gdb", "1"],
                 ["-x", "f"], ["--execute=f"], ["--exec=f"], ["--net", "user"], ["--batch"],
                 ["--append"], ["--engine", "nonsense"], ["--vms", "0"], ["--"], ["-"], [""],
                 ["--help"], [1], "mini", {"a": 1}, ["mini"] * 300, ["--variant", "list"]):
        s.refused(do="open", argv=argv)
    for argv in (["serve"], [], ["run", "--name", "x"], ["run", "--record", "f"], ["gdb"],
                 ["grade", "--all", "."], ["grade", "01", "/etc/passwd"], ["compare", "--svg", "/tmp/x"],
                 ["web", "--stdio"], ["map", "/etc/passwd"], ["run", "--trace=x"], None, 5):
        s.refused(do="verb", argv=argv)
    answer = s.get(do="verb", argv=["classify", "--only", "wfi", "--json"])
    assert answer["status"] == 0 and json.loads(answer["out"])["schema"].startswith("pz-classify")
    assert s.get(do="verb", argv=["map", "--vms", "0"])["status"] == 2
    assert "<svg" not in s.get(do="verb", argv=["version"])["out"]


GUEST = """#include "guest.inc"
main:
    li a0, VALUE
    j pass
"""


def programs(s):
    """A source becomes a guest that runs; mistakes have their lines; exercises have their points."""
    wrong = s.get(do="assemble", source=GUEST + "    lw a0, 5000(sp)\n    lwx a0\n")
    assert "file" not in wrong
    assert [row["line"] for row in wrong["diagnostics"]] == [3, 5, 6], wrong["diagnostics"]
    wrong = s.get(do="assemble", source="#define VALUE 7\n" + GUEST + "    lw a0, 5000(sp)\n")
    assert [row["line"] for row in wrong["diagnostics"]] == [6], wrong["diagnostics"]
    made = s.get(do="assemble", source="#define VALUE 7\n" + GUEST, name="mine.S")
    assert made["file"] == "mine.elf" and not made["diagnostics"]
    assert base64.b64decode(made["base64"])[:4] == b"\x7fELF"
    s.get(do="open", argv=["--mem", "8M", "mine.elf"])
    assert s.get(do="run", insns=100000)["at"]["console"][0]["text"].startswith("ok ")
    s.refused(do="assemble", source="", name="../x.S")
    exercises = {row["name"]: row for row in s.get(do="exercises")["exercises"]}
    assert exercises["02-witness"]["kind"] == "assembly"
    assert "popf.S" in exercises["02-witness"]["files"]
    one = exercises["01-classify"]
    grade = s.get(do="grade", exercise="01-classify", files=one["files"])["grade"]
    assert grade["of"] == one["points"] and grade["schema"] == "pz-grade/1"
    s.refused(do="grade", exercise="99-none", files={"answers.txt": ""})
    s.refused(do="grade", exercise="--list", files={"answers.txt": ""})
    s.refused(do="grade", exercise="01-classify", files={"../x": ""})


VALUES = [None, True, -1, 0, 1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63 - 1, 1.5, 1e300, "", "x", "trap", [],
          {}, ["mini"], {"a": {}}]
MEMBERS = ["name", "base64", "argv", "line", "insns", "until", "vm", "text", "what", "gva", "from",
           "to", "buckets", "address", "count", "total", "retired", "physical", "id"]


def hostile(s):
    """Anything is answered, and the session goes on."""
    chance = random.Random(20)
    asks = ["hello", "file", "open", "command", "goto", "input", "prepare", "view", "close", "run", "x", None, 7]
    looks = ["regs", "csrs", "dis", "memory", "source", "pages", "tables", "walk", "exit", "why",
             "timeline", "x"]
    for text in (b"", b"null", b"[]", b"7", b'"x"', b"{", b'{"do"', b"\xff\xfe", b'{"do":"\\ud800"}',
                 b"[" * 50000, b'{"a":' * 50000, b"{\0}", b'{"do":"hello"}}', b"1e999", b"x" * 1000,
                 b'{"do":"file","name":"a\\u0000b","base64":""}'):
        assert not s.line(text)["ok"], text[:40]
    assert "too long" in s.line(b'{"do":"hello","x":"' + b"x" * (1 << 20) + b'"}')["error"]
    assert "too long" in s.line(b"x" * (97 << 20))["error"]
    for turn in range(600):
        if turn % 100 == 50:
            s.get(do="open", argv=["--append", "ls"])
        request = {"do": chance.choice(asks)}
        for member in chance.sample(MEMBERS, chance.randrange(5)):
            request[member] = chance.choice(VALUES)
        if request["do"] == "view" and chance.randrange(4):
            request["what"] = chance.choice(looks)
        if request.get("insns") and request["do"] == "run":
            request["insns"] = chance.choice([0, -1, 1000, "x"])
        answer = s.line(json.dumps(request).encode())
        assert answer["ok"] in (True, False), answer
    s.get(do="hello")


def ends_early():
    """Told to end as soon as it has its folder, a session removes it."""
    for _ in range(20):
        process = subprocess.Popen([PZ, "web", "--stdio"], stdin=subprocess.PIPE)
        while not os.listdir(os.environ["TMPDIR"]):
            assert process.poll() is None, "no session"
        process.terminate()
        process.stdin.close()
        assert process.wait() == 0
        assert not os.listdir(os.environ["TMPDIR"]), "the folder is left"


def main():
    ends_early()
    s = Session()
    hello = s.get(do="hello")
    assert hello["where"] == "native" and "mini" in hello["guests"]
    assert {"step", "why"} <= {command["name"] for command in hello["commands"]}
    s.refused(do="view", what="regs")
    for part in (debugger, runs, ahead, typing, views, files, snapshots, words, programs, hostile):
        part(s)
    s.close()


main()
