#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# cmake --install into a folder with blanks in its name, moved afterwards: pz runs from there, and
# finds all that it needs, with the source tree and the build out of sight.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
source "$SRC/tests/cli/install/install.bash"
need_guest
here=$PWD

cmake --install "$BUILD" --prefix "$here/one place" >out 2>&1 || {
    fail "cmake --install"
    finish
}
mv "one place" "another's place"
tree="$here/another's place"
pz=$tree/bin/pz
share=$tree/share/page-zero

# ---- pz alone ----
away 0 "$pz" version
grep -qE '^pz [0-9]+\.[0-9]+\.[0-9]+' out || fail "pz version"
# Libraries: the system's, or the tree's own.
ldd "$pz" | awk '$2 == "=>" { print substr($0, index($0, "=>") + 3) }' >libraries
[[ -s libraries ]] || fail "ldd says nothing"
! grep -vE "^(/usr)?/lib/|^$tree/bin/../lib/page-zero/" libraries || fail "a library from elsewhere"

# ---- Guests: from anywhere, through a link, by PATH; PZ_GUESTS still wins ----
away 0 "$pz" run --append 'echo installed'
(($(grep -c installed out) == 2)) || fail "pz run"
mkdir bin
ln -s "$pz" bin/link
away 0 "$here/bin/link" map
in_file out 'Who has page 0?'
hidden env "PATH=$tree/bin:$PATH" pz bare --append 'echo by path' >out 2>err </dev/null
in_file out 'by path'
away 3 env PZ_GUESTS=/nowhere "$pz" run
in_file err '/nowhere/mini.elf'
away 3 env PZ_HOME=/nowhere "$pz" grade --list
in_file err '/nowhere/examples'
# A copy of the tree is as good.
cp -a "$tree" copy
away 0 "$here/copy/bin/pz" bare --append 'echo copied'
rm -rf copy

# ---- pz doctor: all is there, and where ----
away 0 "$pz" doctor --json
python3 - out "$tree" <<'END_PYTHON' || fail "pz doctor"
import json, sys
findings = json.load(open(sys.argv[1]))["findings"]
places = [f for f in findings if f["kind"] in ("guest", "source")]
assert len(places) > 4, places
# What of the page could be built.
places += [f for f in findings if f["kind"] == "web" and f["found"]]
for f in places:
    assert f["found"] and f["about"].startswith(sys.argv[2] + "/"), f
END_PYTHON

# ---- All that is built: every system's images, the page and what it loads ----
for file in guests/{box,micro,micro-hll,exo,exo-hll,mini-common,type1}.elf guests/hll/queens.wasm; do
    [[ -s $share/$file ]] || fail "no $file"
done
for file in "$BUILD"/web/*.{html,css,js}; do
    [[ ! -e $file ]] || cmp "$file" "$share/web/${file##*/}" || fail "not the page that was built"
done
if [[ -e $BUILD/web/index.html ]]; then
    away 0 "$pz" report --vms 1 --append ls
    in_file out "/another%27s%20place/share/page-zero/web/index.html#v=1"
fi

# ---- A kernel to begin with ----

away 0 "$pz" new-kernel "$here/mine"
[[ -s mine/kernel.c && -s mine/kernel.ld && -s mine/Makefile ]] || fail "pz new-kernel"

# ---- Exercises: listed, and graded with the headers and the linker script of the tree ----
away 0 "$pz" grade --list
(($(wc -l <out) > 10)) || fail "pz grade --list"
if command -v cc >/dev/null && command -v clang >/dev/null; then
    mkdir work
    cp "$SRC/tests/solutions/03-sret/solution.c" work/sret.c
    away 0 "$pz" grade 03 "$here/work/sret.c"
    cp "$SRC/tests/solutions/21-pager/solution.c" work/pager.c
    away 0 "$pz" grade 21 "$here/work/pager.c"
fi

# ---- Sources ----
cat >commands <<'END_COMMANDS'
break syscall
continue
list
END_COMMANDS
away 0 "$pz" debug -x "$here/commands" --batch --append ls
grep -qE '^=> +[0-9]+ ' out || fail "pz debug: list shows no source"
not_in_file out 'is not there'

if command -v gdb-multiarch >/dev/null; then
    hidden timeout "$PATIENCE" "$pz" run --gdb "unix:$here/s" --append ls >said.out 2>said </dev/null &
    server=$!
    until_by "$server" grep -qs gdb-multiarch said
    # What pz says is to be typed, is typed.
    line=$(grep gdb-multiarch said)
    cat >gdb.sh <<END_SHELL
gdb-multiarch() { command gdb-multiarch -batch -nx -iex 'set confirm off' "\$@" -ex 'break syscall' \
    -ex continue -ex list -ex 'info source' -ex 'list main.c:1,20' -ex kill; }
$line
END_SHELL
    hidden timeout "$PATIENCE" bash "$here/gdb.sh" >out 2>&1 </dev/null
    kill "$server" 2>/dev/null
    wait "$server"
    in_file out "Located in $share/src/guestos/mini/kernel/syscall.c"
    in_file out 'void syscall('
    in_file out 'main.c - '
    not_in_file out 'No such file'
fi
# The documents give the same line.
in_file "$tree/share/doc/page-zero/docs/gdb.md" 'directory "'

# No path of the build is in a guest.
! grep -rlF -- "$SRC" "$share/guests" || fail "a guest names the source tree"

# ---- Pages, completion, documents ----
for page in "$tree"/share/man/man1/*.gz; do
    gzip -t "$page" || fail "$page"
done
[[ -e $tree/share/man/man1/pz-run.1.gz ]] || fail "no pz-run(1)"
if command -v man >/dev/null; then
    MANPATH=$tree/share/man man pz-run >out 2>err || fail "man pz-run"
    in_file out 'PZ-RUN(1)'
fi
bash -n "$tree/share/bash-completion/completions/pz" || fail "bash completion"
[[ -e $tree/share/fish/vendor_completions.d/pz.fish ]] || fail "no fish completion"
[[ -n $(find "$tree/share/zsh" -name _pz) ]] || fail "no zsh completion"
for file in README.md copyright docs/changes.md docs/tour.md examples/README.md guestos/mini/README.md; do
    [[ -r $tree/share/doc/page-zero/$file ]] || fail "no $file"
done
finish
