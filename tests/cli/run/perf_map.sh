#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# --perf-map: every byte of translated code is named once, by a symbol of the guest where there
# is one; and the file in /tmp is made by nobody else.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
"$PZ" doctor | grep -qE '^engine +jit +found' || skip "no jit here"
nm=$(command -v llvm-nm-14 || command -v llvm-nm) || skip "no llvm-nm"

# mapped <words of pz>...: its map goes to the file map
mapped() {
    "$PZ" "$@" >out 2>err </dev/null &
    local pid=$!
    wait "$pid" || fail "pz $*"
    [[ $(stat -c %a "/tmp/perf-$pid.map") == 600 ]] || fail "others may read the map"
    mv "/tmp/perf-$pid.map" map || fail "pz $*: no map"
}

"$nm" "$BUILD/guests/mini.elf" "$BUILD"/guests/user/*.elf 2>/dev/null |
    awk 'NF == 3 { print $3 }' | sort -u >symbols

# check <regular expression of who and mode>
check() {
    python3 - "$1" <<'END' || fail "the map is not in order"
import re, sys
who = re.compile(sys.argv[1])
symbols = set(open("symbols").read().split())
end, named, unnamed, first = None, 0, 0, True
for line in open("map"):
    start, length, name = re.fullmatch(r"([0-9a-f]+) ([0-9a-f]+) (.*)\n", line).groups()
    start, length = int(start, 16), int(length, 16)
    if end is not None and start != end:
        sys.exit(f"a gap or an overlap before {line}")
    end = start + length
    if first:
        first = False
        if name != "pz:trampolines":
            sys.exit("no trampolines")
        continue
    m = re.fullmatch(r"guest:(?:(?:(\w+):)?([\w.]+)\+0x[0-9a-f]+|0x[0-9a-f]{8}) \[(.*?)\]"
                     r"(?: slow paths)?", name)
    if not m or not who.fullmatch(m[3]):
        sys.exit(f"not a name: {name}")
    if m[2] is None:
        unnamed += length
    elif m[2] not in symbols:
        sys.exit(f"not a symbol: {name}")
    else:
        named += length
if named < 20 * unnamed or named < 10000:
    sys.exit(f"{named} bytes have a name, {unnamed} have none")
END
}

mapped run --vms 2 --append 'primes; ls' --perf-map
check 'vm[01] (user|kernel)'
for text in 'guest:primes:main+0x' 'guest:syscall+0x0 [vm0 kernel]' ' [vm1 user]' ' slow paths'; do
    in_file map "$text"
done
mapped bare --append ls --perf-map
check 'bare (user|kernel)'
in_file map 'guest:ls:main+0x'

# What an earlier process of the same number has left is replaced ...
(
    echo 'left over' >"/tmp/perf-$BASHPID.map"
    echo "$BASHPID" >pid
    exec "$PZ" run --append ls --perf-map >out 2>err </dev/null
) || fail "an old map is in the way"
not_in_file "/tmp/perf-$(<pid).map" 'left over'
in_file "/tmp/perf-$(<pid).map" 'guest:'
rm -f "/tmp/perf-$(<pid).map"

# ... but nothing is followed, and nothing else is touched.
echo precious >precious
code=0
(
    ln -s "$PWD/precious" "/tmp/perf-$BASHPID.map"
    echo "$BASHPID" >pid
    exec "$PZ" run --append ls --perf-map >out 2>err </dev/null
) || code=$?
rm -f "/tmp/perf-$(<pid).map"
((code == 3)) || fail "a link in place of the map: exit code $code"
in_file err "/tmp/perf-$(<pid).map: cannot be made"
[[ $(<precious) == precious ]] || fail "a link was followed"

# Linux perf itself, where it may be used: names instead of addresses.
if perf record -q -e cpu-clock -o perf.data -- true >/dev/null 2>&1; then
    perf record -q -e cpu-clock -F 5000 -o perf.data -- "$PZ" run --append primes --perf-map \
        >out 2>err || fail "perf record"
    perf report -i perf.data --stdio >names 2>/dev/null
    in_file names '[JIT] tid'
    in_file names 'guest:primes:main+0x'
    pid=$(sed -n 's/.*\[JIT\] tid \([0-9]*\) .*/\1/p' names | head -n 1)
    rm -f "/tmp/perf-$pid.map"
fi

# There is no host code in other engines.
run 2 run --engine spec --perf-map
in_file err '--perf-map: the engine spec generates no host code'
finish
