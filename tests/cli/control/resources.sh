#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A VM's part of the machine, changed while it runs; its console, attached to from elsewhere by
# clients that leave, stop reading or flood; meters, and bills by prices.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
export XDG_RUNTIME_DIR=$PWD/runtime
mkdir runtime

# Is what has come by the schema? Looked at where Python has the module.
by_schema() {
    python3 - "$SRC/docs/control.schema.json" "$1" <<'END' || fail "$1 is not by the schema"
import json, sys
schema, answer = (json.load(open(name)) for name in sys.argv[1:])
known = set(schema["$defs"]["vm"]["properties"])
for vm in answer["vms"]:
    assert set(vm) <= known, set(vm) - known
try:
    import jsonschema
except ImportError:
    sys.exit()
jsonschema.validate(answer, schema)
END
}

cat >prices <<'END'
{"currency": "EUR", "prices": {"instructions": 2e-9, "page_virtual_seconds": 1e-3, "console_bytes_out": 0.5,
                               "monitor_seconds": 0.25}}
END
"$PZ" run --vms 2 --name a --input @console --price prices >run.out 2>run.err </dev/null &
pid=$!
until_by "$pid" grep -sq 'vm1. mini: .* pages free' run.out

# What is set is so from then on; and what cannot be is refused as a whole.
run 0 set --vm 1 a shares=250 cap=50% reserve=20 cpus=1
in_file out 'vm1'
in_file out 'shares 250  cap 50  reserve 20  cpus 1  mem 16777216  disk-rate 0'
not_in_file out 'vm0'
for words in cpus=4 mem=64M cap=101 shares=0 reserve=90; do
    run 1 set a shares=1 $words
done
in_file err "'reserve' is more than 'cap'"
run 1 set --vm 1 a reserve=60
in_file err "'reserve' is more than 'cap'"
run 1 set a cpus=2
in_file err 'pz run --cpus says how many'
run 1 set a mem=8M
in_file err 'pz run --balloon 0 gives it one'
run 1 set a mem=17M
in_file err 'pz run --mem says how much'
run 1 set a disk-rate=4G
in_file err "'disk-rate' must be below 4G"
run 0 set --vm 0 a disk-rate=1M disk-ops=100 net-rate=64K net-ops=7
in_file out 'disk-rate 1048576  disk-ops 100  net-rate 65536  net-ops 7'
run 0 set a cap=0 --json
run 1 set a reserve=60
in_file err "'reserve': more than 100 per cent in all"
run 0 set a reserve=0 --json
by_schema out
json out '[v["shares"] for v in d["vms"]] == [100, 250] and [v["cap"] for v in d["vms"]] == [0, 0]'
for words in 'a' 'a x=1' 'a shares' 'a shares=x' 'a cap=5%%' 'a =1'; do
    # shellcheck disable=SC2086 # several words
    run 2 set $words
done
run 2 pause a b
in_file err "from 'b' on"

# A console: only its own VM's; one client leaves, and another types what shuts the guest down.
run 1 console a
in_file err 'name one'
mkfifo keys
"$PZ" console --vm 0 a <keys >shown 2>/dev/null &
client=$!
exec 3>keys
echo 'echo one two' >&3
until_so grep -sq '^one two' shown
[[ $(grep -c 'mini:' shown) == 0 ]] || fail 'another console, or what was before'
kill -TERM "$client"
wait "$client"
exec 3>&-

# One that asks and never reads, while its guest prints more than is kept: the guest is not held up,
# and the client is dropped.
python3 - runtime/page-zero/a.sock <<'END' || fail 'a slow client was not dropped'
import json, socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(600)
s.connect(sys.argv[1])
s.sendall(b'{"pz-control":1,"do":"console","vm":0}\ncat usertests usertests\n')
answer = b""
while not answer.endswith(b"\n"):
    answer += s.recv(1)
assert json.loads(answer)["typed"] is True
s.sendall(b"cat usertests\n" * 70)
sent = socket.socket(socket.AF_UNIX)
sent.connect(sys.argv[1])
sent.settimeout(600)
lines = sent.makefile("rb")
before = 0
while before < 3 << 20:  # it prints on, whoever reads
    sent.sendall(b'{"pz-control":1,"do":"stats","vm":0}\n')
    before = json.loads(lines.readline())["vms"][0]["console_bytes_out"]
got = 0
while True:
    part = s.recv(1 << 16)
    if not part:
        break
    got += len(part)
assert got < 3 << 20, got
END

# Meters, as JSON and for Prometheus; the bill is the sum of its items.
run 0 stats --json --vm 0 a
by_schema out
json out 'd["vms"][0]["console_bytes_in"] > 900 and d["vms"][0]["disk_bytes_read"] == 0'
json out 'd["vms"][0]["page_virtual_seconds"] > 0'
json out 'abs(sum(i["amount"] for i in d["vms"][0]["bill"]["items"])
              - d["vms"][0]["bill"]["amount"] - d["vms"][0]["bill"]["host_amount"]) < 1e-6'
