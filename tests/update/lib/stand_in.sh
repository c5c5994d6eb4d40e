#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Stands in for each program that the update helper runs; by its name it knows which. The folder `fake` is the machine:
# installed (the package), half (dpkg was cut in the middle), run (the service is active), deeds (what was done), and cut:
# a number, at that call's beginning or end the helper is killed as by a power cut.
root=$(cd "$(dirname "$0")/../.." && pwd)
name=$(basename "$0")
fake=$root/fake
work=$root/var/lib/busbar-update

moment() {
    [ -f "$fake/cut" ] || return 0
    left=$(($(cat "$fake/cut") - 1))
    if [ "$left" -gt 0 ]; then echo "$left" >"$fake/cut"; return 0; fi
    rm "$fake/cut" "$fake/run"
    kill -KILL "$PPID"
    exit 137
}
field() { sed -n "s/^$1: //p" "$2"; }
is_real() { head -c 7 "$1" | grep -q '!<arch>'; }
facts() { if is_real "$1"; then /usr/bin/dpkg-deb --field "$1"; else cat "$1"; fi; }
deed() { echo "$1" >>"$fake/deeds"; }
fresh() { echo "ActiveState=active
InvocationID=$(cat /proc/sys/kernel/random/uuid)" >"$fake/run"; }

start() {
    [ -e "$work/hold" ] && exit 0
    [ -e "$fake/run" ] && [ "$1" != again ] && { say; exit 0; }
    [ -e "$fake/half" ] && exit 1
    behaviour=$(field Behaviour "$fake/installed")
    [ "$behaviour" = crashes ] && exit 1
    [ "$behaviour" = migrates ] && echo 2 >"$root/var/lib/busbar/schema.db"
    [ "$behaviour" = damages ] && { echo garbage >"$root/var/lib/busbar/schema.db"; exit 1; }
    # What it cannot read it sets aside, and begins anew.
    grep -q garbage "$root/var/lib/busbar/schema.db" && { mv "$root/var/lib/busbar/schema.db" "$root/var/lib/busbar/schema.db.corrupt-1"; echo empty >"$root/var/lib/busbar/schema.db"; }
    # The first release does not know the second form of the state.
    case $(cat "$root/var/lib/busbar/schema.db"):$(field Version "$fake/installed") in 2:1*) exit 1 ;; esac
    fresh
    say
}
# The daemon's health word; where a real one speaks the file `silent` is there.
say() {
    [ -e "$fake/silent" ] && return 0
    watch=$(sed -n 's/^ "watch": "\(.*\)".*/\1/p' "$work/status.json" 2>/dev/null)
    case $(field Behaviour "$fake/installed") in unwell | migrates) well=no ;; *) well=yes ;; esac
    printf 'watch=%s\nwell=%s\nmissing=the link of CP1\n' "$watch" "$well" >"$root/var/lib/busbar/update/health"
}
install() {
    for file; do :; done
    [ "$DPKG_FRONTEND_LOCKED$BUSBAR_DOWNGRADE" = 11 ] || exit 3
    touch "$fake/half"
    facts "$file" >"$fake/installed"
    deed "install-$(field Version "$fake/installed")"
    moment
    [ "$(field Behaviour "$fake/installed")" = fails ] && exit 1
    rm "$fake/half"
}

moment
case $name:$1 in
systemctl:start) start ;;
systemctl:stop) deed stop; rm -f "$fake/run" ;;
systemctl:show)
    # A systemd that does not answer: as often as the file says.
    [ -s "$fake/mute" ] && { sed -i 1d "$fake/mute"; exit 1; }
    [ -f "$fake/run" ] && cat "$fake/run" || echo ActiveState=inactive ;;
systemctl:reset-failed) ;;
dpkg-query:--show)
    [ -e "$fake/half" ] && { echo "half-installed 1 amd64"; exit 0; }
    echo "installed $(field Version "$fake/installed") $(field Architecture "$fake/installed")" ;;
dpkg-deb:--field)
    [ -e "$2" ] || exit 2
    facts "$2" ;;
dpkg-repack:busbar) deed repack; cp "$fake/installed" "./busbar.deb" ;;
apt-get:--simulate)
    for file; do :; done
    echo "Inst busbar [1] (2 local)"
    grep -q '^Depends: missing' "$file" && echo "Inst missing (1 Debian)"
    echo "Conf busbar (2 local)" ;;
dpkg:--configure) ;;
dpkg:--install) install "$@" ;;
*) echo "stand_in: $name $*" >&2; exit 99 ;;
esac
code=$?
moment
exit $code
