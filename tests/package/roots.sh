# SPDX-License-Identifier: Apache-2.0
# For run.sh: fresh Debian roots, and what is done in them.

in_root() {
    local root=$1
    shift
    unshare --mount --pid --fork --mount-proc="$root/proc" chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# fresh_root SUITE DIR: systemd as on any Debian, nothing else. The tarball of it is kept.
fresh_root() {
    local suite=$1 dir=$2 tarball=$BUSBAR_ROOTS/install-$1.tar
    command -v mmdebstrap >/dev/null || skip "needs the package mmdebstrap"
    if [ ! -e "$tarball" ]; then
        mkdir -p "$BUSBAR_ROOTS"
        mmdebstrap --quiet --format=tar --variant=minbase --include=systemd,systemd-sysv,dbus,ca-certificates,curl,iproute2,procps "$suite" "$tarball.new" "deb http://deb.debian.org/debian $suite main" || return
        mv "$tarball.new" "$tarball"
    fi
    mkdir -p "$dir"
    tar --extract --file "$tarball" --directory "$dir" || return
    printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d"
    chmod +x "$dir/usr/sbin/policy-rc.d"
}

expect() { "$@" || { echo "not so: $*"; exit 1; }; }

# Without systemd running: files, users, edited settings, the way down that is refused, remove and purge.
life_in_a_chroot() {
    local deb=$1 root=$work/chroot
    local at="$root/var/lib/busbar/config.json"
    fresh_root bookworm "$root" || return
    find "$root/etc" "$root/var/lib" "$root/usr" "$root/lib" | sort >"$work/before"
    cp "$deb" "$root/root/one.deb"
    packaging/repack.sh "$deb" "$root/root/two.deb" --version 99.0 || return
    in_root "$root" sh -c 'apt-get update -q && apt-get install -y -q --no-install-recommends /root/one.deb' || return

    in_root "$root" id -nG busbar | grep -qw dialout || { echo "busbar is not in dialout"; return 1; }
    expect test "$(stat -c %a "$root/var/lib/busbar")" = 750
    expect in_root "$root" busbard --config /var/lib/busbar/config.json --check
    expect test -L "$root/etc/systemd/system/multi-user.target.wants/busbar.service"
    expect test -L "$root/etc/systemd/system/sysinit.target.wants/busbar-firewall.service"

    echo 'BUSBAR_OPTIONS="--log-level debug"' >"$root/etc/default/busbar"
    sed -i 's/central-system.invalid/csms.example/' "$at"
    in_root "$root" dpkg -i /root/two.deb || return
    expect grep -q debug "$root/etc/default/busbar"
    expect grep -q csms.example "$at"

    if in_root "$root" dpkg -i /root/one.deb >"$work/refused" 2>&1; then echo "a downgrade was not refused"; return 1; fi
    expect grep -q 'not downgraded' "$work/refused"
    expect grep -q 'Version: 99.0' <(in_root "$root" dpkg -s busbar)
    in_root "$root" env BUSBAR_DOWNGRADE=1 dpkg -i /root/one.deb || return

    in_root "$root" dpkg --remove busbar || return
    expect grep -q csms.example "$at"
    in_root "$root" dpkg --purge busbar || return
    in_root "$root" apt-get autoremove --purge -y -q || return
    rm -f "$root/root/"*.deb
    find "$root/etc" "$root/var/lib" "$root/usr" "$root/lib" | sort >"$work/after"
    if comm -13 "$work/before" "$work/after" | grep -i busbar; then echo "left behind by the purge"; return 1; fi
}

# machine_root DIR DEB SIM: a machine that has all but the package itself, which lies in /root. Made once, then copied to DIR,
# if that is not empty.
machine_root() {
    local model=$work/machine
    command -v systemd-nspawn >/dev/null || skip "needs the package systemd-container"
    command -v node >/dev/null || skip "needs node"
    if [ ! -e "$model.ready" ]; then
        rm -rf "$model"
        fresh_root bookworm "$model" || return
        cp "$2" "$model/root/busbar.deb"
        cp "$3" "$model/root/busbar-sim.deb"
        packaging/repack.sh "$2" "$model/root/newer.deb" --version 99.0 || return
        # What it depends on, from the network; itself only when the machine is up.
        in_root "$model" sh -c 'apt-get update -q && apt-get install -y -q --no-install-recommends openssh-client /root/busbar-sim.deb /root/busbar.deb && dpkg --purge busbar && apt-get clean' || return
        rm "$model/usr/sbin/policy-rc.d"
        touch "$model.ready"
    fi
    [ -z "$1" ] || cp -a "$model" "$1"
}

# A whole machine: systemd as pid 1, with a network to this one. Its life, and its updates.
booted() {
    machine_root "$work/booted" "$@" || return
    BUSBAR_ROOT=$work/booted node --test --test-reporter=spec tests/package/booted.test.mjs
}
updated() { on_a_disk updated "$@"; }

# plugged DEB SIM: the simulator runs here, beside the machine.
plugged() {
    dpkg-deb --extract "$2" "$work/sim" || return
    BUSBAR_PROGRAMS=$work/sim/usr/bin on_a_disk plug "$@"
}

# on_a_disk TEST DEB SIM: the machine on a disk of its own, which a power cut stops with its caches unwritten. It is mounted
# for the test alone, so that nobody else holds it when it has to come again.
on_a_disk() {
    local name=$1 image=$work/$1.disk dir=$work/$1
    shift
    machine_root "" "$@" || return
    mkdir "$dir"
    mke2fs -q -t ext4 -d "$work/machine" "$image" 4G || return
    unshare --mount sh -c 'mount -o loop "$1" "$2" 2>&1 || exit 77' - "$image" "$dir" || skip "needs loop devices"
    BUSBAR_ROOT=$dir BUSBAR_IMAGE=$image unshare --mount sh -c 'mount -o loop "$BUSBAR_IMAGE" "$BUSBAR_ROOT" && exec node --test --test-reporter=spec "tests/package/$1.test.mjs"' - "$name"
}

# runs_under_qemu ARCH DEB: the programs of another processor start, check a configuration and serve.
runs_under_qemu() {
    local arch=$1 deb=$2 root=$BUSBAR_ROOTS/run-$1 qemu
    case $arch in arm64) qemu=aarch64 ;; armhf) qemu=arm ;; esac
    command -v "qemu-$qemu-static" >/dev/null || skip "needs the package qemu-user-static"
    if [ ! -e /proc/sys/fs/binfmt_misc/register ]; then mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc || skip "this kernel has no binfmt_misc"; fi
    [ -e "/proc/sys/fs/binfmt_misc/qemu-$qemu" ] || cat "/usr/lib/binfmt.d/qemu-$qemu.conf" >/proc/sys/fs/binfmt_misc/register || skip "binfmt_misc takes no qemu-$qemu"
    if [ ! -e "$root.ready" ]; then
        rm -rf "$root"
        mmdebstrap --quiet --variant=minbase --architectures="$arch" --include=ca-certificates bookworm "$root" "deb http://deb.debian.org/debian bookworm main" || return
        touch "$root.ready"
    fi
    cp "$deb" "$root/root/busbar.deb"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
    in_root "$root" sh -c 'apt-get update -q && apt-get install -y -q --no-install-recommends /root/busbar.deb' || return
    expect in_root "$root" busbard --config /var/lib/busbar/config.json --check
    in_root "$root" sh -ec '
        sed -i "s/\"https_port\": 443, \"http_port\": 80/\"https_port\": 8443/" /var/lib/busbar/config.json
        timeout 120 busbard --config /var/lib/busbar/config.json --state-dir /var/lib/busbar & pid=$!
        for try in $(seq 60); do busbarctl status --json && break; sleep 1; done
        busbarctl web fingerprint
        kill $pid; wait $pid'
}
