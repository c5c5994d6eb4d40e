#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what building, testing and the demo need: Debian packages by packaging/debian/control, npm packages by the
# package-lock.json of each folder. Does nothing where all of it is there already; safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '== %s\n' "$*"; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo DEBIAN_FRONTEND=noninteractive "$@"
    else
        echo "packaging/setup.sh: Debian packages are missing and installing them needs root: run this as root," \
            "install sudo, or have an administrator run: apt-get build-dep $PWD" >&2
        exit 1
    fi
}

install_debian_packages() {
    dpkg-checkbuilddeps packaging/debian/control 2>/dev/null && return
    command -v apt-get >/dev/null || { echo "packaging/setup.sh: needs Debian 12 (there is no apt-get here)" >&2; exit 1; }
    say "installing Debian packages that the build needs"
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update
    as_root apt-get --yes --no-install-recommends build-dep ./
}

# npm writes node_modules/.package-lock.json last, so a newer one than ours means a complete installation.
install_npm_packages() {
    [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && return
    say "installing npm packages that $2 need"
    npm ci --prefix "$1" --no-audit --no-fund --loglevel=error
}

install_debian_packages
install_npm_packages tests "the tests and the demo"
install_npm_packages gateway/web/ui "the web pages"
install_npm_packages tests/browser "the tests of the web pages"
