// SPDX-License-Identifier: Apache-2.0
// The topology: the gateway's namespace with its uplinks, each behind a router of its own, and the cloud, which is the
// namespace this program runs in.
//
//   gw  eth0  -- lan  (NAT)    --.
//       wlan0 -- wifi (routed) ----  cloud: 203.0.113.10 central.test, 198.51.100.7 a neutral target
//       wwan0 -- gsm  (NAT)    --'

import { cable, Namespace } from './commands.mjs';

export const central = { name: 'central.test', address: '203.0.113.10', six: '2001:db8:113::10', port: 443 };
export const neutral = { address: '198.51.100.7', port: 443 };

/// What the gateway's configuration calls an uplink, and where it leads: `name` is for people, `metric` its default route's.
export const uplinks = {
    lan: { name: 'Ethernet', interface: 'eth0', kind: 'ethernet', net: '10.1.0', wan: '192.0.2.1', cloud: '192.0.2.2', nat: true, metric: 100 },
    wifi: { name: 'WiFi', interface: 'wlan0', kind: 'wifi', net: '10.2.0', wan: '192.0.2.5', cloud: '192.0.2.6', nat: false, metric: 600 },
    gsm: { name: 'GSM', interface: 'wwan0', kind: 'gsm', net: '10.64.0', wan: '192.0.2.9', cloud: '192.0.2.10', nat: true, metric: 700, metered: true },
};

/// IPv6 of the first uplink, where it has any: addresses of the gateway's net, and of the way into the cloud.
export const six = { net: '2001:db8:1:', way: '2001:db8:2:' };

/// Counts who asks for a connection to the central system, by its port; it hears of what is not passed on, too.
const watch = `table inet watch {
    set four { type inet_service; flags dynamic; }
    set six { type inet_service; flags dynamic; }
    chain heard {
        type filter hook prerouting priority -400;
        ip daddr ${central.address} tcp flags & (syn | ack) == syn add @four { tcp sport };
        ip6 daddr ${central.six} tcp flags & (syn | ack) == syn add @six { tcp sport };
    }
}
`;

const masquerade = 'table ip nat { chain out { type nat hook postrouting priority 100; oifname "wan" masquerade; }; }\n';

export class Network {
    /// `ids`: which uplinks the gateway has; `six`: as for addSix(), what the first of them has of IPv6.
    constructor(ids, six) {
        this.cloud = new Namespace('');
        this.cloud.ip('link set lo up');
        for (const { address } of [central, neutral]) this.cloud.ip(`addr add ${address}/32 dev lo`);
        this.gw = Namespace.add('gw');
        this.gw.run('sysctl -qw net.ipv4.conf.all.rp_filter=2'); // strict, it drops what answers on a second uplink
        this.gw.run('sysctl -qw net.ipv4.conf.all.promote_secondaries=1'); // a second address outlives the first
        this.routers = Object.fromEntries(ids.map((id) => [id, this.#router(id)]));
        for (const id of ids) this.plug(id);
        if (six) this.#addSix(ids[0], six);
    }

    #router(id) {
        const { net, wan, cloud, nat } = uplinks[id];
        const router = Namespace.add(id);
        cable({ namespace: router, device: 'wan', address: `${wan}/30` }, { namespace: this.cloud, device: id, address: `${cloud}/30` });
        router.run('sysctl -qw net.ipv4.ip_forward=1');
        router.ip(`route add default via ${cloud}`);
        router.nft(watch);
        if (nat) router.nft(masquerade);
        else this.cloud.ip(`route add ${net}.0/24 via ${wan}`);
        return router;
    }

    /// The cable between the gateway and a router, with addresses and routes.
    plug(id) {
        const { net, interface: device } = uplinks[id];
        cable({ namespace: this.gw, device, address: `${net}.2/24` }, { namespace: this.routers[id], device: 'lan', address: `${net}.1/24` });
        this.addDefaultRoute(id);
    }

    /// How many connections to the central system were asked for through this uplink, by IPv4 ("four") or IPv6 ("six").
    dials(id, family = 'four') {
        const { nftables } = JSON.parse(this.routers[id].run(`nft -j list set inet watch ${family}`));
        return nftables.find(({ set }) => set).set.elem?.length ?? 0;
    }

    /// IPv6 on an uplink: "alone", in place of IPv4; or "dead", beside it and leading nowhere.
    #addSix(id, kind) {
        const { interface: device } = uplinks[id];
        const router = this.routers[id];
        router.ip(`addr add ${six.net}:1/64 dev lan nodad`);
        this.gw.ip(`addr add ${six.net}:2/64 dev ${device} nodad`);
        this.gw.ip(`-6 route add default via ${six.net}:1 dev ${device}`);
        this.cloud.ip(`addr add ${central.six}/128 dev lo`);
        if (kind === 'dead') return;
        this.gw.ip(`-4 addr flush dev ${device}`);
        router.run('sysctl -qw net.ipv6.conf.all.forwarding=1');
        router.ip(`addr add ${six.way}:1/64 dev wan nodad`);
        this.cloud.ip(`addr add ${six.way}:2/64 dev ${id} nodad`);
        router.ip(`-6 route add default via ${six.way}:2 dev wan`);
        this.cloud.ip(`-6 route add ${six.net}:/64 via ${six.way}:1`);
    }

    /// The interface itself is gone, as a modem's is that fell off its bus.
    unplug(id) {
        this.gw.ip(`link del ${uplinks[id].interface}`);
    }

    /// Another address of the same net takes the place of the one there was.
    replaceAddress(id, from, to) {
        const { net, interface: device } = uplinks[id];
        this.gw.ip(`addr add ${net}.${to}/24 dev ${device}`);
        this.gw.ip(`addr del ${net}.${from}/24 dev ${device}`);
    }

    addDefaultRoute(id) {
        const { net, interface: device, metric } = uplinks[id];
        this.gw.ip(`route add default via ${net}.1 dev ${device} metric ${metric}`);
    }

    removeAddress(id) {
        this.gw.ip(`addr flush dev ${uplinks[id].interface}`);
    }

    addAddress(id) {
        this.gw.ip(`addr add ${uplinks[id].net}.2/24 dev ${uplinks[id].interface}`);
        this.addDefaultRoute(id);
    }

    /// The uplink through which a connection from `address` came.
    static uplinkOf(address) {
        if (address.startsWith(six.net)) return Object.keys(uplinks)[0];
        const found = Object.entries(uplinks).find(([, { wan, net }]) => address === wan || address === `${net}.2`);
        return found?.[0];
    }
}
