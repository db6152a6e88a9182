#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each command of the debugger has a help with an example; the example does what it says when it
# is typed; and its result with --json is one line of JSON.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest

echo help >list
run 0 debug --batch -x list
mapfile -t names < <(sed -n 's/^  \([a-z]*\) .*/\1/p' out)
((${#names[@]} > 30)) || fail "${#names[@]} commands"
for name in "${names[@]}"; do
    echo "help $name"
done >ask
run 0 debug --batch -x ask
sed -n 's/^Example: //p' out >examples
[[ $(wc -l <examples) == "${#names[@]}" ]] || fail 'a command without an example'
for i in "${!names[@]}"; do
    [[ $(sed -n "$((i + 1))p" examples) =~ ^${names[i]}($|[\ /]) ]] || fail "${names[i]}: its example"
done

# From a place in a trap from user mode, with points to delete; bisect goes back to where there are
# no page tables yet, so on from there. Files are named as in the tree.
{
    echo 'break syscall'
    echo continue
    echo 'break trap_return'
    echo finish
    grep -vE '^(continue|finish|program|list|type|quit)' examples | sed '/^bisect /a continue'
} >commands
run 0 debug --json --vms 2 --append ls --batch -x commands
python3 - out commands <<'END' || fail 'JSON'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
asked = open(sys.argv[2]).read().splitlines()
assert [line["command"] for line in lines] == asked, (len(lines), len(asked))
assert all(line["ok"] and isinstance(line["data"], dict) for line in lines)
END
finish
