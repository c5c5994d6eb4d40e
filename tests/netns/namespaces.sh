#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs its arguments as root of user, network and mount namespaces of their own. With --possible it only tries, and says in
# words why not (exit 77).
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin" # where Debian keeps ip, nft and tc, and most users do not look

own=(unshare --user --map-root-user --net --mount --)

# ip netns wants /run/netns; the system's name server file is a trap: it names the first uplink's server alone.
prepare='
    resolver=$(readlink -f /etc/resolv.conf)
    mount -t tmpfs none /run
    mkdir -p /run/netns "$(dirname "$resolver")"
    echo "nameserver 10.1.0.1" >/run/resolver
    [ -e "$resolver" ] || : >"$resolver"
    mount --bind /run/resolver "$resolver"'

# One thing after the other that the bed cannot do without.
trial='
    set -e
    ip netns add trial
    ip link add one type veth peer name two netns trial
    ip netns exec trial nft "add table inet t; add chain inet t c { type filter hook forward priority 0; }; \
        add rule inet t c numgen random mod 100 < 30 drop"
    ip netns exec trial tc qdisc add dev two root tbf rate 64kbit burst 4kb latency 500ms'

skip() {
    echo "SKIPPED: $*"
    exit 77
}

if [ "${1:-}" = --possible ]; then
    for tool in unshare ip nft tc setpriv node; do
        command -v "$tool" >/dev/null || skip "$tool is not installed (packages: util-linux, iproute2, nftables, nodejs)"
    done
    why=$("${own[@]}" true 2>&1) || skip "this kernel gives us no user and network namespaces: $why"
    why=$("${own[@]}" sh -c "$prepare$trial" 2>&1) || skip "this kernel lacks something that the bed needs: $why"
    exit 0
fi

exec "${own[@]}" sh -c "$prepare"'
    echo "# to look inside: nsenter --preserve-credentials --user --net --mount --target $$ bash" >&2
    exec "$@"' namespaces "$@"
