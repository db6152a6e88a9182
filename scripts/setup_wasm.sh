#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What pz.wasm needs (tools/web/wasm): the C library for WASI, and sources of the other libraries,
# unpacked into build/deps/wasm32. Part of setup.sh, which sources it.
#
#   setup_wasm   all of it that can be had; pz is built without the rest

# As in scripts/wasm-debian.txt: hash and name of an archive, package and version that it is of.
SETUP_WASM_PINS='scripts/wasm-debian.txt scripts/wasm-sdists.txt'

# setup_wasm_runtime: lines of a table, for the clang that is installed
setup_wasm_runtime() {
    local home clang
    clang=$(type -P clang) || return 0
    echo 'wasi-libc /usr/include/wasm32-wasi/stdio.h'
    for home in /usr/lib/llvm-*; do
        [[ $clang -ef $home/bin/clang ]] || continue
        printf 'libclang-rt-%s-dev-wasm32 ' "${home##*-}"
        # The file's folder has the whole version in its name.
        compgen -G "$home/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a" ||
            echo "$home/lib/clang/libclang_rt.builtins-wasm32.a"
    done
}

# The sources are there if they are those that are pinned.
setup_wasm_there() {
    # shellcheck disable=SC2086  # names of files without spaces
    [[ -e $SETUP_DEPS/wasm32/stamp && $(<"$SETUP_DEPS/wasm32/stamp") == "$(cat $SETUP_WASM_PINS)" ]]
}

# setup_wasm_debian <folder>: Debian's archives of sources, from where packages come from too
setup_wasm_debian() {
    local packages
    packages=$(grep -o '[^ ]*$' scripts/wasm-debian.txt)
    # shellcheck disable=SC2016  # apt-get's fields
    apt-get indextargets --format 'deb-src $(SITE) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'Origin: Debian' 'Component: main' | sort -u >"$1/sources.list"
    mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
    local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$1/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::lists=$1/lists" -o "Dir::Cache=$1/cache" -o APT::Sandbox::User=root
        -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20)
    "${apt[@]}" update
    # shellcheck disable=SC2086  # a word for each
    (cd "$1" && "${apt[@]}" source --download-only $packages)
    sed 's/ [^ ]*$//' scripts/wasm-debian.txt >"$1/sums"
    (cd "$1" && sha256sum --quiet -c sums)
}

# setup_wasm_unpack: as setup_unpack_wheels
setup_wasm_unpack() (
    set -e
    exec 9>"$SETUP_DEPS/lock"
    flock 9
    setup_wasm_there && exit 0
    rm -rf "$SETUP_DEPS"/tmp.*
    tmp=$(mktemp -d "$PWD/$SETUP_DEPS/tmp.XXXXXX")
    trap 'rm -rf "$tmp"' EXIT
    trap 'exit 130' INT TERM HUP
    setup_wasm_debian "$tmp"
    python3 -m pip --disable-pip-version-check --no-input download --quiet --timeout 20 --retries 1 \
        --require-hashes --no-deps --no-binary capstone,pylibfdt --dest "$tmp" -r scripts/wasm-sdists.txt
    mkdir "$tmp/x" "$tmp/wasm32"
    for archive in "$tmp"/*.tar.*; do
        [[ $archive == *.asc || $archive == *.debian.* ]] || tar -xf "$archive" -C "$tmp/x"
    done
    mv "$tmp"/x/jansson-*/src "$tmp/wasm32/jansson"
    mv "$tmp"/x/zlib-* "$tmp/wasm32/zlib"
    mv "$tmp"/x/zstd-*/lib "$tmp/wasm32/zstd"
    mv "$tmp"/x/pylibfdt-*/libfdt "$tmp/wasm32/libfdt"
    mv "$tmp"/x/capstone-*/src "$tmp/wasm32/capstone"
    # shellcheck disable=SC2086
    cat $SETUP_WASM_PINS >"$tmp/wasm32/stamp"
    [[ ! -e $SETUP_DEPS/wasm32 ]] || mv "$SETUP_DEPS/wasm32" "$tmp/old"
    mv "$tmp/wasm32" "$SETUP_DEPS/wasm32"
)

setup_wasm() {
    setup_want "$(setup_wasm_runtime)"
    setup_wasm_there && return 0
    if ! setup_gave_up wasm && command -v apt-get >/dev/null && setup_have_pip; then
        setup_fetch wasm "sources of libraries for pz.wasm" setup_wasm_unpack
        setup_wasm_there && return 0
    fi
    setup_say "no sources of libraries for pz.wasm (see $SETUP_LOG): the lab has no page without a server"
}
