// SPDX-License-Identifier: Apache-2.0
// One charging session through each way of talking that is neither Modbus RTU nor Modbus TCP.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { charge, limitTo } from './lib/charging.mjs';
import { centralSystem, charger } from './lib/daemon.mjs';
import { bench } from './lib/scenario.mjs';

const speed = 60;

// What a transaction shows of the energy that the box delivered: its register; our integral over the current that it
// measures, which knows nothing of the simulator's speed; nothing, where nothing is measured.
const register = (drawn) => ({ least: drawn - 2, most: drawn + 2 });
const integral = (drawn) => ({ least: drawn / speed - 4, most: drawn / speed + 4 });
const nothing = () => ({ least: 0, most: 0 });

const serial = (sim, kind, more = {}) => ({ id: 'line', kind, device: sim.device, baud: 38400, ...more });

/// The Heidelberg map for a line of hex digits, which no shipped profile of it is for.
function asciiProfile(dir) {
    const shipped = readFileSync(new URL('../../config/chargers/heidelberg-energy-control.json', import.meta.url), 'utf8');
    const profiles = join(dir, 'profiles');
    mkdirSync(profiles);
    writeFileSync(
        join(profiles, 'heidelberg-ascii.json'),
        shipped.replace('"heidelberg-energy-control"', '"heidelberg-ascii"').replace('"rtu", "rtu-over-tcp", "tcp"', '"ascii"').replaceAll(/"also_known_as".*\n/g, ''),
    );
    return { charger_profile_dirs: [profiles] };
}

const ways = [
    {
        name: 'Modbus ASCII',
        line: { pty: true, ascii: true },
        box: 'heidelberg:1',
        profile: 'heidelberg-ascii',
        bus: (sim) => serial(sim, 'ascii', { data_bits: 7 }),
        more: asciiProfile,
    },
    {
        name: "ABL's EVCC2/3",
        line: { pty: true },
        box: 'abl-evcc2:1',
        profile: 'abl-evcc2',
        counts: integral,
        bus: (sim) => serial(sim, 'serial'),
    },
    {
        name: "ABL's EVCC1, which has no meter",
        line: { pty: true },
        box: 'abl-evcc1:1',
        profile: 'abl-sursum-evcc1',
        bus: (sim) => serial(sim, 'serial', { parity: 'none' }),
        counts: nothing,
    },
    {
        name: "KEBA's UDP",
        line: { udp: '127.0.0.3:7090' },
        box: 'keba-udp:1',
        profile: 'keba-p20-udp',
        bus: () => ({ id: 'line', kind: 'keba-udp', host: '127.0.0.3', local_address: '127.0.0.1' }),
    },
    {
        name: "KEBA's UDP with a box that wants cards",
        line: { udp: '127.0.0.4:7090' },
        box: 'keba-udp:1,wants_cards=1',
        profile: 'keba-p20-udp',
        bus: () => ({ id: 'line', kind: 'keba-udp', host: '127.0.0.4', local_address: '127.0.0.1' }),
    },
];

for (const way of ways) {
    bench(`a session over ${way.name}: plug, charge, 8 A, pause, charge, unplug`, async (made) => {
        const authority = made.authority();
        const sim = await made.simulator({ ...way.line, boxes: [way.box], speed });
        const listed = [charger('CP1', { profile: way.profile, lost_after_s: 10, configuration: { MeterValueSampleInterval: '2' } })];
        const central = await made.central({ certificate: authority.issue({ key: 'ec' }), passwords: { CP1: listed[0].password } });
        made.daemon({ central_system: centralSystem(central, authority), buses: [way.bus(sim)], chargers: listed, ...way.more?.(made.dir) }).start();

        const before = (await sim.show()).energy_wh;
        const { started, transactionId } = await charge({ sim, central });
        assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(8, { transactionId })), { status: 'Accepted' });
        await sim.shows('8 A', (box) => box.offer_a > 7.9 && box.offer_a <= 8);
        assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(0, { transactionId })), { status: 'Accepted' });
        await central.status('SuspendedEVSE');
        await sim.shows('a pause', (box) => !box.amps.some((amps) => amps > 0));
        assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(16, { transactionId })), { status: 'Accepted' });
        await central.status('Charging');
        await sim.shows('6 Wh in our time', (box) => box.energy_wh - before > 6 * speed);
        await sim.unplug();
        const { params } = await central.next('StopTransaction');
        assert.equal(params.reason, 'EVDisconnected');
        const { least, most } = (way.counts ?? register)((await sim.show()).energy_wh - before);
        const charged = params.meterStop - started.params.meterStart;
        assert.ok(charged >= least && charged <= most, `${charged} Wh instead of ${least} to ${most}`);
        assert.ok(!central.statuses('CP1').includes('Faulted'));
    });
}

bench("KEBA's UDP in mode rfid: the card that the box has seen starts the transaction", async (made) => {
    const authority = made.authority();
    const sim = await made.simulator({ udp: '127.0.0.5:7090', boxes: ['keba-udp:1,wants_cards=1'], speed: 60 });
    const listed = [charger('CP1', { profile: 'keba-p20-udp', lost_after_s: 10, authorization: { mode: 'rfid' } })];
    const central = await made.central({ certificate: authority.issue({ key: 'ec' }), passwords: { CP1: listed[0].password } });
    const bus = { id: 'line', kind: 'keba-udp', host: '127.0.0.5', local_address: '127.0.0.1' };
    made.daemon({ central_system: centralSystem(central, authority), buses: [bus], chargers: listed }).start();
    await central.status('Available');
    await sim.plug();
    await central.status('Preparing');
    await sim.tell('card', 1, '04a2b3c4');
    const started = await central.next('StartTransaction');
    assert.equal(started.params.idTag, '04A2B3C4');
    await central.status('Charging');
    await sim.unplug();
    assert.equal((await central.next('StopTransaction')).params.reason, 'EVDisconnected');
});
