#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A tree without any of the optional libraries, and without Check, can be configured; and no program
# is linked with a part of pz that is not built then.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cmake
need ninja
real=$(type -P pkg-config) || skip "no pkg-config"

cat >pkg-config <<END
#!/bin/sh
for word; do
    case \$word in
    check | check\ * | libedit* | libdw* | libseccomp* | slirp* | libwebsockets* | unicorn* | capstone*) exit 1 ;;
    esac
done
exec "$real" "\$@"
END
chmod +x pkg-config

PKG_CONFIG=$PWD/pkg-config cmake -S "$SRC" -B tree -G Ninja -DCMAKE_BUILD_TYPE=Release -DPZ_UNICORN=none \
    -DPZ_CAPSTONE=none -DPZ_WEB=OFF >out 2>err || fail "a tree without optional libraries is not configured"
in_file err 'the Check library is missing'
in_file tree/build.ninja 'replay_hll'
! grep -o -- ' -lpz_[a-z]*' tree/build.ninja >out || fail "linked, but not built"
finish
