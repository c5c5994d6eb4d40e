#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Debian packages: built, judged, installed, booted, used, updated, removed. As root; takes an hour on two cores.
#   tests/package/run.sh [STEP ...]    build lintian chroot boot update plug double arm64 armhf trixie   (all of them unless said)
# BUSBAR_PACKAGES=DIR   packages that are built already, for lintian, chroot, boot, update and plug
# BUSBAR_CUTS=N, BUSBAR_SEED=S   how often the plug is pulled, and when
# BUSBAR_ROOTS=DIR      where roots are kept (build/roots)
# What this machine cannot do is skipped, and says why.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

export BUSBAR_ROOTS=${BUSBAR_ROOTS:-$PWD/build/roots}
packages=${BUSBAR_PACKAGES:-$PWD/build/packages/bookworm}
here=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

. tests/package/roots.sh

step() {
    local name=$1 code
    shift
    printf '== %s\n' "$name"
    ("$@") >"$work/$name.log" 2>&1
    code=$?
    case $code in
    0) printf 'ok       %s\n' "$name" ;;
    77) printf 'skipped  %s: %s\n' "$name" "$(tail -n 1 "$work/$name.log")" ;;
    *) printf 'FAILED   %s\n' "$name"; sed 's/^/    /' "$work/$name.log" | tail -n 60; failed=1 ;;
    esac
}
skip() { echo "$*"; exit 77; }
package() { ls "$packages/$1"_*_"${2:-$here}".deb; }

build() { packaging/build.sh "$here"; }

lintian_is_silent() {
    command -v lintian >/dev/null || skip "needs the package lintian"
    lintian --allow-root --fail-on error,warning "$(package busbar)" "$(package busbar-sim)"
}

# Two paths, two users' environments, more than one day's hour: the same bits.
double_build() {
    mkdir -p "$work/first"
    BUSBAR_SRC=/src/busbar packaging/build.sh "$here" || return
    cp "$PWD/build/packages/bookworm"/busbar*_"$here".deb "$work/first/"
    TZ=Pacific/Auckland BUSBAR_SRC=/srv/another/deeper/place/busbar packaging/build.sh "$here" || return
    for deb in "$work/first"/*.deb; do cmp "$deb" "$PWD/build/packages/bookworm/$(basename "$deb")" || return; done
}

foreign() { packaging/build.sh "$1" && runs_under_qemu "$1" "$(ls "$PWD/build/packages/bookworm/busbar_"*_"$1".deb)"; }

# The newer Debian: unit tests too, and the result installs.
trixie() {
    BUSBAR_CHECK=1 packaging/build.sh "$here" trixie || return
    fresh_root trixie "$work/trixie" || return
    cp "$PWD/build/packages/trixie/busbar_"*_"$here".deb "$work/trixie/root/"
    in_root "$work/trixie" sh -c 'apt-get install -y -q --no-install-recommends /root/busbar_*.deb && busbard --version'
}

[ "$(id -u)" -eq 0 ] || { echo "tests/package/run.sh: needs root" >&2; exit 1; }
for name in ${*:-build lintian chroot boot update plug double arm64 armhf trixie}; do
    case $name in
    build) step build build ;;
    lintian) step lintian lintian_is_silent ;;
    chroot) step chroot life_in_a_chroot "$(package busbar)" ;;
    boot) step boot booted "$(package busbar)" "$(package busbar-sim)" ;;
    update) step update updated "$(package busbar)" "$(package busbar-sim)" ;;
    plug) step plug plugged "$(package busbar)" "$(package busbar-sim)" ;;
    double) step double double_build ;;
    arm64 | armhf) step "$name" foreign "$name" ;;
    trixie) step trixie trixie ;;
    *) echo "tests/package/run.sh: no step '$name'" >&2; exit 2 ;;
    esac
done
exit $failed
