#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/variants.md is what docs/variants.md.in, the table and the runs make. To renew it:
#   <build>/tests/tools/gen_variants_doc <docs/variants.md.in >docs/variants.md
set -euo pipefail
# shellcheck source=tests/cli/capstone.bash
source "$SRC/tests/cli/capstone.bash"
generator=$BUILD/tests/tools/gen_variants_doc
if [[ ! -x $generator ]]; then
    echo "skipped: $generator is not built (no Check library?)"
    exit 77
fi
made=$("$generator" <"$SRC/docs/variants.md.in")
if grep -q '^@' <<<"$made" || (($(grep -c '^| .popf. |' <<<"$made") < 5)); then
    echo "a table is missing: markers in docs/variants.md.in"
    exit 1
fi
diff -u "$SRC/docs/variants.md" <(printf '%s\n' "$made")
