// SPDX-License-Identifier: Apache-2.0
// Somebody else reads the same charger: mbpoll, a Modbus client we did not write, beside the gateway; and a box that
// has room for one client only.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';

import { charge, limitTo } from './lib/charging.mjs';
import { centralSystem, charger, tcpBus } from './lib/daemon.mjs';
import { run } from './lib/processes.mjs';
import { bench } from './lib/scenario.mjs';

const mbpoll = '/usr/bin/mbpoll';

/// One gateway on `bus(port)`, charging at 9 A in one transaction.
async function charging(made, sim, bus) {
    const authority = made.authority();
    const listed = [charger('CP1', { lost_after_s: 10, configuration: { MeterValueSampleInterval: '1' } })];
    const central = await made.central({ certificate: authority.issue({ key: 'ec' }), passwords: { CP1: listed[0].password } });
    const daemon = made.daemon({ central_system: centralSystem(central, authority), buses: [bus], chargers: listed });
    daemon.start();
    const { transactionId } = await charge({ sim, central });
    await central.call('CP1', 'SetChargingProfile', limitTo(9, { transactionId }));
    await sim.limit(9);
    return { central, daemon };
}

/// Reads registers 4 to 18 once; gives what mbpoll printed.
async function readOnce(port) {
    const { code, output } = await run(mbpoll, ['-m', 'tcp', '-p', String(port), '-a', '1', '-0', '-r', '4', '-c', '15', '-t', '3', '-1', '-q', '127.0.0.1']);
    return { code, output };
}

bench('mbpoll reads the same charger over TCP beside us, and nothing changes', async (made) => {
    // The box itself would not hear what comes within 20 ms of its last answer, whoever it was for.
    const sim = await made.simulator({ boxes: ['heidelberg:1,ignores_below_ms=0'] });
    const { central, daemon } = await charging(made, sim, tcpBus(sim));
    const { writes } = await sim.show();
    for (let i = 0; i < 20; ++i) {
        const { code, output } = await readOnce(sim.port);
        assert.equal(code, 0, output);
        assert.match(output, /\[4\]:\s+264\b/);
    }
    await central.next('MeterValues');
    const after = await sim.show();
    assert.deepEqual([after.current_set_a, after.plugged], [9, true]);
    assert.ok(after.writes - writes <= 4, 'but for our keep-alive nobody writes');
    assert.equal(central.select('StopTransaction').length, 0);
    assert.ok(!central.statuses('CP1').includes('Faulted'));
    const [line] = (await daemon.status()).buses;
    assert.deepEqual([line.units[0].timeouts, line.units[0].garbled], [0, 0]);
});

/// In front of `target`: serves one client at a time; `manner` of the others: 'refuse' closes them at once,
/// 'replace' drops the one before.
async function singleClient(made, target, manner) {
    let served;
    const seen = { clients: 0, dropped: 0 };
    const server = net.createServer((client) => {
        ++seen.clients;
        client.on('error', () => {});
        if (served && manner === 'refuse') return client.destroy();
        if (served) {
            ++seen.dropped;
            served.destroy();
        }
        served = client;
        const box = net.connect(target, '127.0.0.1');
        box.on('error', () => {});
        client.pipe(box);
        box.pipe(client);
        client.on('close', () => {
            box.destroy();
            if (served === client) served = undefined;
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    made.keep(server, () => {
        served?.destroy();
        server.close();
    });
    return { port: server.address().port, seen };
}

/// A second client that comes, asks one question and goes.
async function intrude(port) {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(Buffer.from([0, 1, 0, 0, 0, 6, 1, 4, 0, 4, 0, 1]));
    // Not once(): it rejects on the reset by which the box may drop us.
    await new Promise((answered) => socket.once('data', answered).once('close', answered));
    socket.destroy();
}

for (const manner of ['refuse', 'replace']) {
    bench(`a TCP box for one client that ${manner === 'refuse' ? 'refuses the second' : 'drops the first'} keeps charging at our limit`, async (made) => {
        const sim = await made.simulator({ boxes: ['heidelberg:1'] });
        const { port, seen } = await singleClient(made, sim.port, manner);
        const { central, daemon } = await charging(made, sim, { id: 'line', kind: 'tcp', host: '127.0.0.1', port });
        for (let i = 0; i < 3; ++i) await intrude(port);
        for (const one of central.select('MeterValues')) one.taken = true;
        await central.next('MeterValues');
        assert.ok(!central.statuses('CP1').includes('Faulted'));
        assert.equal((await sim.show()).current_set_a, 9);
        assert.equal(central.select('StopTransaction').length, 0);
        if (manner === 'refuse') assert.equal(seen.clients, 4, 'one of us, three of theirs: we hold one connection and keep it');
        else assert.ok(seen.dropped >= 1 && seen.clients < 12, `${seen.clients} connections: we come back, in peace`);
        assert.ok(daemon.events('bus_open_failed').length <= 1);
    });
}
