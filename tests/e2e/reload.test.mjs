// SPDX-License-Identifier: Apache-2.0
// SIGHUP: what changed is built anew, the rest notices nothing; a bad file changes nothing.

import assert from 'node:assert/strict';

import { charge } from './lib/charging.mjs';
import { centralSystem, charger, serialBus } from './lib/daemon.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const two_boxes = { boxes: ['heidelberg:1', 'heidelberg:2'], speed: 60, system: { passwords: undefined } };

/// Writes the configuration with these chargers and tells the daemon.
function reload({ sim, central, daemon, authority }, chargers) {
    daemon.configure({ central_system: centralSystem(central, authority), buses: [serialBus(sim)], chargers });
    daemon.program.child.kill('SIGHUP');
}

scenario('a charger that is added starts, and the transaction beside it notices nothing', two_boxes, async (made) => {
    const { sim, central, daemon } = made;
    const { transactionId } = await charge({ sim, central });
    reload(made, [charger('CP1'), charger('CP2', { unit_id: 2 })]);
    await central.next('BootNotification', { chargePoint: 'CP2' });
    await until('the reload', () => daemon.events('reloaded').length === 1);
    await sim.shows('a session that goes on at 16 A', (box) => box.current_set_a === 16 && box.power_w > 1000);
    await sim.unplug();
    const stopped = await central.next('StopTransaction');
    assert.equal(stopped.params.transactionId, transactionId);
    assert.equal(central.select('BootNotification').filter((call) => call.chargePoint === 'CP1').length, 1);
});

scenario('a charger whose settings changed is made anew and its transaction goes on', two_boxes, async (made) => {
    const { sim, central } = made;
    const { transactionId } = await charge({ sim, central });
    reload(made, [charger('CP1', { max_current_a: 8 })]);
    await sim.limit(8);
    await until('the second BootNotification', () => central.select('BootNotification').length === 2);
    await sim.unplug();
    const stopped = await central.next('StopTransaction');
    assert.equal(stopped.params.transactionId, transactionId);
    assert.equal(central.select('StartTransaction').length, 1);
});

scenario('a configuration with problems is reported with its path and changes nothing', two_boxes, async (made) => {
    const { sim, central, daemon } = made;
    const { transactionId } = await charge({ sim, central });
    reload(made, [charger('CP1', { unit_id: 999 })]);
    await until('the refusal', () => daemon.events('reload_refused').some((line) => line.includes('/chargers/0/unit_id')));
    await sim.unplug();
    assert.equal((await central.next('StopTransaction')).params.transactionId, transactionId);
});
