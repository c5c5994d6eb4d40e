// SPDX-License-Identifier: Apache-2.0
// A site that lives: one car charges by the central system's limit, one waits for it, one charger is free, one does not answer.
import { limitTo } from '../e2e/lib/charging.mjs';
import { centralSystem, charger, serialBus, tcpBus } from '../e2e/lib/daemon.mjs';

const often = { MeterValueSampleInterval: '5' };

/** {box, central, line}: the configuration may be changed by `more` before it is plugged in. */
export async function site(plugIn, made, more = {}, before = undefined) {
    const authority = made.authority();
    const line = await made.simulator({ pty: true, boxes: ['heidelberg:1,battery_wh=60000', 'heidelberg:2'], speed: 20 });
    const lan = await made.simulator({ tcp: true, boxes: ['amperfied:255'] }, 'lan');
    const central = await made.central({ certificate: authority.issue({ until_days: 90 }) });
    const box = await plugIn({
        central_system: centralSystem(central, authority),
        network: { manager: 'none' },
        support: { host: 'help.example', user: 'busbar', host_key: 'ssh-ed25519 AAAA', remote_port: 20007 },
        uplinks: [
            { id: 'lan', interface: 'lo', kind: 'ethernet', priority: 1 },
            { id: 'gsm', interface: 'nosuch0', kind: 'gsm', priority: 2, metered: true, monthly_budget_mb: 500 },
        ],
        buses: [serialBus(line), tcpBus(lan, 'lan-1')],
        chargers: [
            charger('GARAGE-1', { configuration: often }),
            charger('GARAGE-2', { unit_id: 2, authorization: { mode: 'remote' } }),
            charger('COURT-3', { bus: 'lan-1', unit_id: 255, profile: 'amperfied-connect' }),
            charger('COURT-4', { unit_id: 4 }),
        ],
        ...more,
    }, before);
    await box.staffed();
    return { box, central, line, authority };
}

/** Brings the site to life, with a year of sessions to list: as many as a short test has time for. */
export async function enliven({ central, line }) {
    await central.status('Available', { chargePoint: 'GARAGE-2', within_ms: 40_000 });
    await line.plug(2);
    await central.status('Available', { chargePoint: 'GARAGE-1' });
    for (let n = 0; n < 2; ++n) {
        await line.plug(1);
        await central.status('Charging', { chargePoint: 'GARAGE-1' });
        if (n === 1) break;
        await line.unplug(1);
        await central.status('Available', { chargePoint: 'GARAGE-1' });
    }
    await central.call('GARAGE-1', 'SetChargingProfile', limitTo(10, { transactionId: 2 }));
    await line.limit(10);
    await central.call('GARAGE-2', 'UnlockConnector', { connectorId: 1 });
    await central.status('Faulted', { chargePoint: 'COURT-4', within_ms: 40_000 });
}
