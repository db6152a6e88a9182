#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every shell script passes shellcheck. (SC1091: it need not find the files sourced.)
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"
need shellcheck

check() { shellcheck --format=gcc --exclude=SC1091 "$@"; }

plant good.sh <<'END'
#!/usr/bin/env bash
echo "$1"
END
plant bad.sh <<'END'
#!/usr/bin/env bash
rm $1/*
END
must_pass "a clean script" good.sh
must_complain 'bad.sh.*SC2086' good.sh bad.sh

check_tree '*.sh' '*.bash' '.ci/run'
