#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/isa.md is what docs/isa.md.in and the tables make. To renew it:
#   <build>/tests/tools/gen_isa_doc <docs/isa.md.in >docs/isa.md
set -euo pipefail
generator=$BUILD/tests/tools/gen_isa_doc
if [[ ! -x $generator ]]; then
    echo "skipped: $generator is not built (no Check library?)"
    exit 77
fi
made=$("$generator" <"$SRC/docs/isa.md.in")
for row in sfence.vma satp; do
    if ! grep -q "^| .$row. |" <<<"$made"; then
        echo "no $row in the tables: a marker is missing from docs/isa.md.in"
        exit 1
    fi
done
diff -u "$SRC/docs/isa.md" <(printf '%s\n' "$made")
