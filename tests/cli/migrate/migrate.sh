#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A run moves to another pz: nothing that it prints is lost or doubled, its disk goes with it, and
# where it cannot go it stays. (What happens when something breaks: agree/test_migrate.)
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
export XDG_RUNTIME_DIR=$PWD/runtime
mkdir runtime
mini=${PZ_GUESTS:-$BUILD/guests}/mini.elf

# begin <words of pz run>...: a run by the name of a, with its first output in a.out
begin() {
    rm -f a.out
    "$PZ" run --name a "$@" >a.out 2>a.err </dev/null &
    source=$!
    until_by "$source" test -s a.out
}

# wait_for <name> <words>...: pz receive at NAME.sock, listening
wait_for() {
    local name=$1
    shift
    rm -f "$name.sock"
    "$PZ" receive --name "$name" "$@" "unix:$name.sock" >"$name.out" 2>"$name.err" </dev/null &
    target=$!
    until_by "$target" test -S "$name.sock"
}

# ended <pid> <exit code> <its name>
ended() {
    local code=0
    wait "$1" || code=$?
    ((code == $2)) || fail "$3 ended with $code, not $2: $(<"$3.err")"
}

# What was printed, one part after the other, is how it goes on without end.
whole() {
    local lines
    lines=$(cat "$@" | tee printed | wc -l)
    seq "$lines" | xargs printf '%08x\n' >expected
    cmp -s expected printed ||
        fail "$*: not what it prints when it is left alone"
}

# While it runs; then paused, which it stays; then on, by another way, to a third and a fourth.
ticks=${PZ_GUESTS:-$BUILD/guests}/t_ticks.elf
begin "$ticks"
wait_for b
run 0 migrate a --to unix:b.sock
in_file out "moved to $PWD/b.sock"
ended "$source" 0 a
in_file a.err "has moved to $PWD/b.sock"
until_so test -s b.out
run 0 pause b
second=$target
wait_for c --engine spec --shadow trace --json
run 0 migrate b --to unix:c.sock --bandwidth 10K --json
json out 'd["ok"] and d["pages"] > 0 and d["down_seconds"] > 0 and d["to"].endswith("c.sock")'
json out 'd["seconds"] * 10240 > d["bytes"] - 6000 > 6000' # all but the state, which is sent at once
ended "$second" 0 b
run 0 list --json
json out '[r["name"] for r in d["runs"]] == ["c"] and d["runs"][0]["vms"][0]["state"] == "paused"'
third=$target
run 0 resume c
wait_for d --monitor assist
run 0 migrate c --to unix:d.sock --post-copy
ended "$third" 0 c
until_so test -s d.out
run 0 kill d
ended "$target" 1 d
python3 -c 'import json,sys; sys.stdout.write(json.load(open("c.out"))["vms"][0]["console"])' >c.text
whole a.out b.out c.text d.out

# What is no socket stays, and is called so, wherever a socket is named.
echo mine >file
for name in file .; do
    run 3 receive "unix:$name"
    in_file err 'by something other than a socket'
    not_in_file err 'somebody else'
    run 2 stats "unix:$name"
    in_file err 'it is no socket'
    run 3 receive --control "unix:$name" unix:b.sock # at once, not when a machine arrives
    in_file err "$name: Address already in use, by something other than a socket"
done
[[ $(<file) == mine ]] || fail 'a file of the user was replaced by a socket'

# Clients that are silent, that have said half of it, and that only look whether somebody listens.
begin "$ticks"
wait_for b
run 3 receive unix:b.sock # which connects, to see whether somebody is there
in_file err 'somebody else waits there'
python3 - "$PZ" <<'END' || fail 'silent clients keep a machine from its target'
import socket, subprocess, sys
def client(said):
    s = socket.socket(socket.AF_UNIX)
    s.connect("b.sock")
    s.sendall(said)
    return s
client(b"").close()
kept = [client(said) for said in [b"", b"pz-mo", b"pz-moving 3\n", b"pz-moving 3\nhead"] * 10]
sys.exit(subprocess.call([sys.argv[1], "migrate", "a", "--to", "unix:b.sock"], timeout=600))
END
ended "$source" 0 a
until_so test -s b.out
run 0 kill b
ended "$target" 1 b
whole a.out b.out

# Two VMs, of which one has ended before.
first_is_off() {
    "$PZ" list >runs && ! grep -q 'vm0 running' runs
}
begin --vms 2 --append ls "$mini" "$ticks"
until_so grep -qF '[vm1]' a.out
until_so first_is_off
wait_for b
run 0 migrate a --to unix:b.sock
ended "$source" 0 a
until_so test -s b.out
run 0 kill b
ended "$target" 1 b
grep -q '^\[vm0\]' b.out && fail 'a VM that has ended prints again'
sed -n 's/^\[vm1\] //p' a.out b.out >second.out
whole second.out

# A disk: here nobody else can have it, there neither, and then it is free.
truncate -s 1M disk.img
begin --disk disk.img "$ticks"
run 0 pause a
wait_for b
run 0 migrate a --to unix:b.sock
ended "$source" 0 a
run 2 run --vms 1 --append ls --disk disk.img
in_file err 'in use by another pz'
run 0 kill b
ended "$target" 1 b
run 0 run --vms 1 --append ls --disk disk.img

