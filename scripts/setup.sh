#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Gets what building and testing need: Debian packages, and in build/deps two libraries and the
# packages of the lab's page. Sourced by demo.sh and test.sh from the top of the tree; does nothing by itself.
# Everything is looked for before anything is installed, without starting a process, so a
# second run costs next to nothing.
#
#   setup_for_build   what demo.sh needs
#   setup_for_web     what the lab's page is made with besides, once setup_for_build is done
#   setup_for_test    what demo.sh needs, and what test.sh needs
#   setup_build <preset> [cmake args]   configures and builds quietly; shows the log on failure
#
# PZ_SETUP=skip leaves the machine as it is. Failures end the caller with 3 (host failure).

SETUP_DEPS=build/deps
SETUP_LOG=build/setup.log
SETUP_TERMINAL=no
[[ -t 0 && -t 2 ]] && SETUP_TERMINAL=yes

# Each line: Debian package, then how to see that it is there: a command's name, a header's under
# /usr/include, or a file's whole name.
SETUP_BUILD_NEEDS='
gcc             gcc
libc6-dev       stdio.h
cmake           cmake
ninja-build     ninja
pkg-config      pkg-config
libfdt-dev      libfdt.h
libjansson-dev  jansson.h
libxxhash-dev   xxhash.h
libzstd-dev     zstd.h
zlib1g-dev      zlib.h
clang           clang
lld             ld.lld
llvm            llvm-objcopy'
SETUP_BUILD_WANTS='
libedit-dev     editline/readline.h
libdw-dev       elfutils/libdw.h
libseccomp-dev  seccomp.h
libslirp-dev    slirp/libslirp.h
libwebsockets-dev libwebsockets.h'
SETUP_TEST_NEEDS='
check           check.h
python3         python3'
SETUP_TEST_WANTS='
ccache          ccache
codespell       codespell
libunicorn-dev  unicorn/unicorn.h
clang-format    clang-format
shellcheck      shellcheck
valgrind        valgrind
gdb-multiarch   gdb-multiarch
qemu-system-misc qemu-system-riscv32
qemu-user-static qemu-riscv32-static
dpkg-dev        dpkg-shlibdeps
mandoc          mandoc
python3-yaml    /usr/lib/python3/dist-packages/yaml/__init__.py
systemd         systemd-analyze
slurm-wlm       /usr/sbin/slurmctld
zsh             zsh
fish            fish
nodejs          node
npm             npm
zopfli          zopfli
chromium        chromium'
# What the lab's page is made with.
SETUP_WEB_WANTS='
python3         python3
nodejs          node
npm             npm
zopfli          zopfli'
# What the targets of static analysis use besides (cmake/Analysis.cmake).
# shellcheck disable=SC2034  # for the targets of static analysis
SETUP_ANALYSIS_WANTS='
clang-tidy      clang-tidy
codespell       codespell'

# shellcheck source=scripts/setup_wasm.sh
source scripts/setup_wasm.sh

setup_say() { printf 'setup: %s\n' "$*" >&2; }

setup_die() {
    setup_say "$@"
    exit 3
}

# setup_have <command, header or file>
setup_have() {
    case $1 in
    /*) [[ -e $1 ]] ;;
    *.h)
        local dir
        for dir in /usr/include /usr/local/include /usr/include/*-linux-gnu; do
            [[ -e $dir/$1 ]] && return 0
        done
        return 1
        ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# setup_missing <table>: sets MISSING to the packages of the table that are not there
setup_missing() {
    local package probe
    MISSING=()
    while read -r package probe; do
        [[ -z $package ]] || setup_have "$probe" || MISSING+=("$package")
    done <<<"$1"
}

# A failed try is not repeated for an hour: offline, each would cost its time-outs again.
setup_gave_up() {
    [[ -e $SETUP_DEPS/gave-up.$1 && -n $(find "$SETUP_DEPS/gave-up.$1" -mmin -60) ]]
}

setup_give_up() {
    mkdir -p "$SETUP_DEPS"
    : >"$SETUP_DEPS/gave-up.$1"
}

# setup_as_root <command...>: as root, if there is a way
setup_as_root() {
    if ((EUID == 0)); then
        "$@"
    elif sudo -n true 2>/dev/null || [[ $SETUP_TERMINAL == yes ]]; then
        sudo "$@"
    else
        return 1
    fi
}

setup_apt() {
    setup_as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -qq \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=1 -o Acquire::http::Timeout=20 \
        -o Acquire::https::Timeout=20 "$@" </dev/null >>"$SETUP_LOG" 2>&1
}

# setup_clang_runtime: a line of a table: the sanitizers and the fuzzer of the clang that is
# installed, whose version decides which package has them
setup_clang_runtime() {
    local home clang
    clang=$(type -P clang) || return 0
    for home in /usr/lib/llvm-*; do
        [[ $clang -ef $home/bin/clang ]] || continue
        printf 'libclang-rt-%s-dev ' "${home##*-}"
        # The file's folder has the whole version in its name.
        compgen -G "$home/lib/clang/*/lib/linux/libclang_rt.fuzzer-$HOSTTYPE.a" ||
            echo "$home/lib/clang/libclang_rt.fuzzer"
    done
}

