// SPDX-License-Identifier: Apache-2.0
// The faults, as a table. The gateway must come through each, and through all that happen at once.

import { Program } from '../../e2e/lib/processes.mjs';
import { faults as uplinkFaults } from '../../netns/lib/faults.mjs';
import { chargers, line_ids, tcp_lines } from './fleet.mjs';
import { Namespaces } from './place.mjs';

const on = (line) => chargers.filter((one) => one.line === line);
const charger_ids = chargers.map(({ id }) => id);
const find = (id) => chargers.find((one) => one.id === id);

const tellAll = (site, line, ...words) => Promise.all(on(line).map(({ unit }) => site.simulators[line].tell(words[0], unit, ...words.slice(1))));
const tellOne = (site, id, ...words) => site.simulators[find(id).line].tell(words[0], find(id).unit, ...words.slice(1));

/// Another client at the boxes (mbpoll, which we did not write): reads what it likes, many times a second.
function secondMaster(site, line) {
    const { port } = site.simulators[line];
    const args = ['-m', 'tcp', '-p', String(port), '-a', '1:8', '-0', '-r', '4', '-c', '15', '-t', '3', '-l', '100', '-q', '127.0.0.1'];
    site.second_master = new Program('/usr/bin/mbpoll', args, { wrap: site.place.box_wrap });
}

/// Something to begin and nothing to end: over as soon as it has happened.
const once = (begin) => ({ lasts: [0, 0], begin });

const daemon = {
    daemon_killed: { weight: 3, lasts: [0.2, 8], begin: (site) => site.killDaemon(), end: (site) => site.startDaemon() },
    daemon_stopped: { weight: 2, lasts: [0.2, 6], begin: (site) => site.stopDaemon(), end: (site) => site.startDaemon() },
    daemon_reloaded: { weight: 1, ...once((site) => site.gateway.program.child.kill('SIGHUP')) },
    /// The kernel gives it no time: its chargers hear nothing and fall back.
    daemon_frozen: { weight: 1, lasts: [2, 20], begin: (site) => site.signal('SIGSTOP'), end: (site) => site.signal('SIGCONT') },
};

const network = {
    links_cut: { weight: 3, claims: ['front'], ...once((site) => site.front.open().forEach(({ socket }) => socket.destroy())) },
    links_reset: { weight: 2, claims: ['front'], ...once((site) => site.front.open().forEach(({ socket }) => socket.resetAndDestroy())) },
    some_links_cut: { weight: 2, claims: ['front'], ...once((site) => site.front.open().forEach(({ socket }, index) => index % 3 === 0 && socket.destroy())) },
    central_mute: { weight: 2, claims: ['front'], lasts: [5, 50], begin: (site) => site.front.goMute(), end: (site) => site.front.speakAgain() },
    central_down: { weight: 2, claims: ['front'], lasts: [2, 40], begin: (site) => site.front.down(), end: (site) => site.front.up() },
    central_restarted: { weight: 3, claims: ['front'], lasts: [0.5, 15], begin: (site) => site.central.kill(), end: (site) => site.central.begin() },
};

/// What happens to a whole line, and to one charger; `blinds`: the gateway cannot know its chargers then.
const lines = {
    line_silent: { weight: 2, lasts: [3, 30], blinds: true, begin: (site, line) => tellAll(site, line, 'silent', 1), end: (site, line) => tellAll(site, line, 'silent', 0) },
    line_garbled: { weight: 2, lasts: [3, 15], blinds: true, begin: (site, line) => tellAll(site, line, 'garble', 10_000), end: (site, line) => tellAll(site, line, 'garble', 0) },
    line_foreign: { weight: 1, lasts: [3, 15], blinds: true, begin: (site, line) => tellAll(site, line, 'foreign', 10_000), end: (site, line) => tellAll(site, line, 'foreign', 0) },
    line_twice: { weight: 1, lasts: [3, 20], blinds: true, begin: (site, line) => tellAll(site, line, 'twice', 10_000), end: (site, line) => tellAll(site, line, 'twice', 0) },
    line_babbles: { weight: 2, lasts: [3, 20], blinds: true, begin: (site, line) => site.simulators[line].tell('babble', 1), end: (site, line) => site.simulators[line].tell('babble', 0) },
    line_late: { weight: 1, lasts: [3, 20], blinds: true, begin: (site, line) => tellAll(site, line, 'delay', 700, 10_000), end: (site, line) => tellAll(site, line, 'delay', 0, 0) },
};

