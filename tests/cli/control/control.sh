#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A run that listens: found by name, paused, saved, metered and stopped; its socket is its owner's
# alone; and clients that are malformed, slow, half closed or many harm neither it nor each other.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
export XDG_RUNTIME_DIR=$PWD/runtime
mkdir runtime

run 0 list
[[ ! -s out ]] || fail 'runs out of nowhere'
yes forktest | head -n 100000 >many
"$PZ" run --vms 2 --input many --name a >run.out 2>run.err </dev/null &
pid=$!
until_by "$pid" test -s run.out
[[ $(stat -c %a runtime/page-zero/a.sock) == 700 ]] || fail 'others may use the socket'
[[ $(stat -c %a runtime/page-zero) == 700 ]] || fail 'others may look into the directory'

run 0 list
in_file out 'vm1 running  instructions '
run 0 list --json
json out 'd["schema"] == "pz-list/1" and d["runs"][0]["name"] == "a" and len(d["runs"][0]["vms"]) == 2'

json out 'd["runs"][0]["answers"] is True'

# One whose process is stopped is listed too, and does not hide it.
kill -STOP "$pid"
run 0 list
[[ $(<out) == 'a  does not answer' ]] || fail 'a process that is stopped is not listed as such'
run 0 list --json
json out 'd["runs"] == [{"name": "a", "answers": False}]'
kill -CONT "$pid"

# Paused, it stands still: at one instruction.
run 0 pause a
cp out before
in_file out 'vm0 paused'
run 0 stats --json a
json out 'd["vms"][0]["state"] == "paused" and d["vms"][0]["instructions"] > 0 and d["vms"][1]["pages"] > 0'
cp out stats
run 0 pause a
cmp -s before out || fail 'what is paused goes on'
run 0 stats --prometheus a
in_file out '# TYPE pz_instructions_total counter'
grep -qxE 'pz_instructions_total\{vm="0"\} [0-9]+' out || fail 'no count of instructions'
grep -qxE 'pz_page_seconds_total\{vm="1"\} [0-9.e+-]+' out || fail 'no page-seconds'
cp out metrics
[[ $(python3 "$SRC/tests/cli/control/metrics.py" metrics) == 24 ]] || fail 'not the format of Prometheus'
python3 - <<'END' || fail 'JSON and Prometheus say different things'
import json, re
vms = json.load(open("stats"))["vms"]
text = open("metrics").read()
for k in (0, 1):
    assert int(re.search(r'pz_instructions_total\{vm="%d"\} (\d+)' % k, text)[1]) == vms[k]["instructions"]
    assert int(re.search(r'pz_exits_total\{vm="%d"\} (\d+)' % k, text)[1]) == vms[k]["exits"]
END

# Saved while it is paused, and gone on with elsewhere: from that instruction.
run 0 save a -o a.pzs
in_file out 'vm0 paused'
run 1 restore --max-insns 1 a.pzs
run 0 save a -o since.pzs --since a.pzs
(($(stat -c %s since.pzs) < $(stat -c %s a.pzs))) || fail 'what has not changed is saved again'
run 1 restore --max-insns 1 since.pzs
run 1 save a -o a.pzs --since a.pzs
in_file err 'is needed by the snapshot'
run 2 clone a
in_file err 'has 2 VMs: only one that was saved alone can be cloned'
! ls runtime/page-zero/clone.* 2>/dev/null || fail 'a file is left in the directory of sockets'
run 1 save a -o /no/such/file
in_file err 'cannot be written'
run 2 save a
in_file err '-o FILE'
run 0 resume --vm 1 a
in_file out 'vm1 running'
run 1 pause --vm 7 a
in_file err 'there is no such VM'
run 0 resume a
run 3 run --vms 1 --append ls --name a
in_file err 'another run has this name'

# Clients that behave as they like.
python3 - runtime/page-zero/a.sock <<'END' || fail 'a client got something else'
import json, os, socket, sys
path = sys.argv[1]
def client():
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)
    s.settimeout(600)
    return s
