// SPDX-License-Identifier: Apache-2.0
// The story of the demo, step by step. Each step acts at one end and waits for its effect at the other; a step whose
// effect does not come throws.

import assert from 'node:assert/strict';

import { limitTo, sampled } from '../../tests/e2e/lib/charging.mjs';

const accepted = (answer) => assert.equal(answer.status, 'Accepted');

/// {title, act(stations, memory, say)}; `memory` holds the StartTransaction of each charge point.
export const steps = [
    {
        title: 'The gateway comes up: each box becomes a charge point of its own, and is held paused while no car charges',
        async act(stations, memory, say) {
            for (const station of Object.values(stations)) {
                await station.next('BootNotification');
                await station.status('Available');
                await station.limit(0);
            }
            say('three charge points are Available, each box is paused at 0 A though it powered on with 16 A');
        },
    },
    {
        title: 'A car is plugged in at GARAGE-1, which is free: it charges at once',
        act: (stations, memory, say) => chargesFreely(stations['GARAGE-1'], memory, say),
    },
    {
        title: 'A car is plugged in at GARAGE-2: that one waits until the central system starts it from afar',
        async act({ 'GARAGE-2': station }, memory, say) {
            await station.plug();
            await station.status('Preparing');
            accepted(await station.call('RemoteStartTransaction', { connectorId: 1, idTag: 'APP-USER-7' }));
            await charges(station, memory, say);
        },
    },
    {
        title: 'A car is plugged in at CARPORT, which is on Modbus TCP: all the same to the central system',
        act: (stations, memory, say) => chargesFreely(stations.CARPORT, memory, say),
    },
    {
        title: 'The grid is tight: the central system lowers GARAGE-1 to 10 A',
        act: ({ 'GARAGE-1': station }, memory, say) => limits(station, memory, 10, say),
    },
    {
        title: 'Energy is dear for a while: GARAGE-1 is paused with 0 A',
        async act({ 'GARAGE-1': station }, memory, say) {
            await limits(station, memory, 0, say);
            await station.status('SuspendedEVSE');
            say('the transaction stays open, its connector is SuspendedEVSE');
        },
    },
    {
        title: 'Energy is cheap again: GARAGE-1 gets its 16 A back',
        async act({ 'GARAGE-1': station }, memory, say) {
            await limits(station, memory, 16, say);
            await station.status('Charging');
        },
    },
    {
        title: 'The central system stops GARAGE-2 from afar; it may not start again by itself while the car stays',
        async act({ 'GARAGE-2': station }, memory, say) {
            accepted(await station.call('RemoteStopTransaction', { transactionId: memory[station.id].transactionId }));
            await stops(station, memory, 'Remote', say);
            await station.status('Finishing');
            await station.unplug();
            await station.status('Available');
        },
    },
    {
        title: 'The other two cars leave',
        async act({ 'GARAGE-1': garage, CARPORT: carport }, memory, say) {
            for (const station of [garage, carport]) {
                await station.unplug();
                await stops(station, memory, 'EVDisconnected', say);
                await station.status('Available');
            }
        },
    },
];

async function chargesFreely(station, memory, say) {
    await station.plug();
    await charges(station, memory, say);
}

async function charges(station, memory, say) {
    const started = await station.next('StartTransaction');
    memory[station.id] = { transactionId: started.answer.transactionId, meterStart: started.params.meterStart };
    await station.status('Charging');
    await station.limit(16);
    const { params } = await station.next('MeterValues', (values) => sampled(values, 'Power.Active.Import') > 5000);
    say(`transaction ${started.answer.transactionId} runs with ${(sampled(params, 'Power.Active.Import') / 1000).toFixed(1)} kW`);
}

async function limits(station, memory, amps, say) {
    accepted(await station.call('SetChargingProfile', limitTo(amps, { transactionId: memory[station.id].transactionId })));
    await station.limit(amps);
    say(`the box was asked: its register 261 holds ${amps * 10}, that is ${amps} A`);
}

async function stops(station, memory, reason, say) {
    const { params } = await station.next('StopTransaction');
    assert.equal(params.transactionId, memory[station.id].transactionId);
    assert.equal(params.reason, reason);
    const energy = params.meterStop - memory[station.id].meterStart;
    assert.ok(energy > 0, `${station.id} metered no energy`);
    await station.limit(0);
    const { energy_wh, plugged } = await station.show();
    // A car that stays takes a little more until its contactor opens.
    assert.ok(energy_wh >= params.meterStop && (plugged || energy_wh < params.meterStop + 1), `meterStop ${params.meterStop}, the box says ${energy_wh}`);
    memory[station.id].energy = energy;
    say(`${station.id} metered ${(energy / 1000).toFixed(2)} kWh and is paused again`);
}
