// SPDX-License-Identifier: Apache-2.0
// A new password by AuthorizationKey: confirmed first, then used, kept, and given up where it does not work.

import assert from 'node:assert/strict';

import { password } from './lib/daemon.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const next_password = 'another secret 1234567';

/// A session that has outlived the 2 s within which its end would count as refused.
const settled = (central) => until('a session of 2 s', () => Date.now() - central.upgrades.at(-1).at > 2500);

async function changePassword(central, prepare = () => {}) {
    await central.status('Available');
    await settled(central);
    prepare();
    const { status } = await central.call('CP1', 'ChangeConfiguration', { key: 'AuthorizationKey', value: next_password });
    assert.equal(status, 'Accepted');
    await until('the next upgrade', () => central.upgrades.length > 1);
    assert.equal(central.upgrades[1].password.toString(), next_password);
}

const changing = { CP1: password };
scenario('a new password is used from the next connection on, without a new boot, and after a restart', { system: { passwords: changing } }, async ({ central, daemon }) => {
    await changePassword(central, () => (changing.CP1 = next_password));
    await central.call('CP1', 'TriggerMessage', { requestedMessage: 'Heartbeat' });
    await central.next('Heartbeat');
    assert.equal(central.select('BootNotification').length, 1);
    assert.ok(!(await daemon.trace()).some((event) => event.text?.includes(next_password)), 'the trace shows the password');
    assert.ok(!daemon.log.includes(next_password), 'the log shows the password');

    daemon.program.child.kill('SIGKILL');
    await daemon.program.ended;
    daemon.start();
    await until('the second boot', () => central.select('BootNotification').length === 2);
    assert.equal(central.upgrades.at(-1).password.toString(), next_password);
});

scenario('a password that the central system does not know after all gives way to the one before', {}, async ({ central, daemon }) => {
    await changePassword(central);
    await until('the old password again', () => central.upgrades.at(-1).password.toString() === password);
    await until('a session that stands', async () => (await daemon.status()).charge_points[0].link.state === 'connected');
    assert.equal(daemon.events('link_failed', 'cause=http_401').length, 1);
});
