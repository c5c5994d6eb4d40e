#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages of this tree in a root of their own, made by mmdebstrap; as root.
#   packaging/build.sh [ARCH] [SUITE]      amd64, arm64 or armhf (this machine's unless said); bookworm or trixie
# Result: build/packages/SUITE/*.deb. Environment:
#   BUSBAR_ROOTS   where roots are kept, 1 to 3 GB each (build/roots)
#   BUSBAR_CHECK=1 runs the unit tests too; only for this machine's own processor
#   BUSBAR_SRC     where the source lies in the root (/src/busbar): two of them make the same packages
#   BUSBAR_UPDATE_KEYS  folder of the maker's public keys, for signed updates (packaging/update-keys)
#   BUSBAR_VULNERABILITY_CONTACT, BUSBAR_SUPPORT_UNTIL  what the publisher promises (packaging/README.md)
#   BUSBAR_CCACHE  a ccache folder to compile through, for those who work on the package
set -euo pipefail
cd "$(dirname "$0")/.."

here=$(dpkg --print-architecture)
arch=${1:-$here} suite=${2:-bookworm}
roots=${BUSBAR_ROOTS:-$PWD/build/roots} place=${BUSBAR_SRC:-/src/busbar}
packages=$PWD/build/packages/$suite
root=$roots/$suite-$arch
mirror="deb http://deb.debian.org/debian $suite main"   # one suite: all architectures at the same versions

say() { printf '== %s\n' "$*"; }
die() { printf 'packaging/build.sh: %s\n' "$*" >&2; exit 1; }
in_root() { unshare --mount --pid --fork --mount-proc="$root/proc" chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive TZ="${TZ:-UTC}" "$@"; }

[ "$(id -u)" -eq 0 ] || die "making a root needs root"
command -v mmdebstrap >/dev/null || die "needs the package mmdebstrap"
case "$place" in /*/*) ;; *) die "BUSBAR_SRC=$place: a folder below another one, which the build empties" ;; esac
case "$arch" in amd64 | arm64 | armhf) ;; *) die "'$arch' is none of amd64, arm64, armhf" ;; esac

profiles=nocheck,pkg.busbar.pages options="nocheck parallel=$(nproc)"
if [ "${BUSBAR_CHECK:-}" = 1 ]; then
    [ "$arch" = "$here" ] || die "unit tests run on this machine's own processor only"
    profiles=pkg.busbar.pages options="parallel=$(nproc)"
fi

packaging/pages.sh

# The root: made once, made again when what the build needs has changed.
wanted=$(sha256sum packaging/debian/control | cut -d' ' -f1)-$profiles
if [ "$(cat "$root.needs" 2>/dev/null)" != "$wanted" ]; then
    say "making a $suite root that builds for $arch"
    rm -rf "$root" "$root.needs"
    mkdir -p "$roots"
    extra=dpkg-dev,debhelper
    [ "$arch" = "$here" ] || extra=$extra,crossbuild-essential-$arch
    mmdebstrap --quiet --variant=buildd --include="$extra" --architectures="$here$([ "$arch" = "$here" ] || echo ",$arch")" "$suite" "$root" "$mirror"
    mkdir -p "$root/needs/debian"
    cp packaging/debian/control packaging/debian/changelog "$root/needs/debian/"
    in_root apt-get -q update  # mmdebstrap takes the lists away
    in_root sh -c "cd /needs && apt-get -y -q --no-install-recommends -a$arch -P$profiles build-dep ./"
    in_root apt-get clean
    echo "$wanted" >"$root.needs"
fi

say "building for $arch on $suite"
rm -rf "${root:?}/src" "${root:?}$(dirname "$place")"
mkdir -p "$root$place"
git ls-files -z --cached --others --exclude-standard | tar --create --null --verbatim-files-from --files-from - --ignore-failed-read | tar --extract --no-same-owner --directory "$root$place"
mkdir -p "$root/pages"
cp -r build/pages/. "$root/pages/"
rm -rf "${root:?}/update-keys"
[ -z "${BUSBAR_UPDATE_KEYS:-}" ] || cp -rL "$BUSBAR_UPDATE_KEYS" "$root/update-keys"
caching=()
if [ -n "${BUSBAR_CCACHE:-}" ]; then
    mkdir -p "$root/ccache"
    in_root sh -c "command -v ccache >/dev/null || { apt-get -q update && apt-get -y -q --no-install-recommends install ccache; }"
    caching=(BUSBAR_CCACHE=ON CCACHE_DIR=/ccache)
fi
promised=(BUSBAR_VULNERABILITY_CONTACT="${BUSBAR_VULNERABILITY_CONTACT:-}" BUSBAR_SUPPORT_UNTIL="${BUSBAR_SUPPORT_UNTIL:-}")
in_root env "${caching[@]}" "${promised[@]}" BUSBAR_WEB_PAGES=/pages BUSBAR_UPDATE_KEYS="${BUSBAR_UPDATE_KEYS:+/update-keys}" DEB_BUILD_OPTIONS="$options" DEB_BUILD_PROFILES="${profiles//,/ }" \
    sh -c "cd $place && dpkg-buildpackage -us -uc -b -a$arch"
mkdir -p "$packages"
cp "$root$(dirname "$place")"/busbar*_"$arch".* "$packages/"
ls -l "$packages"/busbar*_"$arch".deb