json out '[i["item"] for i in d["vms"][0]["bill"]["items"] if i["host"]] == ["monitor_seconds"]'
run 0 stats --prometheus a
in_file out 'pz_console_bytes_out_total{vm="1"}'
in_file out 'pz_owed{vm="0",part="guest"}'
python3 "$SRC/tests/cli/control/metrics.py" out >samples || fail 'not the format of Prometheus'

echo halt | timeout "$PATIENCE" "$PZ" console --vm 1 a >shown || fail 'the console does not end with its VM'
grep -q halt shown || fail 'nothing was shown'
run 1 console --vm 1 a
in_file err 'has ended'
run 0 stop a
wait "$pid" || fail 'the run did not end well'
in_file run.err 'bill'
in_file run.err 'page_virtual_seconds'

# A guest gives up memory and CPUs that are not wanted, and has them back: machine pages go, its CPUs
# stop, and what it does comes out right.
answers() {
    "$PZ" set g shares=100 >answer 2>/dev/null && grep -q "$1" answer
}
# stopped <number>: so many of its CPUs are
stopped() {
    "$PZ" save g -o g.pzs >/dev/null && "$PZ" debug g.pzs --batch -x harts >answer 2>/dev/null
    (($(grep -c stopped answer) == $1))
}
echo cpus >harts
"$PZ" run --vms 1 --cpus 3 --balloon 0 --name g --input @console --json >run.json 2>run.err </dev/null &
pid=$!
until_by "$pid" test -S runtime/page-zero/g.sock
mkfifo orders
"$PZ" console g <orders >shown 2>/dev/null &
exec 3>orders
echo 'memtest 8192; echo filled' >&3
until_so grep -sq '^filled' shown
run 0 stats --json g
json out 'd["vms"][0]["pages"] > 2048'
run 0 set g mem=8M cpus=1
until_so answers 'balloon 8388608'
run 0 stats --json g
json out 'd["vms"][0]["pages"] < 1500'
until_so stopped 2
echo 'load seconds=1 cpu=0 memory=4096 writes=10000; echo squeezed' >&3
until_so grep -sq '^squeezed' shown
run 0 set g mem=16M cpus=2
until_so answers 'balloon 0'
until_so stopped 1
echo 'memtest 8192; echo restored; halt' >&3
wait "$pid" || fail 'the guest did not end well'
exec 3>&-
json run.json 'd["vms"][0]["console"].count(" 0 wrong words") == 2'
json run.json '" 0 words lost" in d["vms"][0]["console"]'
json run.json '[c["state"] for c in d["vms"][0]["cpus"]].count("stopped") == 1'
rm -f g.pzs

# A thousand VMs have a long answer; whoever reads it gets all of it.
cat >all_prices <<'END'
{"currency": "EUR", "prices": {
    "instructions": 0.123456789e-9, "exits": 0.123456789e-9, "page_virtual_seconds": 0.123456789e-9,
    "console_bytes_out": 0.123456789e-9, "console_bytes_in": 0.123456789e-9, "disk_bytes_read": 0.123456789e-9,
    "disk_bytes_written": 0.123456789e-9, "net_bytes_in": 0.123456789e-9, "net_bytes_out": 0.123456789e-9,
    "monitor_seconds": 0.123456789e-9, "page_seconds": 0.123456789e-9}}
END
"$PZ" run --vms 1000 --mem 64K --price all_prices --name many "$PZ_GUESTS/t_sled.elf" >/dev/null 2>&1 </dev/null &
pid=$!
until_so test -S runtime/page-zero/many.sock
run 0 stats --json many
json out 'len(d["vms"]) == 1000 and all(len(v["bill"]["items"]) == 11 for v in d["vms"])'
(($(stat -c %s out) > 1 << 20)) || fail 'not long enough to show anything'
run 0 kill many
wait "$pid" && fail 'a VM that was killed counts as well'

# What the guests did is billed the same in every run.
for i in 1 2; do
    run 0 run --vms 2 --append primes --append forktest --price prices --json
    python3 -c '
import json
bills = json.load(open("out"))["bills"]
print([[bill["amount"]] + [i for i in bill["items"] if not i["host"]] for bill in bills])' >bill$i
done
cmp -s bill1 bill2 || fail 'another run, another bill'

bad_prices() {
    echo "$1" >bad
    run 2 run --append ls --price bad
    in_file err "$2"
}
bad_prices '{"currency": "EUR", "prices": {"minutes": 1}}' "'minutes' is not metered"
bad_prices '{"currency": "EUR", "prices": {"pages": 1}}' "'pages' is not metered"
bad_prices '{"currency": "EUR", "prices": {"exits": -1}}' "'exits' must be 0 or more"
bad_prices '{"currency": "EUR", "prices": {"exits": 1e16}}' "1e15 at most"
bad_prices '{"currency": "EUR", "prices": {"exits": "1"}}' "'exits' must be 0 or more"
bad_prices '{"currency": "", "prices": {}}' "'currency'"
bad_prices '{"currency": "EUR"}' "'prices'"
bad_prices '[' 'line 2'
run 3 run --append ls --price no_such_file
run 2 run --input @console --append ls
in_file err '--name'
finish
