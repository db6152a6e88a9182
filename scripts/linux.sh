#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds Linux for PZ32 from Debian's sources, and busybox to go with it; into build/linux:
#   Image       the kernel, flat, with Linux's header
#   vmlinux     the same as ELF, with symbols and DWARF; vmlinux-gdb.py, scripts/gdb: the kernel's own
#               commands for gdb (lx-dmesg, lx-ps), which gdb loads with it
#   initrd.gz   a userland that ends in a shell (the kernel is told rdinit=/init)
#   disk.img    the same on an ext2 file system, for --disk
#
#   scripts/linux.sh [kernel|userland|all]
#
# The kernel takes half an hour of CPU, once. JOBS says how many compilers run at a time. Needs no
# root but for packages that are missing (flex, bison, bc); takes some 3 GiB in build/linux, of
# which 2 go again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
top=$PWD
out=$top/build/linux
jobs=${JOBS:-$(nproc)}
ccache=
[[ -z $(type -P ccache) ]] || ccache='ccache '
mkdir -p "$out"

# shellcheck source=scripts/setup.sh
source scripts/setup.sh
# shellcheck source=scripts/source.sh
source scripts/source.sh
LINUX_NEEDS='
make            make
flex            flex
bison           bison
bc              bc
xz-utils        xz
bzip2           bzip2
rsync           rsync
clang           clang
lld             ld.lld
llvm            llvm-objcopy
e2fsprogs       /sbin/mke2fs
python3         python3'

say() { printf 'linux: %s\n' "$*" >&2; }

# ---- The kernel ----

kernel_source() {
    [[ -e $out/source/Makefile ]] && return 0
    say "fetching Debian's linux-source-6.1"
    (cd "$out" && apt-get download -qq linux-source-6.1)
    rm -rf "$out/tmp"
    mkdir -p "$out/tmp/source"
    dpkg-deb -x "$out"/linux-source-6.1_*.deb "$out/tmp"
    tar -C "$out/tmp/source" --strip-components=1 -xf "$out/tmp/usr/src/linux-source-6.1.tar.xz"
    mv "$out/tmp/source" "$out/source"
    rm -rf "$out/tmp" "$out"/linux-source-6.1_*.deb
}

kernel_make() {
    make -C "$out/source" O="$out/kernel" ARCH=riscv LLVM=1 CC="${ccache}clang" \
        KBUILD_BUILD_TIMESTAMP=1970-01-01 KBUILD_BUILD_USER=pz KBUILD_BUILD_HOST=pz "$@" >>"$out/kernel.log" 2>&1 ||
        { tail -n 20 "$out/kernel.log" >&2 && say "make $* failed; the whole log: $out/kernel.log" && exit 1; }
}

# Options that a kernel of this version does not have, or does not let us have, are named.
kernel_configure() {
    local wanted
    mkdir -p "$out/kernel"
    kernel_make tinyconfig
    (cd "$out/source" && scripts/kconfig/merge_config.sh -m -O "$out/kernel" \
        "$out/kernel/.config" "$top/scripts/linux/kernel.config") >>"$out/kernel.log"
    kernel_make olddefconfig
    while read -r wanted; do
        grep -qxF -- "$wanted" "$out/kernel/.config" || say "without $wanted"
    done < <(grep '^CONFIG_' scripts/linux/kernel.config)
}

kernel() {
    kernel_source
    : >"$out/kernel.log"
    kernel_configure
    say "building the kernel"
    kernel_make -j"$jobs" Image vmlinux scripts_gdb
    cp "$out/kernel/arch/riscv/boot/Image" "$out/Image"
    cp "$out/kernel/vmlinux" "$out/vmlinux"
    # Links into the source and the build, which may go.
    rm -rf "$out/scripts"
    mkdir "$out/scripts"
    cp -rL "$out/kernel/scripts/gdb" "$out/scripts"
    cp -L "$out/kernel/vmlinux-gdb.py" "$out"
    say "$out/Image"
}

# ---- The userland ----

# A C compiler with a libc for riscv32: neither is in Debian.
zig() {
    [[ -e $out/zig/ziglang/zig ]] && return 0
    say "fetching zig"
    python3 -m pip --disable-pip-version-check --no-input download --quiet --require-hashes --no-deps \
        --only-binary :all: --dest "$out" -r scripts/linux/wheels.txt
    rm -rf "$out/zig"
    python3 -m zipfile -e "$out"/ziglang-*.whl "$out/zig"
    chmod +x "$out/zig/ziglang/zig"
    rm "$out"/ziglang-*.whl
}

