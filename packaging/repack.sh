#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same package again, without compiling: repack.sh DEB OUT [--version V] [--keys DIR] [--file SOURCE=PATH]...
#   --version  under another version (an integrator's own release of it: 1.2.0+acme1)
#   --keys     trusting these keys for updates, as BUSBAR_UPDATE_KEYS at the build
#   --file     with SOURCE in place of PATH in the package
set -euo pipefail
usage="usage: repack.sh DEB OUT [--version V] [--keys DIR] [--file SOURCE=PATH]..."
deb=${1:?"$usage"} out=${2:?"$usage"}
shift 2

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
dpkg-deb --raw-extract "$deb" "$tree"

while [ $# -gt 0 ]; do
    value=${2:?"$usage"}
    case $1 in
    --version)
        was=$(dpkg-deb --field "$deb" Version)
        sed -i "s/^Version: .*/Version: $value/" "$tree/DEBIAN/control"
        # The scripts know it too: dh_installdeb wrote it into preinst.
        sed -i "s/\"$was\"/\"$value\"/g; s/ $was\([: ]\)/ $value\1/g" "$tree/DEBIAN/preinst"
        ;;
    --keys)
        rm -rf "$tree/usr/share/busbar/update-keys"
        "$(dirname "$0")/update-keys.sh" "$tree/usr/share/busbar" "$value"
        ;;
    --file) install -D -m "$(stat -c %a "${value%%=*}")" "${value%%=*}" "$tree/${value#*=}" ;;
    *) echo "$usage" >&2; exit 2 ;;
    esac
    shift 2
done
(cd "$tree" && find . -type f -not -path './DEBIAN/*' -not -path './etc/*' -printf '%P\0' | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(stat -c %Y "$deb")} dpkg-deb --root-owner-group --build "$tree" "$out" >/dev/null
