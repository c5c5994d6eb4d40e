// SPDX-License-Identifier: Apache-2.0
// What can happen to an uplink, as a table: what its router does with packets, or what happens to the cable.

const table = (body) => `table inet fault {\n${body}\n}\n`;
const forwarding = (rules) => table(`chain through { type filter hook forward priority 0; ${rules} }`);

/// By nftables in the router.
const rules = {
    /// Everything vanishes, nobody says so.
    black_hole: forwarding('drop;'),
    /// What we send arrives, the answers do not.
    one_way: forwarding('iifname "wan" drop;'),
    /// Everything is refused, loudly.
    reject: forwarding('meta l4proto tcp reject with tcp reset; reject with icmpx type no-route;'),
    /// The name server is silent, forwarding works.
    dead_dns: table('chain here { type filter hook input priority 0; meta l4proto { tcp, udp } th dport 53 drop; }'),
    /// Thirty of a hundred packets vanish, each way.
    loss_30: forwarding('numgen random mod 100 < 30 drop;'),
    /// The WiFi of a hotel: whatever is asked, its own web server answers.
    portal: table(`
        chain through { type filter hook forward priority 0; drop; }
        chain turn { type nat hook prerouting priority -100; tcp dport { 80, 443 } redirect to :8080; }`),
    /// The NAT has forgotten every connection there was, and drops what belongs to none; new ones work.
    nat_timeout: forwarding('tcp flags & (syn | ack) == syn ct mark set 1; ct mark 1 accept; meta l4proto tcp drop;'),
};

const byRules = (script) => ({
    begin: ({ router }) => router.nft(script),
    end: ({ router }) => router.nft('delete table inet fault'),
});

const shape = 'tbf rate 64kbit burst 4kb latency 2000ms';

/// begin and end get {network, router, id}. spares_links: what goes by a connection that is there arrives as before.
export const faults = {
    ...Object.fromEntries(Object.entries(rules).map(([name, script]) => [name, byRules(script)])),
    dead_dns: { ...byRules(rules.dead_dns), spares_links: true },
    /// The cable is out.
    carrier_loss: {
        begin: ({ router }) => router.ip('link set lan down'),
        end: ({ router }) => router.ip('link set lan up'),
    },
    /// The lease is over: the gateway's address and routes are gone, the carrier stays.
    address_removed: {
        begin: ({ network, id }) => network.removeAddress(id),
        end: ({ network, id }) => network.addAddress(id),
    },
    /// The lease was renewed with another address.
    address_changed: {
        begin: ({ network, id }) => network.replaceAddress(id, 2, 3),
        end: ({ network, id }) => network.replaceAddress(id, 3, 2),
    },
    /// The interface has vanished.
    interface_gone: {
        begin: ({ network, id }) => network.unplug(id),
        end: ({ network, id }) => network.plug(id),
    },
    /// 64 kbit/s, both ways.
    slow_line: {
        begin: ({ router }) => ['lan', 'wan'].forEach((device) => router.run(`tc qdisc add dev ${device} root ${shape}`)),
        end: ({ router }) => ['lan', 'wan'].forEach((device) => router.run(`tc qdisc del dev ${device} root`)),
    },
};