def lines(s):
    return [json.loads(l) for l in s.makefile("rb")]
def ask(data):
    s = client()
    s.sendall(data)
    s.shutdown(socket.SHUT_WR)  # half closed: it is answered all the same
    return lines(s)
def good(do, **more):
    return json.dumps({"pz-control": 1, "do": do, **more}).encode() + b"\n"
assert ask(good("status", id=5))[0]["id"] == 5
assert [a["id"] for a in ask(b"".join(good("status", id=i) for i in range(50)))] == list(range(50))
for bad in (b"\n", b"x\n", b"{\n", b"[]\n", b"null\n", b"1\n", b"{}\n", b"\xff\xfe\n", b"\0\n",
            b'{"do":"status"}\n', b'{"pz-control":2,"do":"status"}\n', b'{"pz-control":1,"do":"x"}\n',
            b'{"pz-control":1,"do":7}\n', b'{"pz-control":1,"do":"status","vm":-1}\n',
            b'{"pz-control":1,"do":"status","vm":2}\n', b'{"pz-control":1,"do":"status","vm":"0"}\n',
            b'{"pz-control":1,"do":"save"}\n', b'{"pz-control":1,"do":"save","file":"x"}\n',
            b'{"pz-control":1,"do":"save","file":"/dev/null/x","stop":"yes"}\n',
            b'{"pz-control":1,"do":"status","stop":1}\n', b'{"pz-control":1,"do":"clone","share":0}\n',
            b"[" * 8000 + b"\n"):
    answers = ask(bad)
    assert len(answers) == 1 and answers[0]["ok"] is False and answers[0]["error"], (bad, answers)
answers = ask(b"x" * 100000)
assert answers[-1]["error"] == "a line is too long" and answers[-1]["pz-control"] == 1, answers
assert ask(b'{"pz-control"') == []
# Many that say nothing, and one that never reads: others are served.
silent = [client() for _ in range(60)]
flood = client()
flood.setblocking(False)
sent = 0
try:
    while sent < 50 << 20:
        sent += flood.send(good("metrics") * 100)
except (BlockingIOError, BrokenPipeError, ConnectionResetError):
    pass
for _ in range(20):
    assert ask(good("status"))[0]["ok"]
s = client()
for byte in good("status"):
    s.send(bytes([byte]))
assert json.loads(s.makefile("rb").readline())["ok"]
# Many silent ones make room for each other: one that asks stays, and one that looks at a console.
def answer_of(s):
    line = b""
    while not line.endswith(b"\n"):
        line += s.recv(1)
    return json.loads(line)
s.sendall(good("pause"))
assert answer_of(s)["ok"]
looks = client()
looks.sendall(good("console", vm=1))
assert answer_of(looks)["ok"]
for _ in range(60):
    silent.append(client())
    s.sendall(good("status"))
    assert answer_of(s)["ok"]
looks.setblocking(False)
try:
    assert looks.recv(1) != b"", "a console was closed"
except BlockingIOError:
    pass
s.sendall(good("resume"))
assert answer_of(s)["ok"]
END
grep -E 'VmHWM' "/proc/$pid/status" >memory
(($(grep -o '[0-9]*' memory) < 2000000)) || fail "clients took its memory: $(<memory)"

for words in 'list a' 'list --to unix:x' 'pause --bandwidth 1 a' 'kill --stop a' 'save --vm 0 -o x a' \
    'stop --vm 0 a' 'stats --since x a' 'set --prometheus a cap=5' 'console --json a' 'resume a b'; do
    # shellcheck disable=SC2086  # several words
    run 2 $words
done

run 0 kill --vm 0 a
in_file out 'vm0 killed'
run 0 stop a
wait "$pid" || fail 'the run did not end well'
in_file run.err 'killed'
[[ ! -e runtime/page-zero/a.sock ]] || fail 'the socket was left behind'
run 2 stats a
in_file err "no run 'a' (pz list shows them)"

