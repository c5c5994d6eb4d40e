// SPDX-License-Identifier: Apache-2.0
// Finding chargers on the lines of a site that runs: silence and what it hints at, a charger that is found, one like another.
import assert from 'node:assert/strict';

import { centralSystem, charger, password, serialBus } from '../e2e/lib/daemon.mjs';
import { never } from '../e2e/lib/wait.mjs';
import { story } from './box.mjs';

async function line(plugIn, made, boxes) {
    const authority = made.authority();
    const sim = await made.simulator({ pty: true, boxes });
    const central = await made.central({ certificate: authority.issue({ until_days: 90 }), passwords: { CP1: password, 'YARD-2': password } });
    const box = await plugIn({
        central_system: centralSystem(central, authority),
        buses: [serialBus(sim)],
        chargers: [charger('CP1', { max_current_a: 12, lost_after_s: 10, authorization: { mode: 'remote' } })],
    });
    await box.staffed();
    return { box, sim, central };
}

async function search(phone, units) {
    await phone.open('find');
    await phone.page.getByRole('button', { name: /^line/ }).click();
    await phone.text('Options').click();
    await phone.fill('Only these unit ids', units);
    await phone.press(/^Search (now|again)/);
}

story('a search that hears nobody says what to look at, and can be stopped', async (plugIn, made) => {
    const { box, central } = await line(plugIn, made, ['heidelberg:1']);
    await central.status('Available');
    const phone = await box.visit({ role: 'installer' });
    await search(phone, '8-9');
    await phone.sees('The search is complete.', 90_000);
    await phone.sees('Nobody answered');
    await phone.sees('Swap the two wires A and B');
    await phone.text('What the search saw').click();
    await phone.look('find-silence');
    await phone.fill('Only these unit ids', '2-200');
    await phone.press('Search again');
    await phone.press('Stop');
    await phone.sees('The search was stopped.');
    await phone.fill('Only these unit ids', '2-');
    await phone.sees('Numbers from 0 to 255');
    assert.ok(await phone.button('Search again').isDisabled());
});

story('a charger that is found is looked at, added like another, and nobody else notices', async (plugIn, made) => {
    const { box, sim, central } = await line(plugIn, made, ['heidelberg:1', 'heidelberg:2']);
    await central.status('Available', { chargePoint: 'CP1' });
    const phone = await box.visit({ role: 'installer' });
    await search(phone, '1-3');
    await phone.sees('1 device answered.', 90_000);
    await phone.sees('Heidelberg Energy Control');
    await phone.press('Show live values');
    await phone.sees(/^A\d? – no car/);
    await phone.look('find-found');
    assert.deepEqual(await sim.tell('writes', 2), [], 'nothing is written before it is added');

    await phone.page.getByRole('button', { name: 'Add', exact: true }).click();
    await phone.page.getByLabel('Copy from another charger').selectOption('CP1');
    assert.equal(await phone.page.getByLabel('Most current, A').inputValue(), '12');
    assert.ok(await phone.page.getByRole('radio', { name: 'Whom the central system lets' }).isChecked());
    await phone.fill('Charge point id', 'CP1');
    await phone.sees('Another charger has this id.');
    await phone.fill('Charge point id', 'YARD-2');
    await phone.fill('Password at the central system', password);
    await phone.look('find-add');
    await phone.press('Add charger');
    await phone.sees('YARD-2 is added');
    await phone.look('find-added');
    await central.status('Available', { chargePoint: 'YARD-2' });
    await never('a second registration of the other', () => central.select('BootNotification', { chargePoint: 'CP1' }).length > 1, 1000);
    const { json } = await box.manager.api('GET', '/configuration');
    const added = json.chargers.find(({ id }) => id === 'YARD-2');
    assert.deepEqual([added.unit_id, added.max_current_a, added.authorization.mode, added.lost_after_s], [2, 12, 'remote', 10]);
    await phone.press('Search again');
    await phone.sees(/The search is complete|0 devices/, 90_000);
});
