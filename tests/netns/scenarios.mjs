// SPDX-License-Identifier: Apache-2.0
// The scenarios as a table. `story` works the bed; the deadlines in it are the promised figures, `switches` all that may be
// made, `because` what their reasons must say, `interruptions` how often a charge point may be interrupted at most.
// `gap_s`: between samples; `before` and `first`: what is so at the start, and which uplink is taken then;
// `loses`: as for the central system.

/// The preferred uplink fails in one way, all move to the second; it heals, all move back, once.
const thereAndBack = (fault, { first_s, all_s, because, state, more = {} }) => ({
    switches: ['wifi', 'lan'],
    because: [because, /preferred/],
    interruptions: 2,
    ...more,
    story: async (bed) => {
        bed.fault('lan', fault);
        await bed.moved('wifi', `${fault} to the backup`, { first_s, all_s });
        if (state) await bed.says('lan', [state], 10);
        await bed.pass(8);
        bed.heal('lan');
        await bed.moved('lan', `${fault} healed, failback`, { all_s: 40 });
    },
});

/// A central system that is down costs no money: of a metered uplink a look or two, no dial.
const most_looks = 5;
function judgeMetered(bed, before) {
    const dials = bed.network.dials('gsm') - before;
    if (dials > most_looks) throw new Error(`${dials} connections over the metered uplink while the central system was down`);
}

/// Each message of this kind came twice, under one id.
function judgeRepeated(bed, action) {
    const ids = bed.system.select(action).map(({ chargePoint, id }) => `${chargePoint} ${id}`);
    const repeated = new Set(ids).size * 2;
    if (ids.length < repeated) throw new Error(`${action} came ${ids.length} times, not ${repeated}: no answer was lost`);
}

/// Nothing may be given up for this: no switch, and after it all are there again.
const noReasonToSwitch = ({ begin, end, down_s, all_s = 10 }) => ({
    switches: [],
    story: async (bed) => {
        const before = bed.network.dials('gsm');
        await begin(bed);
        await bed.pass(down_s);
        await bed.says('lan', ['server_silent'], 5);
        judgeMetered(bed, before);
        bed.mark();
        await end(bed);
        await bed.moved('lan', `central system back after ${down_s} s`, { all_s });
    },
});