# Clones as a verb: a process of their own, with a socket of their own; the run goes on.
rm run.out
"$PZ" run --vms 1 --input many --name a >run.out 2>run.err </dev/null &
pid=$!
until_by "$pid" test -s run.out
python3 - runtime/page-zero/a.sock <<'END' || fail 'clones are refused, or not'
import json, socket, sys
def ask(**fields):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    s.sendall(json.dumps({"pz-control": 1, "do": "clone", **fields}).encode() + b"\n")
    return json.loads(s.makefile("rb").readline())
for wrong in ({}, {"name": 7}, {"name": "../x"}, {"name": "unix:/x"}, {"name": "a"},
              {"name": "b", "count": 0}, {"name": "b", "count": 2000}, {"name": "b", "count": "2"}):
    answer = ask(**wrong)
    assert answer["ok"] is False and answer["error"].startswith("clone:"), (wrong, answer)
answer = ask(name="b", count=3)
assert answer["ok"] and answer["name"] == "b" and answer["process"] > 1, answer
END
until_so test -S runtime/page-zero/b.sock
run 0 list --json
json out '{r["name"]: len(r["vms"]) for r in d["runs"]} == {"a": 1, "b": 3}'
run 0 stop a
wait "$pid"
run 0 pause b
in_file out 'vm2 paused'
run 0 stop b
! ls runtime/page-zero/clone.* 2>/dev/null || fail 'a file is left in the directory of sockets'

# A run that was killed leaves its socket: not listed, and its name is free.
rm run.out
"$PZ" run --vms 1 --input many --name a >run.out 2>run.err </dev/null &
pid=$!
until_by "$pid" test -s run.out
kill -KILL "$pid"
wait "$pid" 2>/dev/null
run 0 list
[[ ! -s out ]] || fail 'a dead run is listed'
[[ ! -e runtime/page-zero/a.sock ]] || fail 'the socket of a dead run stays'
run 0 run --vms 1 --append ls --name a

# Elsewhere; and what is refused.
rm run.out
"$PZ" run --vms 1 --input many --control unix:here.sock >run.out 2>run.err </dev/null &
pid=$!
until_by "$pid" test -s run.out
if ((UID == 0)); then # another user, whom a mistake has let reach the socket, is sent away unheard
    chmod 711 .
    chmod 777 here.sock
    python3 - "$PWD/here.sock" <<'END' || fail 'another user is heard'
import os, socket, sys
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
s = socket.socket(socket.AF_UNIX)
s.settimeout(600)
try:
    s.connect(sys.argv[1])
except PermissionError:
    sys.exit() # a directory above is not for others
try:
    s.sendall(b'{"pz-control":1,"do":"pause"}\n')
    assert s.recv(100) == b""
except (BrokenPipeError, ConnectionResetError):
    pass
END
fi
run 0 pause unix:here.sock
run 0 stats --json unix:here.sock
retired=$(python3 -c 'import json; print(json.load(open("out"))["vms"][0]["instructions"])')
run 1 clone --count 3 --max-insns $((retired + 1)) unix:here.sock
(($(grep -c "reached its limit" err) == 3)) || fail 'a run does not become three'
run 0 kill unix:here.sock
wait "$pid" && fail 'a VM that was killed counts as well'
for name in '' . ../a a/b "$(printf 'x%.0s' {1..60})"; do
    run 2 run --vms 1 --append ls --name "$name"
done
run 2 run --vms 1 --append ls --control 1234
in_file err 'unix:PATH'
run 2 run --vms 1 --append ls --control unix:b.sock --name b
run 2 run --vms 1 --append ls --control unix:
in_file err 'there is no path'
echo mine >file
run 3 run --vms 1 --append ls --control unix:file
in_file err 'by something other than a socket'
not_in_file err 'another run'
[[ $(<file) == mine ]] || fail 'a file of the user was replaced by a socket'
chmod 777 runtime/page-zero
run 3 list
in_file err 'only you can write to'

finish