busybox_source() {
    [[ -e $out/busybox/Makefile ]] && return 0
    say "fetching Debian's busybox"
    source_fetch busybox "$out"
    # It writes this pointer, and declares it const, which clang takes at its word.
    sed -i 's/^extern struct globals \*const ptr_to_globals;/extern struct globals *ptr_to_globals;/' \
        "$out/source.new/include/libbb.h"
    mv "$out/source.new" "$out/busybox"
}

# busybox's makefiles want single commands, and zig wants lists of dependencies asked for plainly.
# BB_GLOBAL_CONST: the other pointers that busybox writes and declares const.
busybox_tools() {
    mkdir -p "$out/tools"
    cat >"$out/tools/pz-cc" <<END
#!/usr/bin/env bash
words=()
for word; do
    case \$word in
    -Wp,-MD,*) words+=(-MD -MF "\${word#-Wp,-MD,}") ;;
    -finline-limit=* | -falign-* | -Wl,--warn-common | -Wl,-Map* | -Wl,--verbose | -Wl,--sort-*) ;;
    *) words+=("\$word") ;;
    esac
done
exec "$out/zig/ziglang/zig" cc -target riscv32-linux-musl -mcpu=generic_rv32+m+a -DBB_GLOBAL_CONST= \\
    "\${words[@]}"
END
    printf '#!/bin/sh\nexec %q ar "$@"\n' "$out/zig/ziglang/zig" >"$out/tools/pz-ar"
    chmod +x "$out/tools/pz-cc" "$out/tools/pz-ar"
}

busybox_make() {
    local -x ZIG_GLOBAL_CACHE_DIR=$out/zig-cache
    make -C "$out/busybox" CC="$out/tools/pz-cc" AR="$out/tools/pz-ar" NM=llvm-nm STRIP=llvm-strip \
        OBJCOPY=llvm-objcopy HOSTCC=cc SKIP_STRIP=y "$@" >>"$out/busybox.log" 2>&1 ||
        { tail -n 20 "$out/busybox.log" >&2 && say "busybox: make $* failed; the whole log: $out/busybox.log" && exit 1; }
}

# Nothing but our list; the options that come into sight with it take their defaults.
busybox_configure() {
    local wanted name
    busybox_make allnoconfig
    while IFS='=' read -r name _; do
        sed -i "s/^# $name is not set\$/$name=y/" "$out/busybox/.config"
    done < <(grep '^CONFIG_' scripts/linux/busybox.config)
    # yes is stopped by the pipe when make is done.
    (yes '' || true) | busybox_make oldconfig
    while read -r wanted; do
        grep -qxF -- "$wanted" "$out/busybox/.config" || say "busybox without $wanted"
    done < <(grep '^CONFIG_' scripts/linux/busybox.config)
}

userland() {
    zig
    busybox_source
    busybox_tools
    : >"$out/busybox.log"
    busybox_configure
    say "building busybox"
    busybox_make -j"$jobs" busybox
    rm -rf "$out/root"
    mkdir -p "$out/root"/{bin,sbin,etc,proc,sys,dev,tmp,mnt,root}
    cp "$out/busybox/busybox" "$out/root/bin/busybox"
    llvm-strip "$out/root/bin/busybox"
    ln -s busybox "$out/root/bin/sh"
    cp scripts/linux/init "$out/root/init"
    chmod +x "$out/root/init"
    ln -s ../init "$out/root/sbin/init"
    python3 scripts/linux/cpio.py "$out/root" | gzip -9n >"$out/initrd.gz"
    rm -f "$out/disk.img"
    mke2fs -q -t ext2 -b 1024 -d "$out/root" -L pz "$out/disk.img" 16M
    say "$out/initrd.gz, $out/disk.img"
}

[[ ${PZ_SETUP-} == skip ]] || setup_need "$LINUX_NEEDS"
case ${1-all} in
kernel) kernel ;;
userland) userland ;;
all) kernel && userland ;;
*) say "kernel, userland or all, not '$1'" && exit 2 ;;
esac
