// SPDX-License-Identifier: Apache-2.0
// Links over their life: what cuts them, how they are dialled again, and that one's trouble stays its own.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Cable } from './lib/cable.mjs';
import { charge } from './lib/charging.mjs';
import { charger, password, serialBus } from './lib/daemon.mjs';
import { linkOf, reconnect, shortest_ms } from './lib/failing_link.mjs';
import { Names } from './lib/names.mjs';
import { header, RawCentral, switching } from './lib/raw_peer.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';
import { tlsServer } from './lib/wrong_servers.mjs';

const no_bus = [{ id: 'line', kind: 'tcp', host: '127.0.0.1', port: 1 }];

/// A daemon that reaches its central system through a cable; `more` adds to the configuration.
async function wired(made, { system = {}, delay_ms, ...more } = {}) {
    const authority = made.authority();
    const central = await made.central({ certificate: authority.issue(), ...system });
    const cable = await Cable.lay(central.port, { delay_ms });
    made.keep(cable, () => cable.takeUp());
    const daemon = made.daemon({ central_system: { url: cable.url, ca_file: authority.file, reconnect }, buses: no_bus, chargers: [charger('CP1')], ...more });
    daemon.start();
    return { central, cable, daemon };
}

/// A session that ends sooner is taken for a refused duplicate.
const settled = (central, n) => until('a session of 2 s', () => central.upgrades.length >= n && Date.now() - central.upgrades.at(-1).at > 2300);

const twenty = Array.from({ length: 20 }, (_, n) => charger(`CP${n + 1}`, { unit_id: n + 1 }));

async function aWayThatBreaks(made) {
    const { central, cable, daemon } = await wired(made, { chargers: [charger('CP1', { configuration: { WebSocketPingInterval: '1' } })] });
    await settled(central, 1);
    cable.pull();
    await until('no_pong', () => daemon.events('link_failed', 'charge_point=CP1', 'cause=no_pong').length === 1, 30_000);
    assert.equal((await linkOf(daemon)).cause, 'no_pong');
    cable.plug();
    await until('the next upgrade', () => central.upgrades.length === 2, 30_000);
    await until('the link', async () => (await linkOf(daemon)).state === 'connected');
}

async function aResetInMidFrame(made) {
    const raw = new RawCentral('CP1');
    const { cable, daemon } = await wired(made, { system: { takes: raw.takes } });
    const first = await raw.session();
    const before = cable.delivered;
    first.bytes(Buffer.concat([header({ length: 1000 }), Buffer.from('[2,"half","Reset",{"type":"So')]));
    await until('half a frame under way', () => cable.delivered > before);
    cable.reset();
    const second = await raw.session(2);
    assert.equal(daemon.events('link_failed', 'charge_point=CP1', 'cause=closed').length, 1);
    assert.deepEqual((await second.call('ChangeConfiguration', { key: 'HeartbeatInterval', value: '300' }))[2], { status: 'Accepted' });
    assert.equal(second.answers('half').length, 0);
    assert.deepEqual(raw.problems, []);
}

async function dialsThatFail(made) {
    const { central, cable } = await wired(made, { system: { admit: () => 503 } });
    await until('ten dials', () => central.upgrades.length >= 10, 60_000);
    const times = cable.dials;
    const took = times[9] - times[0];
    assert.ok(took > shortest_ms(10) - 200, `ten dials in ${took} ms`);
    assert.ok(took < 2 * shortest_ms(10) + 10_000, `ten dials in ${took} ms`);
    const waits = times.slice(4, 10).map((time, n) => time - times[n + 3]);
    assert.ok(Math.max(...waits) - Math.min(...waits) > 20, `waits without jitter: ${waits}`);
}

async function aDuplicateStillBelievedAlive(made) {
    const refusals = [
        (socket) => socket.end('HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n'),
        (socket, request) => socket.end(switching(request)),
    ];
    const takes = (request, socket) => Boolean(refusals.shift()?.(socket.on('error', () => {}), request));
    const { central, cable, daemon } = await wired(made, { system: { takes } });
    await central.next('BootNotification', { within_ms: 60_000 });
    const [first, second] = cable.dials.slice(1).map((time, n) => time - cable.dials[n]);
    assert.ok(first > 3900 && first < 11_000, `${first} ms after the first`);
    assert.ok(second > 7900 && second < 17_000, `${second} ms after the second`);
    assert.equal(cable.dials.length, 3);
    assert.equal(daemon.events('link_failed', 'cause=http_other').length, 1);
}

