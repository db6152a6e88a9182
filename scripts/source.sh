#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Gets the source of a Debian package, without a change to what the system fetches: sources have
# lists of their own, which most systems do not have. Security updates are left out: they come with the
# next point release. Sourced by the scripts that build kernels.

# source_fetch <package> <directory>: into <directory>/source.new, Debian's own files in its debian/
source_fetch() {
    local package=$1 apt=$2/apt new=$2/source.new
    rm -rf "$apt" "$new"
    mkdir -p "$apt/lists/partial" "$apt/cache" "$apt/files" "$new"
    # shellcheck disable=SC2016  # apt's own variables
    apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 'Component: main' | sort -u >"$apt/sources.list"
    local options=(-qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=-
        -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update
    (cd "$apt/files" && apt-get "${options[@]}" source --download-only "$package")
    tar -C "$new" --strip-components=1 -xf "$apt/files/${package}"_*.orig.tar.*
    tar -C "$new" -xf "$apt/files/${package}"_*.debian.tar.*
    rm -rf "$apt"
}
