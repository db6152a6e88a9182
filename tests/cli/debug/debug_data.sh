#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Names of data in expressions and as addresses of points; they name no code.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

# ask <command>...: the answers, as JSON, in out
ask() {
    printf '%s\n' "$@" >commands
    run 0 debug --json --append ls --batch -x commands
    python3 -c 'import json; print(json.dumps([json.loads(l) for l in open("out")]))' >answers
}

ask 'break scheduler' continue 'print current' 'print current + 4' 'watch current' continue \
    'x/1x current' 'print *current' 'who current' 'print current'
json answers 'd[2]["data"]["value"] == d[3]["data"]["value"] - 4 == d[6]["data"]["address"] != 0'
json answers 'd[5]["data"]["kind"] == "watchpoint" and int(d[5]["data"]["now"], 16) != 0'
json answers 'd[6]["data"]["values"][0] == d[7]["data"]["value"] == int(d[5]["data"]["now"], 16)'
json answers 'd[8]["retired"] <= d[5]["retired"]'

# Data has no name among the code's.
json answers '"(" not in d[3]["text"]'
finish
