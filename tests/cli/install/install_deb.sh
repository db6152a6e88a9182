#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The packages of cpack. The .deb is installed by dpkg into a root that holds nothing but what the
# package depends on, and the demonstration runs there; the .tar.zst is unpacked and runs.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
source "$SRC/tests/cli/install/install.bash"
need_guest
here=$PWD
need dpkg-shlibdeps
grep -q '^CMAKE_BUILD_TYPE:STRING=Release' "$BUILD/CMakeCache.txt" || skip "packages are made of release builds"

cpack --config "$BUILD/CPackConfig.cmake" -B "$here/packages" >out 2>&1 || {
    fail "cpack"
    finish
}
! grep -iE 'warning|error' out || fail "cpack complains"
rm -rf packages/_CPack_Packages
deb=$(echo packages/page-zero_*.deb)
[[ -r $deb ]] || {
    fail "no .deb"
    finish
}

# ---- What the package says ----
dpkg-deb -f "$deb" >fields
version=$("$PZ" version | cut -d' ' -f2)
[[ $(dpkg-deb -f "$deb" Version) == "$version"-* ]] || fail "the version is not pz's"
for library in libc6 libjansson4 libfdt1 libzstd1 libxxhash0; do
    grep -q "^Depends:.*$library " fields || fail "no dependency on $library"
done
dpkg-deb -e "$deb" control
[[ $(echo control/*) == "control/control control/md5sums" ]] || fail "scripts in the package"
dpkg-deb -c "$deb" >contents
for file in ./usr/bin/pz ./usr/share/doc/page-zero/copyright ./usr/share/doc/page-zero/changelog.Debian.gz \
    ./usr/share/man/man1/pz-run.1.gz ./usr/share/page-zero/guests/mini.elf \
    ./usr/share/page-zero/src/guestos/mini/kernel/main.c ./usr/share/bash-completion/completions/pz; do
    grep -q " $file\$" contents || fail "no $file in the package"
done
for file in "$BUILD"/web/*.{html,css,js}; do
    [[ ! -e $file ]] || grep -q " ./usr/share/page-zero/web/${file##*/}\$" contents || fail "no ${file##*/} in the package"
done
! grep -vE ' root/root ' contents || fail "files that are not root's"
if command -v lintian >/dev/null; then
    lintian --tag-display-limit 0 "$deb" >out 2>&1 || true
    ! grep -E '^[EW]:' out || fail "lintian complains"
fi

# ---- An empty root, with what the package depends on ----
# needed <package>: what dpkg knows that it needs to be installed
needed() {
    dpkg-query -W -f '${Pre-Depends},${Depends}\n' "$1" 2>/dev/null |
        tr ',' '\n' | sed -E 's/^ +//; s/[ :(|].*//' | grep .
}
root=$here/root
mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers} "$root"/{bin,lib,lib64,usr/bin,usr/lib,usr/lib64,proc,tmp}
: >"$root/var/lib/dpkg/status"
mapfile -t todo < <(dpkg-deb -f "$deb" Depends | tr ',' '\n' | sed -E 's/^ +//; s/[ :(|].*//')
declare -A seen=()
while ((${#todo[@]})); do
    package=${todo[0]}
    todo=("${todo[@]:1}")
    [[ -z ${seen[$package]-} ]] || continue
    seen[$package]=yes
    if ! dpkg-query -s "$package" >stanza 2>/dev/null; then
        # A virtual package, or one that this host gives otherwise: dpkg will say if it matters.
        continue
    fi
    { cat stanza; echo; } >>"$root/var/lib/dpkg/status"
    # Only libraries: nothing else of a dependency is pz's to use.
    dpkg-query -L "$package" | grep -E '/lib(64)?/.*\.so' >files || true
    while read -r file; do
        [[ -f $file || -L $file ]] || continue
        mkdir -p "$root$(dirname "$file")"
        cp -a "$file" "$root$file"
    done <files
    mapfile -t more < <(needed "$package")
    todo+=("${more[@]}")
done
# /lib is /usr/lib on a merged system: what dpkg calls one is to be found as the other.
for folder in lib lib64; do
    [[ -L /$folder ]] || continue
    cp -a "$root/$folder/." "$root/usr/$folder/"
    rm -rf "${root:?}/$folder"
    ln -s "usr/$folder" "$root/$folder"
done

dpkg_root=(dpkg --root="$root" --force-not-root --log=/dev/null)
"${dpkg_root[@]}" -i "$deb" >out 2>&1 || fail "dpkg -i"
[[ $(dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Status}' page-zero) == "install ok installed" ]] ||
    fail "dpkg does not call it installed"

# inside <command>...: there, with /proc, which the dynamic linker needs for $ORIGIN, and nothing else
space=(unshare -m)
"${space[@]}" true 2>/dev/null || space=(unshare -rm)
inside() {
    # shellcheck disable=SC2016
    env -u PZ_GUESTS -u PZ_HOME -u LD_LIBRARY_PATH "${space[@]}" \
        sh -c 'mount --rbind /proc "$0/proc" && exec chroot "$0" "$@"' "$root" "$@"
}
if "${space[@]}" true 2>/dev/null; then
    demo inside /usr/bin/pz
    for engine in $("$PZ" doctor | awk '$1 == "engine" && $3 == "found" { print $2 }'); do
        inside /usr/bin/pz run --engine "$engine" --append ls >out 2>err </dev/null ||
            fail "engine $engine in the root"
    done
    inside /usr/bin/pz grade --list >out 2>err </dev/null || fail "pz grade --list in the root"
else
    echo "no mount namespaces here: pz was not run in the root"
fi

# It goes as it came.
"${dpkg_root[@]}" -r page-zero >out 2>&1 || fail "dpkg -r"
left=$(find "$root/usr" -path "*page-zero*")
[[ -z $left ]] || fail "left behind: $left"

# Without one of them dpkg refuses: the dependencies are looked at.
sed -i '/^Package: libjansson4$/,/^$/d' "$root/var/lib/dpkg/status"
! "${dpkg_root[@]}" -i "$deb" >out 2>&1 || fail "dpkg does not miss libjansson4"
in_file out 'depends on libjansson4'

# ---- The archive ----
mkdir "un packed"
tar --zstd -xf packages/page-zero-*.tar.zst -C "un packed" || fail "tar"
unpacked=$(echo "$here/un packed"/page-zero-*/bin/pz)
demo hidden "$unpacked"
if command -v cc >/dev/null; then
    # Stripped as it is, it still has the names that a student's part calls.
    mkdir work
    cp "$SRC/tests/solutions/03-sret/solution.c" work/sret.c
    away 0 "$unpacked" grade 03 "$here/work/sret.c"
fi
finish
