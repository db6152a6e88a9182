#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever is typed at the debugger gives a clear message, changes nothing, and it goes on.
set -euo pipefail
export LC_ALL=C
guest=$PZ_GUESTS/t_debug_exits.elf
if [[ ! -e $guest ]]; then
    echo "skipped: no micro-guests (no clang?)"
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Each line must be refused: with a message, at retired count 0.
long=$(printf 'a%.0s' {1..600})
deep=$(printf '(%.0s' {1..60})
cat >"$scratch/refused" <<END
steep
step x1y
step 0
step 99999999999999999999
trap -
back trap trap
goto
goto nowhere
continue now
reverse 1
until
until 1 +
until (1
until )
finish
finish now
break
break nowhere
break 0x1_0000_0000
break 0 mode
break 0 mode machine
break 0 vm 7
break 0 satp
break 0 sometimes
break 0 if
catch
catch fish
catch trap fish
catch csr hpmcounter3
catch trap 2 maybe
watch
watch 0 len 9
watch 0 len 0
watch csr x1
watch reg satp
watch 0 vm any
who
who nowhere
delete
delete 7
delete x
info
info x
why
why not
into step
regs all
csrs all
x/0x 0
x/9999x 0
x/4q 0
x 0x90000000
x gpa 0x90000000
dis 0x90000000
print
print 1 2
print 1/0
print *0x90000000
print 0x
print 12z
print $
print \$nothing
print $deep
print $long
bt 0
bt all
pt
pt nowhere
map 1
traps 0
vms 1
vm
vm 9
stats 1
hash 1
type x
help fish
$long
END
grep -v '^$' "$scratch/refused" >"$scratch/lines"
if "$PZ" debug --engine spec --json "$guest" <"$scratch/lines" >"$scratch/said" 2>"$scratch/err"; then
    echo "commands were refused, and yet the exit code is 0"
    exit 1
fi
count=$(wc -l <"$scratch/lines")
if [[ $(wc -l <"$scratch/said") != "$count" ]]; then
    echo "of $count lines, $(wc -l <"$scratch/said") were answered:"
    tail -n 2 "$scratch/said" "$scratch/err"
    exit 1
fi
bad=$(grep -v '"ok":false,"error":"[^"]' "$scratch/said" || true)
moved=$(grep -v '"retired":0,' "$scratch/said" || true)
if [[ -n $bad$moved ]]; then
    printf 'not refused, or moved:\n%s\n' "$bad$moved"
    exit 1
fi

# Bytes that are no text at all.
head -c 20000 /dev/urandom >"$scratch/noise"
status=0
"$PZ" debug --engine spec "$guest" <"$scratch/noise" >"$scratch/said" 2>&1 || status=$?
if ((status > 1)); then
    echo "noise ended it with $status"
    exit 1
fi

# A script that is not there, and one that fails, say so.
if "$PZ" debug --batch -x "$scratch/none" "$guest" 2>"$scratch/err"; then
    exit 1
fi
grep -q 'No such file' "$scratch/err"
echo 'step nowhere' >"$scratch/script"
if "$PZ" debug --batch -x "$scratch/script" "$guest" >"$scratch/said" 2>"$scratch/err"; then
    exit 1
fi
grep -q 'not a register, CSR or symbol' "$scratch/said"