const others = {
    second_master: { weight: 2, lasts: [3, 20], begin: secondMaster, end: (site) => site.second_master.kill() },
};

const boxes = {
    charger_silent: { weight: 3, lasts: [3, 40], blinds: true, begin: (site, id) => tellOne(site, id, 'silent', 1), end: (site, id) => tellOne(site, id, 'silent', 0) },
    charger_garbles: { weight: 2, lasts: [2, 15], blinds: true, begin: (site, id) => tellOne(site, id, 'garble', 10_000), end: (site, id) => tellOne(site, id, 'garble', 0) },
    charger_dirty: { weight: 1, lasts: [2, 15], blinds: true, begin: (site, id) => tellOne(site, id, 'dirt', 10_000), end: (site, id) => tellOne(site, id, 'dirt', 0) },
    charger_drops: { weight: 2, lasts: [2, 10], blinds: true, begin: (site, id) => tellOne(site, id, 'drop', 5), end: (site, id) => tellOne(site, id, 'drop', 0) },
    charger_faulted: { weight: 2, lasts: [3, 30], blinds: true, begin: (site, id) => tellOne(site, id, 'fault', 'ERR'), end: (site, id) => tellOne(site, id, 'clear') },
    /// From the mains: it offers what it likes until the gateway has found it again, which must be there for that.
    charger_restarted: { weight: 2, claims: ['daemon'], rest: 20, blinds: true, ...once((site, id) => tellOne(site, id, 'power_cycle')) },
};

const machine = {
    /// A process that dies then takes with it what no disk would hold.
    disk_full: {
        weight: 3, claims: ['daemon'], lasts: [4, 40], rest: 6,
        begin: (site) => site.place.fillDisk(site.gateway.program.child.pid), end: (site) => site.place.freeDisk(site.gateway.program.child.pid),
    },
    clock_stepped: {
        weight: 2, claims: ['clock'], needs: 'clock', lasts: [15, 60], draw: (random) => random.pick([-86_400, -3600, -90, -7, 7, 90, 3600, 40 * 86_400]),
        begin: (site, _, seconds) => site.stepClock(seconds), end: (site) => site.stepClock(0),
    },
};

const uplinks = Object.fromEntries(Object.keys(uplinkFaults).map((name) => [
    `uplink_${name}`,
    {
        weight: 1, lasts: [5, 40], needs: 'uplinks',
        begin: (site, id) => site.place.breakUplink(id, name), end: (site, id) => site.place.mendUplink(id, name),
    },
]));

const rows = (table, more) => Object.entries(table).map(([name, row]) => ({ name, rest: 1, claims: [], targets: [undefined], ...more, ...row }));

/// weight: how often; lasts: seconds, least and most; targets: where; claims: what no other fault may claim at the same time,
/// and `rest` seconds longer; draw(random): a quantity; needs: what the place must have. begin and end get (site, target,
/// quantity).
export const faults = [
    ...rows(daemon, { claims: ['daemon'] }),
    ...rows(network),
    ...rows(lines, { targets: line_ids, claimsOf: (line) => [line] }),
    ...rows(others, { targets: tcp_lines, claims: ['second master'] }),
    ...rows(boxes, { targets: charger_ids, claimsOf: (id) => [id, find(id).line] }),
    ...rows(machine),
    ...rows(uplinks, { targets: Namespaces.uplinks, claimsOf: (id) => [id] }),
];

/// The chargers that the gateway cannot know while this lasts.
export function blinded({ blinds }, target) {
    if (!blinds) return [];
    return charger_ids.filter((id) => id === target || find(id).line === target);
}
