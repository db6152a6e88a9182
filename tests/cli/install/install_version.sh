#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Which source pz says it is made from: in a git checkout, in an archive of one, and elsewhere; and
# that looking again does not touch what has not changed.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"

# revision <revision> <day>: what cmake finds out about the folder `source`
revision() {
    cmake -DSOURCE="$PWD/source" -DOUT="$PWD/revision.h" -P "$SRC/cmake/Revision.cmake" >out 2>err ||
        fail "cmake"
    in_file revision.h "#define PZ_REVISION \"$1\""
    in_file revision.h "#define PZ_DATE \"$2\""
}
mkdir -p source/cmake
cp "$SRC/.gitattributes" source
# shellcheck disable=SC2016
printf '$Format:%%h %%cs$\n' >source/cmake/revision.txt
cp source/cmake/revision.txt unknown
[[ ! -e $SRC/.git ]] || cmp "$SRC/cmake/revision.txt" unknown || fail "revision.txt is not what git fills in"

revision '' ''
touch -d 2020-01-01 revision.h
revision '' ''
[[ -z $(find revision.h -newermt 2020-01-02) ]] || fail "the same revision is written again"

if command -v git >/dev/null; then
    git() { command git -C source -c user.name=pz -c user.email=pz@example.org "$@"; }
    export GIT_COMMITTER_DATE=2026-02-03T12:00:00Z
    { git init -q && git add . && git commit -qm one; } >out 2>&1 || fail "git"
    commit=$(git rev-parse --short=12 HEAD)
    revision "$commit" 2026-02-03
    git tag v1.2.3
    revision v1.2.3 2026-02-03
    echo >>source/cmake/revision.txt
    revision v1.2.3-dirty 2026-02-03
    git checkout -q .
    # An archive says it by itself.
    git archive --prefix archive/ HEAD | tar x || fail "git archive"
    short=$(git rev-parse --short HEAD)
    rm -rf source
    mv archive source
    revision "$short" 2026-02-03
fi

# The version is cmake's, and the manual pages' too.
run 0 version
version=$(sed -n 's/^project(pz VERSION \([0-9.]*\) .*/\1/p' "$SRC/CMakeLists.txt")
grep -qE "^pz $version( |\$)" out || fail "not version $version"
run 0 help --man
in_file out "\"Page Zero $version\""
finish
