// SPDX-License-Identifier: Apache-2.0
// An update from the pages: what is refused and why, a bundle that waits, the box that restarts under the page, and how it ended.
import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { own_password } from '../e2e/lib/browser.mjs';
import { install } from '../update/lib/installed.mjs';
import { keyPair } from '../update/lib/machine.mjs';
import { story } from './box.mjs';

/** A box without chargers on a machine with the helper. */
async function installed(plugIn, made) {
    let machine;
    const box = await plugIn({ central_system: { url: 'wss://127.0.0.1:1/ocpp' }, buses: [], chargers: [] }, (daemon) => (machine = install(made, daemon)));
    await box.staffed();
    return { box, machine };
}

/** `what`: its bytes, or the path of a file that is too large for them. */
const choose = (visitor, what) => visitor.page.getByLabel('Update bundle').setInputFiles(typeof what === 'string' ? what : { name: 'busbar.bundle', mimeType: 'application/octet-stream', buffer: what });

async function logIn(visitor) {
    await visitor.fill('User name', 'installer');
    await visitor.fill('Password', own_password);
    await visitor.press('Log in');
}

story('a bundle is judged in words, waits for its time, is put off, and forgotten; a viewer only looks', async (plugIn, made) => {
    const { box, machine } = await installed(plugIn, made);
    const [owner, viewer] = [await box.visit({ role: 'owner' }), await box.visit({ role: 'viewer' })];
    owner.expected.push(/\b4(22|13)\b.*\/update\/bundle$/);
    await owner.open('settings/update');
    await owner.sees('A copy of 0.1.0 is kept.');
    const good = machine.bundle('0.2.0');
    const large = join(made.dir, 'large');
    writeFileSync(large, '');
    truncateSync(large, 65 * 1024 * 1024);
    for (const [bytes, words] of [
        [machine.bundle('0.2.0', keyPair().privateKey), 'We have not signed it.'],
        [good.subarray(0, 300), 'no update bundle. Download it again.'],
        [machine.bundle('0.1.0'), 'It is not newer than what is installed.'],
        [large, 'no update bundle. Download it again.'],
    ]) {
        await choose(owner, bytes);
        await owner.sees(words);
    }
    await owner.look('update-refused');
    await choose(owner, good);
    await owner.heading('Ready to install: 0.2.0', 2);
    await owner.sees('Genuine, signed with our present key');
    await owner.page.getByLabel('At a certain time').check();
    assert.match(await owner.page.getByLabel('Date and time').inputValue(), /T03:00$/);
    await owner.look('update-choice');
    await owner.press(/^Install$/);
    await owner.sees('It is installed at');
    await viewer.open('settings/update');
    await viewer.sees('It is installed at');
    for (const name of ['Install', 'Do not install', 'Put off for a day']) assert.equal(await viewer.count('button', name), 0, name);
    assert.equal(await viewer.page.locator('input').count(), 0);
    await viewer.look('update-viewer');
    await owner.press('Put off for a day');
    await owner.sees('Not before');
    await owner.press('Do not install');
    await owner.page.getByRole('dialog').getByRole('button', { name: 'Do not install' }).click();
    await owner.sees('No update waits.');
    await viewer.sees('No update waits.');
    assert.ok(!machine.exists('var/lib/busbar/update/bundle'));
});

story('the box restarts under the page for its update, which is no error, and the page tells how it ended', async (plugIn, made) => {
    const { box, machine } = await installed(plugIn, made);
    const phone = await box.visit({ role: 'installer' });
    phone.expected.push(/net::ERR_/, /\b401\b/);
    await phone.open('settings/update');
    await choose(phone, machine.bundle('0.2.0'));
    await phone.heading('Ready to install: 0.2.0', 2);
    await phone.page.getByLabel('Now').check();
    await phone.press(/^Install$/);
    await phone.page.getByRole('dialog').getByRole('button', { name: 'Install' }).click();
    await phone.sees('Do not switch the box off.');
    await box.daemon.stop();
    await phone.sees('The gateway starts anew for its update.', 30_000);
    await phone.look('update-away');
    assert.equal(await phone.page.getByRole('alert').count(), 0, 'no error');
    box.daemon.start();
    await phone.sees('Log in to see how the update ended.', 30_000);
    await phone.look('update-login');
    await logIn(phone);
    await phone.sees('Hands over to the updater');
    const help = machine.help(8);
    await phone.sees('Watches whether all is well');
    await phone.look('update-running');
    const { code, output } = await help;
    assert.equal(code, 0, output);
    await phone.sees('0.2.0 is installed and works');
    await phone.look('update-installed');

    await choose(phone, machine.bundle('0.3.0', machine.current.privateKey, 'crashes'));
    await phone.press(/^Install$/);
    await phone.sees('Hands over to the updater');
    await machine.help(8);
    await phone.sees('Rolled back to 0.2.0');
    await phone.sees('Because: The new version did not stay up.');
    await phone.look('update-rolled-back');
}, 240_000);
