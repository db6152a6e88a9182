#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory that cannot be had is exit code 3, with what to do.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
! grep -q __asan_init "$PZ" || skip "AddressSanitizer needs all the address space itself"

for limit in 200000 100000 60000; do
    code=0
    (ulimit -v "$limit" && "$PZ" run --vms 200 --append ls) >out 2>err </dev/null || code=$?
    ((code == 3)) || fail "with $limit KiB: exit code $code"
    in_file err 'pz: run: '
    (($(grep -vc '^pz: no engine ' err) == 1)) || fail "not one line, but for engines passed over"
done

# Small limits too, at whatever point they strike: never a crash, never a hang.
for limit in 40000 30000 20000 16000 12000; do
    for engine in spec unicorn jit; do
        code=0
        (ulimit -v "$limit" && timeout "$PATIENCE" "$PZ" run --vms 1 --mem 1M --engine "$engine" \
            --append ls) >out 2>err </dev/null || code=$?
        # 127: not even the program could be loaded.
        [[ $code =~ ^(0|1|3|127)$ ]] || fail "$engine with $limit KiB: exit code $code"
    done
done
finish
