#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Our decoder and its texts against LLVM's assembler and disassembler, over a dense sample
# (tests/tools/dump_insns.c):
#   1. LLVM disassembles each encoding: both see the same instruction, in the same words
#   2. LLVM assembles our text: the same bytes come out
#   3. LLVM reads a compressed encoding as it reads our expansion of it
# Differences that are meant are named in explain(); any other fails.
set -euo pipefail
dump=$BUILD/tests/tools/dump_insns
if ! command -v llvm-mc >/dev/null || [[ ! -x $dump ]]; then
    echo "skipped: no llvm-mc, or $dump is not built (no Check library?)"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# From a hex column: bytes as llvm-mc reads them, each encoding by itself in brackets.
bytes() {
    awk '{
        s = ""
        for (i = length($1) - 1; i > 0; i -= 2) s = s " 0x" substr($1, i, 2)
        print "[" substr(s, 2) "]"
    }'
}

# "text # encoding: [0x..,0x..]" as "hex TAB text"
encoded() {
    awk -F'# encoding: ' '/# encoding: \[/ {
        gsub(/[ \t]+/, " ", $1)
        gsub(/^ | $/, "", $1)
        n = split(substr($2, 2, length($2) - 2), b, ",")
        hex = ""
        for (i = n; i > 0; i--) hex = hex substr(b[i], 3)
        print hex "\t" $1
    }'
}

# Fails, after doing all the rest, when something is no instruction: which is no failure here.
disassemble() { llvm-mc -disassemble -triple=riscv32 -mattr=+m,+a,+c "$@" 2>/dev/null || true; }

"$dump" | LC_ALL=C sort -u >ours

# ---- 1. disassembling
bytes <ours | disassemble -M no-aliases -show-encoding | encoded >theirs
awk -F'\t' '
function name(text) { sub(/ .*/, "", text); return text }
function explain(hex, mine, text, llvm) {
    # A CSR that PZ32 does not have goes by its number here; step 2 checks the number.
    if (text ~ /^csr.* [a-z0-9]+, [0-9]+, / && name(text) == name(llvm)) {
        sub(/, [0-9]+, /, ", , ", text)
        sub(/, [^,]+, /, ", , ", llvm)
        return text == llvm ? "a CSR by its number" : ""
    }
    # The manual: implementations ignore the reserved fields of fences. LLVM refuses them.
    if (mine == "i" && llvm == "" && text ~ /^fence/) return "a fence with reserved fields"
    if (text ~ /^fence (0,|.*, 0$)/ && llvm ~ /unknown/) return "a fence without a set"
    if (text == "pause" && llvm == "fence w, unknown") return "pause, a fence to LLVM 14"
    if (text == "csrrw zero, cycle, zero" && llvm == "unimp") return "unimp, a write of cycle"
    if (text ~ /^fence rw, rw/ && llvm == "fence.tso") return "fence.tso, which is a fence"
    if (mine != "x") return ""
    # LLVM (14) takes shifts by 32 and more, which RV32 does not have.
    if (llvm ~ /^(c\.)?(slli|srli|srai) .*, (3[2-9]|[45][0-9]|6[0-3])$/) return "a long shift"
    if (llvm ~ /^c\.lui [a-z0-9]+, 0$/) return "c.lui of 0, which is reserved"
    if (llvm == "c.unimp") return "c.unimp, the name of an illegal instruction"
    return ""
}
NR == FNR { llvm[$1] = $2; next }
{
    other = ($1 in llvm) ? llvm[$1] : ""
    if ($2 == "i" && length($1) == 4) agreed += other != ""   # words: step 3
    else if ($2 == "i" ? other == $3 : other == "") agreed++
    else if ((why = explain($1, $2, $3, other)) != "") count[why]++
    else { if (wrong++ < 20) print $1 ": ours \"" $3 "\", LLVM \"" other "\"" }
}
END {
    print agreed " agree"
    for (why in count) print count[why] "\t" why
    if (wrong) print wrong " differ"
    exit wrong || agreed < 500000
}' theirs ours

# ---- 2. assembling (LLVM 14 cannot write a fence without a set, nor pause)
awk -F'\t' '$2 == "i" && length($1) == 8 && $3 !~ /^(fence (0,|.*, 0$)|pause)/' ours >wide
cut -f 3 wide | llvm-mc -triple=riscv32 -mattr=+m,+a -show-encoding | encoded >assembled
paste wide assembled | awk -F'\t' '
$1 == $5 { same++; next }
# Reserved fields of fences are not in the text: they come out as zero.
$5 == "0000100f" || ($3 ~ /^fence / && $5 ~ /^0..0000f$/) { loose++; next }
wrong++ < 20 { print $1 ": \"" $3 "\" assembles to " $5 }
END {
    print same " assemble to the same bytes, " loose " fences to canonical ones"
    exit wrong || same < 400000
}'

# ---- 3. expansions
awk -F'\t' '$2 == "i" && length($1) == 4' ours >compressed
cut -f 1 compressed | bytes | disassemble | sed '/\.text/d' >short
cut -f 4 compressed | bytes | disassemble | sed '/\.text/d' >long
paste -d '|' short long compressed | awk -F'|' '
{ gsub(/[ \t]+/, " ", $1); gsub(/[ \t]+/, " ", $2); gsub(/^ | $/, "", $1); gsub(/^ | $/, "", $2) }
$1 != "" && $1 == $2 { same++; next }
# C.MV: the manual says "add rd, x0, rs2", LLVM means "addi rd, rs2, 0".
$1 ~ /^mv / && $2 ~ /^add [a-z0-9]+, zero, / {
    short = $1; long = $2
    sub(/^mv /, "", short); sub(/^add /, "", long); sub(/zero, /, "", long)
    if (short == long) { same++; next }
}
# For hints LLVM has no expansion, only their compressed name.
$1 ~ /^c\.(nop|li|lui|slli|mv|add|addi)( zero)?/ && $3 ~ /\t[a-z]+ zero, / { hints++; next }
$1 ~ /^c\.(slli|srli|srai)64 / && $3 ~ /, 0\t/ { hints++; next }
wrong++ < 20 { print $3 ": LLVM reads \"" $1 "\", the expansion \"" $2 "\"" }
END {
    print same " expand to the same, " hints " hints"
    exit wrong || same < 25000
}'