export const scenarios = {
    calm: {
        about: 'nothing happens',
        switches: [],
        interruptions: 0,
        story: (bed) => bed.pass(12),
    },
    black_hole: {
        about: 'the router of the cable swallows everything',
        failover: { failback_hold_s: 600 },
        switches: ['wifi'],
        because: [/Ethernet .*for \d+ s/],
        interruptions: 1,
        story: async (bed) => {
            bed.fault('lan', 'black_hole');
            await bed.moved('wifi', 'black hole to the backup', { first_s: 12, all_s: 19 });
            await bed.pass(3);
            bed.heal('lan');
            await bed.pass(8); // what sockets of the dead uplink still held would arrive now
        },
    },
    one_way: {
        about: 'what is sent over the cable arrives, the answers do not',
        ...thereAndBack('one_way', { first_s: 12, all_s: 19, because: /Ethernet/ }),
    },
    lost_answers: {
        about: 'a load balancer dies before each StartTransaction and StopTransaction is answered: all come again, under their ids',
        loses: ['StartTransaction', 'StopTransaction'],
        switches: [],
        interruptions: 2,
        story: async (bed) => {
            bed.mark();
            await bed.unplug();
            await bed.moved('lan', 'after the last answer was lost', { all_s: 20 });
            await bed.pass(3);
            judgeRepeated(bed, 'StartTransaction');
            judgeRepeated(bed, 'StopTransaction');
        },
    },
    reject: {
        about: 'the router of the cable refuses everything',
        ...thereAndBack('reject', { first_s: 12, all_s: 19, because: /Ethernet/ }),
    },
    carrier_loss: {
        about: 'the cable is pulled',
        ...thereAndBack('carrier_loss', { first_s: 2, all_s: 7, because: /Ethernet .*(link|carrier|cable)/i, state: 'no_link' }),
    },
    address_removed: {
        about: 'the address of the cable is gone, its carrier stays',
        ...thereAndBack('address_removed', { first_s: 2, all_s: 7, because: /Ethernet .*address/i, state: 'no_address' }),
    },
    address_changed: {
        about: 'another address takes the place of the one the sessions stand on',
        switches: [],
        interruptions: 1,
        story: async (bed) => {
            bed.fault('lan', 'address_changed');
            await bed.moved('lan', 'from the new address', { first_s: 2, all_s: 7 });
        },
    },
    interface_gone: {
        about: 'the interface itself vanishes and comes back as another',
        ...thereAndBack('interface_gone', { first_s: 2, all_s: 7, because: /Ethernet .*(link|interface)/i, state: 'absent' }),
    },
    portal: {
        about: "another web server answers in the central system's place",
        ...thereAndBack('portal', { first_s: 15, all_s: 22, because: /Ethernet/, state: 'portal' }),
    },
    dead_dns: {
        about: 'the name server of the cable is silent, all else works; a dial then uses the last good address',
        switches: [],
        interruptions: 1,
        story: async (bed) => {
            bed.fault('lan', 'dead_dns');
            await bed.pass(25);
            await bed.central.front.down();
            bed.mark();
            await bed.central.front.up();
            await bed.moved('lan', 'dials with a dead name server', { all_s: 10 });
        },
    },
    nat_timeout: {
        about: 'the NAT of the cable has forgotten all connections; new ones work',
        switches: [],
        interruptions: 1,
        story: async (bed) => {
            bed.fault('lan', 'nat_timeout');
            await bed.moved('lan', 'NAT forgot everything', { all_s: 50 });
        },
    },
    loss_30: {
        about: 'the cable loses 30 % of all packets each way: one switch at most, and no message',
        at_most_switches: 1,
        story: async (bed) => {
            bed.fault('lan', 'loss_30');
            await bed.pass(60);
        },
    },
    flapping: {
        about: 'the cable works for 8 s and fails for 8 s, again and again: one switch at most',
        failover: { failback_hold_s: 60 },
        at_most_switches: 1,
        interruptions: 1,
        story: async (bed) => {
            const cycles = Math.ceil(Number(process.env.BUSBAR_FLAPPING_S ?? 96) / 16);
            for (let n = 0; n < cycles; ++n) {
                bed.fault('lan', 'black_hole');
                await bed.pass(8);
                bed.heal('lan');
                await bed.pass(8);
            }
        },
    },
    to_gsm_slowly: {
        about: 'cable and WiFi fail together, GSM is a line of 64 kbit/s; the cable comes back',
        switches: ['gsm', 'lan'],
        because: [/GSM/, /preferred/],
        story: async (bed) => {
            bed.fault('gsm', 'slow_line');
            bed.fault('wifi', 'carrier_loss');
            bed.fault('lan', 'black_hole');
            await bed.moved('gsm', 'over 64 kbit/s', { first_s: 20, all_s: 60 });
            await bed.pass(10);
            bed.heal('lan');
            await bed.moved('lan', 'back from GSM', { all_s: 60 });
        },
    },
    by_hand: {
        about: 'a person prefers the second uplink, then leaves it to the priorities again',
        switches: ['wifi', 'lan'],
        because: [/hand/, /preferred/],
        interruptions: 2,
        story: async (bed) => {
            await bed.ctl('uplink', 'test', 'gsm');
            bed.mark();
            await bed.ctl('uplink', 'prefer', 'wifi');
            await bed.moved('wifi', 'chosen by hand', { first_s: 3, all_s: 15 });
            await bed.pass(3);
            bed.mark();
            await bed.ctl('uplink', 'auto');
            await bed.moved('lan', 'left to the priorities', { all_s: 30 });
        },
    },
    dead_at_boot: {
        about: 'the cable leads nowhere when the gateway starts',
        before: (bed) => bed.fault('lan', 'black_hole'),
        first: 'wifi',
        switches: ['wifi', 'lan'],
        because: [/Ethernet/, /preferred/],
        interruptions: 1,
        story: async (bed) => {
            bed.heal('lan');
            await bed.moved('lan', 'the cable works at last', { all_s: 40 });
        },
    },
    dead_dns_at_boot: {
        about: 'the name server of the cable is silent when the gateway starts, and it has no address from before',
        before: (bed) => bed.fault('lan', 'dead_dns'),
        first: 'wifi',
        switches: ['wifi', 'lan'],
        because: [/Ethernet .*name/, /preferred/],
        interruptions: 1,
        story: async (bed) => {
            bed.heal('lan');
            await bed.moved('lan', 'names at last', { all_s: 40 });
        },
    },
    two_dead: {
        about: 'cable and WiFi fail silently at the same moment: straight to GSM',
        switches: ['gsm', 'wifi'],
        because: [/GSM/, /preferred/],
        interruptions: 2,
        story: async (bed) => {
            bed.fault('wifi', 'black_hole');
            bed.fault('lan', 'black_hole');
            await bed.moved('gsm', 'past a dead WiFi to GSM', { first_s: 20, all_s: 30 });
            bed.heal('wifi');
            await bed.moved('wifi', 'from GSM to WiFi', { all_s: 40 });
        },
    },
    relapse: {
        about: 'the cable fails again while the sessions are moving back to it',
        switches: ['wifi', 'lan', 'wifi'],
        story: async (bed) => {
            bed.fault('lan', 'black_hole');
            await bed.moved('wifi', 'to the backup', { first_s: 12, all_s: 19 });
            bed.heal('lan');
            await bed.someOn('lan', 60);
            bed.fault('lan', 'black_hole');
            await bed.moved('wifi', 'to the backup once more', { all_s: 30 });
        },
    },
    killed: {
        about: 'the gateway dies in a black hole and is started again',
        switches: ['wifi'],
        gap_s: 10, // who is dead takes no samples
        story: async (bed) => {
            bed.fault('lan', 'black_hole');
            await bed.pass(4);
            await bed.killGateway();
            bed.mark();
            bed.gateway.start();
            await bed.moved('wifi', 'started in a black hole', { first_s: 15, all_s: 25 });
        },
    },
    all_down: {
        about: 'no uplink works for 40 s, then the second does',
        switches: ['wifi'],
        story: async (bed) => {
            for (const id of bed.ids) bed.fault(id, 'black_hole');
            await bed.pass(40);
            bed.heal('wifi');
            await bed.moved('wifi', 'the first of all uplinks back', { all_s: 30 });
        },
    },
    central_restart: {
        about: 'the central system is gone for 30 s, the uplinks are fine',
        ...noReasonToSwitch({ begin: (bed) => bed.central.front.down(), end: (bed) => bed.central.front.up(), down_s: 30 }),
        interruptions: 1,
    },
    central_dropped: {
        about: 'packets to the central system vanish for 30 s, neutral targets answer: no switch, nothing over the metered line',
        ...noReasonToSwitch({ begin: (bed) => bed.dropCentral(), end: (bed) => bed.reachCentral(), down_s: 30, all_s: 40 }),
    },
    central_half_dead: {
        about: 'the central system accepts connections and says nothing, then is started anew',
        ...noReasonToSwitch({ begin: (bed) => bed.central.front.goMute(), end: (bed) => bed.central.front.speakAgain(), down_s: 45, all_s: 40 }),
    },
    metered_alone: {
        about: 'only GSM works, and the central system is gone for 40 s: no dial is paid for',
        switches: ['gsm'],
        story: async (bed) => {
            for (const id of ['wifi', 'lan']) bed.fault(id, 'carrier_loss');
            await bed.moved('gsm', 'to GSM', { all_s: 20 });
            const before = bed.network.dials('gsm');
            await bed.central.front.down();
            await bed.pass(40);
            await bed.says('gsm', ['server_silent'], 5);
            judgeMetered(bed, before);
            bed.mark();
            await bed.central.front.up();
            await bed.moved('gsm', 'central system back after 40 s', { all_s: 25 });
        },
    },
    six_alone: {
        about: 'the cable has IPv6 alone; it is pulled and put back',
        ids: ['lan', 'wifi'],
        six: 'alone',
        switches: ['wifi'],
        failover: { failback_hold_s: 600 },
        interruptions: 1,
        story: async (bed) => {
            bed.fault('lan', 'carrier_loss');
            await bed.moved('wifi', 'from IPv6 to the backup', { first_s: 2, all_s: 7 });
        },
    },
    six_dead: {
        about: 'the cable has IPv4, and IPv6 that leads nowhere: only the first dials wait for that',
        ids: ['lan', 'wifi'],
        six: 'dead',
        switches: [],
        interruptions: 1,
        story: async (bed) => {
            await bed.central.front.down();
            bed.mark();
            await bed.central.front.up();
            await bed.moved('lan', 'all once more', { all_s: 10 });
            const vain = bed.network.dials('lan', 'six');
            if (vain > 6) throw new Error(`${vain} connections were tried where the first did not come through`);
        },
    },
    duplicates_rejected: {
        about: 'a black hole, and a central system that refuses a newcomer while it believes in the old connection',
        ...thereAndBack('black_hole', { first_s: 40, all_s: 60, because: /Ethernet/, more: { duplicates: 'rejects_duplicates', idle_s: 25 } }),
    },
    duplicates_dropped: {
        about: 'a black hole, and a central system that kills the newcomer together with the old connection',
        ...thereAndBack('black_hole', { first_s: 40, all_s: 60, because: /Ethernet/, more: { duplicates: 'drops_duplicates', idle_s: 25, interruptions: undefined } }),
    },
};