# A recording goes on there, and is of the whole; a port of the host's is forwarded there.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
net=()
"$PZ" doctor | grep -q "libslirp *found" && net=(--net "user,hostfwd=tcp:127.0.0.1:$port-:80")
begin "${net[@]}" --record a.pzr "$ticks"
run 1 migrate a --to unix:b.sock --post-copy
in_file err '--record and post-copy'
wait_for b
run 1 migrate a --to unix:b.sock
in_file err 'give pz receive --record'
ended "$target" 2 b
wait_for b --record a.pzr
run 1 migrate a --to unix:b.sock
ended "$target" 2 b
in_file b.err 'name another file'
wait_for b --engine spec --record b.pzr
run 0 migrate a --to unix:b.sock
ended "$source" 0 a
until_so test -s b.out
[[ -z ${net[*]} ]] || python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))" ||
    fail 'the port is not forwarded'
run 0 stop b
ended "$target" 0 b
run 0 replay a.pzr
cmp -s out a.out || fail 'what was recorded before the move is not replayed'
run 0 replay --engine jit b.pzr
cat a.out b.out | cmp -s - out || fail 'what is replayed is not the whole'
begin "$ticks"
wait_for b --record c.pzr
run 1 migrate a --to unix:b.sock
in_file err 'give --record to pz run, too'
ended "$target" 2 b
run 0 stop a
ended "$source" 0 a

# What is not the same there: it stays here.
mkdir elsewhere
truncate -s 2M elsewhere/disk.img
begin --disk disk.img "$ticks"
run 0 pause a
(cd elsewhere && exec "$PZ" receive unix:b.sock >../b.out 2>../b.err </dev/null) &
target=$!
until_so test -S elsewhere/b.sock
run 1 migrate a --to unix:elsewhere/b.sock
in_file err 'the VMs go on here: the target says: --disk'
ended "$target" 2 b
in_file b.err 'both sides have to reach the same files'
run 2 run --vms 1 --append ls --disk disk.img
run 0 list
in_file out 'vm0 paused'

# Nobody there, and nonsense there; nonsense here.
run 1 migrate a --to unix:nobody.sock
in_file err 'pz receive must be waiting there'
run 2 migrate a
in_file err '--to unix:PATH'
run 2 migrate a --to nobody.sock
run 2 receive
in_file err 'unix:PATH'
run 2 receive /tmp/x.sock
for bytes in 'GET / HTTP/1.0\r\n\r\n' 'pz-moving 3\nnonsense, and more of it' 'pz-moving 2\n'; do
    wait_for b
    python3 - "$bytes" <<'END'
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect("b.sock")
s.sendall(sys.argv[1].encode().decode("unicode_escape").encode())
END
    code=0
    wait "$target" || code=$?
    ((code == 1 || code == 2)) || fail "on nonsense pz receive ends with $code"
    [[ ! -e b.sock ]] || fail 'it leaves its socket behind'
done
python3 - <<'END' || fail 'the protocol says something else'
import json, os, socket
def ask(**fields):
    s = socket.socket(socket.AF_UNIX)
    s.connect("runtime/page-zero/a.sock")
    s.sendall(json.dumps({"pz-control": 1, **fields}).encode() + b"\n")
    return json.loads(s.makefile("rb").readline())
for wrong in ({}, {"to": "b.sock"}, {"to": 7}, {"to": "/" + "x" * 200}, {"to": "/x", "vm": 0},
              {"to": "/x", "bandwidth": 0}, {"to": "/x", "bandwidth": "1"}):
    answer = ask(do="migrate", **wrong)
    assert answer["ok"] is False and answer["error"].startswith("migrate:"), (wrong, answer)
# A target that hangs up, and one that says nothing until the run is told to stop.
server = socket.socket(socket.AF_UNIX)
server.bind("fake.sock")
server.listen()
s = socket.socket(socket.AF_UNIX)
s.connect("runtime/page-zero/a.sock")
answers = s.makefile("rb")
order = {"pz-control": 1, "do": "migrate", "to": os.path.abspath("fake.sock"), "id": 4}
s.sendall(json.dumps(order).encode() + b"\n")
server.accept()[0].close()
answer = json.loads(answers.readline())
assert answer["id"] == 4 and "hangs up" in answer["error"], answer
s.sendall(json.dumps(order).encode() + b"\n")
silent = server.accept()[0]
assert "is under way" in ask(do="migrate", to="/x")["error"]
assert "migration" in ask(do="status")
assert "under way" in ask(do="save", file=os.path.abspath("x.pzs"))["error"]
assert ask(do="stop")["ok"]
answer = json.loads(answers.readline())
assert "the run is over" in answer["error"], answer
END
ended "$source" 0 a
for words in '--record /dev/null' '--save a.pzs' '--profile a.folded'; do
    # shellcheck disable=SC2086  # two words
    begin $words "$ticks"
    run 0 pause a
    run 1 migrate a --to unix:b.sock
    grep -qF -- "${words%% *}" err || fail "not refused because of $words"
    kill "$source"
    wait "$source"
done

# Pages that are shared, and those that are paged out, go with it.
run 0 run --vms 4 --append 'ps; usertests'
sort out >expected
has_paged() { (($(wc -l <a.out) > 120)); }
begin --engine spec --vms 4 --share --machine-memory 2M --append 'ps; usertests'
wait_for b
until_so has_paged
run 0 migrate a --to unix:b.sock
ended "$source" 0 a
ended "$target" 0 b
cat a.out b.out | sort | cmp -s - expected || fail 'not all that it shares and pages has moved'

# Pages are shared there if it is asked for, though they were not here.
begin --vms 4 "$ticks"
wait_for b --share --json
run 0 migrate a --to unix:b.sock
ended "$source" 0 a
run 0 stop b
ended "$target" 0 b
json b.out 'd["sharing"]["most_saved_pages"] >= 3'
for k in 0 1 2 3; do
    sed -n "s/^\\[vm$k\\] //p" a.out >here
    python3 -c "import json,sys; sys.stdout.write(json.load(open('b.out'))['vms'][$k]['console'])" >there
    whole here there
done

finish
