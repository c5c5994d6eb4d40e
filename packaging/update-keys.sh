#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Puts the maker's public update keys into a package: update-keys.sh SHARE [KEYS]
# SHARE: what becomes /usr/share/busbar. KEYS: a folder with current.pem and next.pem (packaging/update-keys unless said);
# where that is missing the package takes no update, and this says so. Half a pair, or what is no Ed25519 public key, ends the build.
set -eu
share=${1:?"usage: update-keys.sh SHARE [KEYS]"}
keys=${2:-packaging/update-keys}

die() { echo "update-keys.sh: $*" >&2; exit 1; }

if [ $# -lt 2 ] && [ ! -d "$keys" ]; then
    echo "update-keys.sh: no keys: this package refuses every update (no_keys). packaging/README.md says how it gets some." >&2
    exit
fi
for name in current next; do
    # The head of every Ed25519 key, RFC 8410, in base64.
    grep -qs '^MCowBQYDK2VwAyEA' "$keys/$name.pem" || die "$keys/$name.pem is no Ed25519 public key"
    grep -qs 'BEGIN PUBLIC KEY' "$keys/$name.pem" || die "$keys/$name.pem is no public key"
    install -D -m 644 "$keys/$name.pem" "$share/update-keys/$name.pem"
done
cmp -s "$keys/current.pem" "$keys/next.pem" && die "$keys: the next key is the current one" || exit 0
