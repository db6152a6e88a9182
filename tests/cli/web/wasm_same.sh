#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz.wasm gives the same bytes as pz: consoles, counts, recordings, reports, the debugger's answers, the
# answers of a session with hostile files in it. In the page's Worker, a guest that loops stops nobody.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need node
need python3
need_guest
[[ -e $BUILD/web/pz.js ]] || skip "pz.wasm is not built (no library for WASI?)"
export LC_ALL=C.UTF-8 NO_COLOR=1 PYTHONDONTWRITEBYTECODE=1 TMPDIR=$PWD/tmp
mkdir tmp native wasm

# each <exit code> <words>...: in both, each in its folder: out, err, and err.plain, without times
each() {
    local expected=$1 code=0 where
    shift
    (cd native && timeout "$PATIENCE" "$PZ" "$@" >out 2>err </dev/null) || code=$?
    ((code == expected)) || fail "pz $*: exit code $code, not $expected"
    code=0
    (cd wasm && timeout "$PATIENCE" node "$SRC/tests/web/wasm.mjs" "$BUILD" "$@" >out 2>err </dev/null) || code=$?
    ((code == expected)) || fail "pz.wasm $*: exit code $code, not $expected"
    for where in native wasm; do
        sed -E 's/: [0-9.]+ [a-zµ]*s, [0-9.]+ MIPS/: TIME/' "$where/err" >"$where/err.plain"
    done
}

both() {
    each "$@"
    cmp native/out wasm/out || fail "pz $*: another output"
    diff native/err.plain wasm/err.plain || fail "pz $*: another report"
}

# same <file>: both have written it alike
same() {
    cmp "native/$1" "wasm/$1" || fail "$1 is not the same file"
}

both 0 run --engine predecode --append usertests --record here.pzr
in_file native/out '[vm1] usertests: 84 passed, 0 failed'
same here.pzr

# What is run with when nobody asks for an engine gives the same, too.
cp native/out usertests
each 0 run --append usertests
same out
cmp wasm/out usertests || fail "the preferred engine prints something else"
each 0 run --append ls --json
grep -q '"engine": "wasm"' wasm/out || fail "the preferred engine is not wasm"

cp native/here.pzr wasm/native.pzr
cp wasm/here.pzr native/native.pzr
both 0 replay native.pzr
both 0 classify
both 0 classify --json
both 0 run --dtb dump --append 'a word'
both 2 run --no-such-option
both 3 run no-such-file

each 0 compare --engine predecode --append ls --json --runs 1
for where in native wasm; do
    python3 - "$where/out" >"$where/compared" <<'EOF' || fail "the documents of pz compare"
import json, re, sys
document = json.load(open(sys.argv[1]))
def plain(value, name=""):
    if isinstance(value, dict):
        return {key: plain(item, key) for key, item in value.items() if not re.search("_ns|ratio|cost|time", key)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
print(json.dumps(plain(document), indent=1))
EOF
done
same compared

# Without source lines: pz.wasm reads no debugging information.
for guest in "$PZ_GUESTS"/{t_debug_exits,mini}.elf; do
    llvm-objcopy --strip-debug "$guest" "${guest##*/}" || fail "stripping $guest"
    cp "${guest##*/}" native
    cp "${guest##*/}" wasm
done
cp "$SRC/tests/golden/debug_exits.in" native
cp "$SRC/tests/golden/debug_exits.in" wasm
both 0 debug --engine predecode --batch --json -x debug_exits.in t_debug_exits.elf
in_file native/out '"command":"into all"'

python3 "$SRC/tests/web/requests.py" write "$SRC/tests/fuzz/corpus/elf" mini.elf >requests
timeout "$PATIENCE" "$PZ" web --stdio <requests >native/answers || fail "the native session"
timeout "$PATIENCE" node "$SRC/tests/web/session.mjs" "$BUILD/web/pz.js" <requests >wasm/answers || fail "the Worker"
for where in native wasm; do
    python3 "$SRC/tests/web/requests.py" plain "$where/answers" >"$where/plain"
done
[[ $(wc -l <native/plain) == $(wc -l <requests) ]] || fail "a request has no answer"
same plain

timeout "$PATIENCE" node "$SRC/tests/web/session.mjs" "$BUILD/web/pz.js" looping >out 2>err || fail "a guest that loops"
in_file out 'the Worker survives a looping guest'

finish
