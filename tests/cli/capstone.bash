# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by tests that compare what Capstone 5 prints of instructions, word for word. Without it `pz`
# prints them as its tables have them.
if ! "${PZ:?}" doctor --json | python3 -c '
import json, sys
found = {f["name"]: f["found"] for f in json.load(sys.stdin)["findings"] if f["kind"] == "library"}
sys.exit(not found["capstone"])'; then
    echo "skipped: no Capstone 5"
    exit 77
fi