async function twentyChargePoints(made) {
    let refuse = true;
    let most_at_once = 0;
    const { central, cable } = await wired(made, {
        chargers: twenty,
        delay_ms: 400,
        system: {
            admit: () => {
                most_at_once = Math.max(most_at_once, cable.dials.length - central.upgrades.length + 1);
                return refuse ? 503 : undefined;
            },
        },
    });
    await until('25 dials', () => central.upgrades.length >= 25, 60_000);
    const took = cable.dials[24] - cable.dials[0];
    assert.ok(took > 24 * 250 - 500, `25 dials in ${took} ms`);
    assert.ok(most_at_once <= 2, `${most_at_once} dials at once`);
    const first = new Set(central.upgrades.slice(0, 20).map((upgrade) => upgrade.chargePoint));
    assert.ok(first.size >= 19, 'nobody twice before everybody once');
    refuse = false;
    const since = Date.now();
    await until('all twenty', () => twenty.every(({ id }) => central.connected(id)), 60_000);
    assert.ok(Date.now() - since < 20 * 250 + 10_000, `${Date.now() - since} ms for twenty`);
    assert.ok(most_at_once <= 2, `${most_at_once} dials at once`);
}

async function oneInTrouble(made) {
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1'] });
    const troubled = {
        REFUSED: (socket) => socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'),
        IGNORED: () => {},
        CLOSED: (socket) => socket.destroy(),
    };
    const takes = (request, socket) => {
        const act = troubled[request.url.split('/').at(-1)];
        act?.(socket.on('error', () => {}));
        return Boolean(act);
    };
    const idle = Object.keys(troubled).map((id, n) => charger(id, { bus: 'nothing', unit_id: n + 1 }));
    const metering = charger('CP1', { configuration: { MeterValueSampleInterval: '1' } });
    const { central, daemon } = await wired(made, {
        system: { takes },
        buses: [serialBus(sim), { ...no_bus[0], id: 'nothing' }],
        chargers: [...idle, metering],
    });
    await charge({ sim, central });
    const causes = { REFUSED: 'http_401', IGNORED: 'timeout', CLOSED: 'closed' };
    for (const [id, cause] of Object.entries(causes)) {
        await until(`${id} to fail`, () => daemon.events('link_failed', `charge_point=${id}`, `cause=${cause}`).length === 1, 40_000);
    }
    const samples = central.select('MeterValues').length;
    await until('three more samples', () => central.select('MeterValues').length >= samples + 3);
    assert.equal(central.upgrades.length, 1, 'CP1 was connected all the time');
    assert.equal(daemon.events('link_failed').length, 3, daemon.log);
    for (const [id, cause] of Object.entries(causes)) assert.equal((await linkOf(daemon, id)).cause, cause);
    assert.equal((await linkOf(daemon)).state, 'connected');
}

async function namesThatLieAndDie(made) {
    const names = new Names(made.dir);
    const authority = made.authority();
    const central = await made.central({ certificate: authority.issue({ names: ['DNS:central.test'] }), passwords: { CP1: password } });
    const liar = await tlsServer(authority.issue(), () => {}, { port: central.port, host: '127.0.0.2' });
    made.keep(liar, liar.stop);
    const url = central.url.replace('localhost', 'central.test');
    const daemon = made.daemon({ central_system: { url, ca_file: authority.file, reconnect }, buses: no_bus, chargers: [charger('CP1')] });
    daemon.wrap = names.wrap;
    daemon.start();
    const causeIs = (cause) => until(cause, async () => (await linkOf(daemon)).cause === cause);
    await until('the control socket', () => daemon.events('link_failed', 'cause=dns').length === 1);
    names.are('127.0.0.2 central.test');
    await causeIs('host_mismatch');
    names.are('127.0.0.3 central.test');
    await causeIs('refused');
    names.are('127.0.0.1 central.test');
    await settled(central, 1);
    names.are();
    central.cut();
    await until('a dial of the last good address', () => central.upgrades.length === 2, 10_000);
    await until('the link', async () => (await linkOf(daemon)).state === 'connected');
    assert.deepEqual(daemon.events('link_failed').map((line) => line.match(/cause=(\w+)/)[1]), ['dns', 'closed'], 'a line a streak');
}

describe('links over their life', { concurrency: 4 }, () => {
    bench('a way that breaks without a word is no_pong within 10 s of a ping, and dialled again', aWayThatBreaks);
    bench('a reset in mid frame is closed, and the half frame is forgotten', aResetInMidFrame);
    bench('dials follow the jittered back-off and never end', dialsThatFail);
    bench('refused as a duplicate (409, or closed at once) it waits 5 s, then 10 s', aDuplicateStillBelievedAlive);
    bench('twenty charge points dial in turn: two at once, 250 ms apart, and one success is good news for all', twentyChargePoints);
    bench("one charge point's trouble is not the others': refused, left without answer, thrown out", oneInTrouble);
    const names = 'DNS: dead, then lying twice, then true, then dead again: what each does to the link';
    if (Names.possible()) bench(names, namesThatLieAndDie);
    else test(names, { skip: 'this kernel gives us no mounts of our own (user namespaces)' }, () => {});
});
