#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a signed bundle of a package: make-bundle.sh DEB KEY [OUT] [NOTES]
# KEY: an Ed25519 private key (PEM). What is in a bundle: gateway/update/README.md
# Makes keys for trying it: make-bundle.sh --test-keys DIR: current.key and next.key sign, current.pem and next.pem are what
# BUSBAR_UPDATE_KEYS=DIR builds in.
set -euo pipefail
usage="usage: make-bundle.sh DEB KEY [OUT] [NOTES] | --test-keys DIR"

if [ "${1:-}" = --test-keys ]; then
    dir=${2:?"$usage"}
    mkdir -p -- "$dir"
    for name in current next; do
        [ ! -e "$dir/$name.key" ] || { echo "make-bundle.sh: $dir/$name.key is there already" >&2; exit 1; }
        (umask 077 && openssl genpkey -algorithm ed25519 -out "$dir/$name.key")
        openssl pkey -in "$dir/$name.key" -pubout -out "$dir/$name.pem"
    done
    exit
fi

deb=${1:?"$usage"}
key=${2:?"$usage"}
field() { dpkg-deb --field "$deb" "$1"; }
out=${3:-$(field Package)_$(field Version)_$(field Architecture).bundle}
notes=${4:-}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -- "$deb" "$work/package.deb"
{
    echo "format=busbar-bundle-1"
    echo "package=$(field Package)"
    echo "version=$(field Version)"
    echo "architecture=$(field Architecture)"
    echo "size=$(stat -c %s "$work/package.deb")"
    echo "sha256=$(sha256sum "$work/package.deb" | cut -d ' ' -f 1)"
    echo "released=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%F)"
    echo "notes=$notes"
} >"$work/manifest"
openssl pkeyutl -sign -rawin -inkey "$key" -in "$work/manifest" -out "$work/manifest.sig"
rm -f -- "$out"
# D: no owner, no date: the same package and key make the same bundle.
(cd "$work" && ar qcDS made.bundle manifest manifest.sig package.deb)
mv -- "$work/made.bundle" "$out"
echo "$out"