# setup_can_install: is there a package manager, and the right to use it?
setup_can_install() {
    command -v apt-get >/dev/null && { ((EUID == 0)) || command -v sudo >/dev/null; }
}

# The first try takes the package lists as they are; the second renews them and finishes what
# an interrupted installation left half done.
setup_apt_install() {
    setup_apt install --no-install-recommends "$@" && return 0
    setup_as_root dpkg --configure -a </dev/null >>"$SETUP_LOG" 2>&1 || true
    setup_apt update || true
    setup_apt install --no-install-recommends "$@"
}

# setup_need <table>: all of it or stop
setup_need() {
    setup_missing "$1"
    ((${#MISSING[@]})) || return 0
    local wanted="${MISSING[*]}"
    if setup_can_install; then
        setup_say "installing $wanted"
        setup_apt_install "${MISSING[@]}" || true
        setup_missing "$1"
        ((${#MISSING[@]})) || return 0
        tail -n 5 "$SETUP_LOG" >&2
    fi
    setup_say "these Debian packages are missing and could not be installed (no right, or offline):"
    setup_say "    ${MISSING[*]}"
    setup_die "install them, then run this again; as root: apt-get install ${MISSING[*]}"
}

# setup_want <table>: what can be had of it; the rest is named and done without
setup_want() {
    local package try=() without=()
    setup_missing "$1"
    for package in "${MISSING[@]}"; do
        if setup_gave_up "$package" || ! setup_can_install; then
            without+=("$package")
        else
            try+=("$package")
        fi
    done
    if ((${#try[@]})); then
        setup_say "installing ${try[*]}"
        if ! setup_apt_install "${try[@]}"; then
            for package in "${try[@]}"; do
                setup_apt install --no-install-recommends "$package" && continue
                setup_give_up "$package"
                without+=("$package")
            done
        fi
    fi
    ((${#without[@]} == 0)) || setup_say "doing without ${without[*]}: what needs them is left out"
}

# The wheels are there if they are the ones that wheels.txt names.
setup_wheels_there() {
    [[ -e $SETUP_DEPS/wheels.stamp &&
        $(<"$SETUP_DEPS/wheels.stamp") == "$(<scripts/wheels.txt)" ]]
}

setup_have_pip() {
    python3 -m pip --version >/dev/null 2>&1
}

# setup_unpack_wheels: downloads into a directory of its own, checks the hashes, and puts the
# result in place by renaming: an interrupted run leaves nothing half done.
setup_unpack_wheels() (
    set -e
    exec 9>"$SETUP_DEPS/lock"
    flock 9
    setup_wheels_there && exit 0
    rm -rf "$SETUP_DEPS"/tmp.*
    tmp=$(mktemp -d "$SETUP_DEPS/tmp.XXXXXX")
    trap 'rm -rf "$tmp"' EXIT
    trap 'exit 130' INT TERM HUP
    python3 -m pip --disable-pip-version-check --no-input download --quiet --timeout 20 --retries 1 \
        --require-hashes --no-deps --only-binary :all: --dest "$tmp" -r scripts/wheels.txt
    for wheel in "$tmp"/*.whl; do
        python3 -m zipfile -e "$wheel" "$tmp/unpacked"
    done
    for name in unicorn capstone; do
        mkdir "$tmp/$name"
        mv "$tmp/unpacked/$name/include" "$tmp/unpacked/$name/lib" "$tmp/$name"
        rm -f "$tmp/$name"/lib/*.a
        [[ ! -e $SETUP_DEPS/$name ]] || mv "$SETUP_DEPS/$name" "$tmp/old.$name"
        mv "$tmp/$name" "$SETUP_DEPS/$name"
    done
    cp scripts/wheels.txt "$tmp/stamp"
    mv "$tmp/stamp" "$SETUP_DEPS/wheels.stamp"
)

# setup_fetch <name> <what> <function>: run it, with its output in the log; if it fails, give up for
# the time being. Call it as a plain command: as an operand of && or || the function's set -e is off.
setup_fetch() {
    local status=0 had_e=${-//[^e]/}
    mkdir -p "$SETUP_DEPS"
    setup_say "fetching $2"
    set +e
    "$3" >>"$SETUP_LOG" 2>&1
    status=$?
    [[ -z $had_e ]] || set -e
    ((status < 128)) || exit "$status"
    if ((status)); then
        setup_give_up "$1"
    fi
}

# setup_wheels: Unicorn and Capstone of the versions wanted; else the system's, and says so
setup_wheels() {
    setup_wheels_there && return 0
    if ! setup_gave_up wheels; then
        if ! setup_have_pip && setup_can_install; then
            setup_say "installing python3-pip"
            setup_apt_install python3-pip || true
        fi
        setup_fetch wheels "Unicorn and Capstone" setup_unpack_wheels
        setup_wheels_there && return 0
    fi
    setup_say "no Unicorn and Capstone from PyPI (see $SETUP_LOG); trying the system's:"
    setup_say "    Unicorn 2.0 makes guests' stores about twice as slow; no disassembly without Capstone 5"
    setup_want "libunicorn-dev unicorn/unicorn.h"
    setup_have unicorn/unicorn.h ||
        setup_say "    no Unicorn at all: guests run on the slower engines that need no library"
    return 0
}

# The packages are there if they are the ones that the lock file names.
setup_npm_there() {
    [[ -e $SETUP_DEPS/npm.stamp && $(<"$SETUP_DEPS/npm.stamp") == "$(<scripts/npm/package-lock.json)" ]]
}

# setup_unpack_npm: as setup_unpack_wheels; npm checks the hashes of the lock file, and runs no
# package's scripts.
setup_unpack_npm() (
    set -e
    exec 9>"$SETUP_DEPS/lock"
    flock 9
    setup_npm_there && exit 0
    rm -rf "$SETUP_DEPS"/tmp.*
    tmp=$(mktemp -d "$SETUP_DEPS/tmp.XXXXXX")
    trap 'rm -rf "$tmp"' EXIT
    trap 'exit 130' INT TERM HUP
    mkdir "$tmp/npm"
    cp scripts/npm/package.json scripts/npm/package-lock.json "$tmp/npm"
    (cd "$tmp/npm" && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries 1 --fetch-timeout 20000)
    [[ ! -e $SETUP_DEPS/npm ]] || mv "$SETUP_DEPS/npm" "$tmp/old"
    mv "$tmp/npm" "$SETUP_DEPS/npm"
    cp scripts/npm/package-lock.json "$tmp/stamp"
    mv "$tmp/stamp" "$SETUP_DEPS/npm.stamp"
)

# setup_npm: what the lab's page is made with, if there is npm; pz is built without it
setup_npm() {
    setup_npm_there && return 0
    setup_have npm && setup_have node || return 0
    if ! setup_gave_up npm; then
        setup_fetch npm "what the lab's page is made with" setup_unpack_npm
        setup_npm_there && return 0
    fi
    setup_say "no packages from npm (see $SETUP_LOG): the lab's page is not built"
}

# setup_all <needs> <wants>
setup_all() {
    mkdir -p build
    if [[ ${PZ_SETUP-} != skip ]]; then
        setup_need "$1"
        setup_want "$2"
        setup_wheels
        setup_npm
    fi
}

setup_for_build() { setup_all "$SETUP_BUILD_NEEDS" "$SETUP_BUILD_WANTS"; }

setup_for_web() {
    [[ ${PZ_SETUP-} != skip ]] || return 0
    setup_want "$SETUP_WEB_WANTS"
    setup_npm
    setup_wasm
}

setup_for_test() {
    setup_all "$SETUP_BUILD_NEEDS$SETUP_TEST_NEEDS" "$SETUP_BUILD_WANTS$SETUP_TEST_WANTS"
    if [[ ${PZ_SETUP-} != skip ]]; then
        setup_want "$(setup_clang_runtime)"
        setup_wasm
    fi
}

# setup_build <preset> [cmake arguments]: SETUP_TARGETS names what to build (everything)
setup_build() {
    local preset=$1 log=build/$1.log
    shift
    if ! { cmake --preset "$preset" "$@" &&
        cmake --build --preset "$preset" ${SETUP_TARGETS:+--target $SETUP_TARGETS}; } >"$log" 2>&1; then
        grep -vE '^\[[0-9]+/[0-9]+\] |^-- ' "$log" | tail -n 60 >&2
        setup_say "building $preset failed; the whole log: $log"
        return 1
    fi
}
