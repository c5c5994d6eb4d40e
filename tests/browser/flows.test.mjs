// SPDX-License-Identifier: Apache-2.0
// What people do: log in, go through the setup by keyboard, pause, read in their language; what a role may not do is not there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enter, gateway, launch, password, visit } from './browser.mjs';

let browser;
let box;
before(async () => {
    box = await gateway();
    browser = await launch();
});
after(async () => {
    await browser?.close();
    box?.stop();
});

/** A page at `hash` for `user`, closed when the work is done; the console must have stayed empty. */
async function as(user, hash, work, glass = { width: 390 }) {
    const { page, context, complaints } = await visit(browser, box.url, glass);
    if (user) await enter(context, box.url, user);
    await page.goto(`${box.url}/${hash}`);
    await work(page, context);
    assert.deepEqual(complaints.filter((one) => !one.includes('401')), []);
    await context.close();
}
const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor({ timeout: 20_000 });

test('a wrong password is refused in words, the right one opens', { timeout: 60_000 }, () =>
    as(null, '', async (page) => {
        await page.getByLabel('User name').fill('owner');
        await page.getByLabel('Password').fill('wrong');
        await page.keyboard.press('Enter');
        await page.getByText('do not go together').waitFor();
        await page.getByLabel('Password').fill(password);
        await page.keyboard.press('Enter');
        await heading(page, 'Overview');
    }));

test('nothing is possible before the first password is changed', { timeout: 60_000 }, () =>
    as('fresh', '#/settings/users', async (page) => {
        await heading(page, 'Choose your own password');
        assert.equal(await page.getByRole('navigation').count(), 0);
    }));

test('a viewer is offered neither search nor actions', { timeout: 60_000 }, () =>
    as('viewer', '#/charger/GARAGE-1', async (page) => {
        await heading(page, 'GARAGE-1');
        assert.equal(await page.getByRole('button', { name: 'Pause' }).count(), 0);
        assert.equal(await page.getByRole('link', { name: 'Find' }).count(), 0);
    }));

test('an owner pauses, limits and resumes, and is told why it does not charge', { timeout: 60_000 }, () =>
    as('owner', '#/charger/GARAGE-1', async (page) => {
        await page.getByRole('button', { name: 'Pause' }).click();
        await page.getByText('Paused here, by a person').waitFor();
        await page.getByRole('button', { name: 'Resume' }).click();
        await page.getByText('Resumed.').waitFor();
        await page.getByRole('slider').fill('8');
        await page.getByRole('button', { name: 'Set the limit' }).click();
        await page.getByText('Limited to 8 A here').waitFor();
        await page.getByRole('button', { name: 'Remove the limit' }).click();
        await page.getByText('The limit is removed').waitFor();
        assert.equal(await page.getByRole('button', { name: 'Start anew' }).count(), 0);
    }));

test('the setup goes by keyboard alone, survives a reload, and is in force only at its end', { timeout: 120_000 }, () =>
    as(null, '', async (page, context) => {
        await context.request.get(`${box.url}/mock/new`);
        await enter(context, box.url, 'installer');
        await page.goto(`${box.url}/#/setup`);
        await page.reload();
        const on = async (name) => {
            await page.getByRole('heading', { level: 2, name, exact: true }).waitFor({ timeout: 20_000 });
        };
        const next = async (name) => {
            await page.getByRole('button', { name }).focus();
            await page.keyboard.press('Enter');
        };
        for (const step of ['Password', 'Network', 'Time']) {
            await on(step);
            await next('Next');
        }
        await on('Central system');
        await page.getByLabel('Address').fill('wss://other.example/ocpp');
        await next('Next');
        await on('Chargers');
        await page.reload();
        await on('Chargers');
        const before = await (await context.request.get(`${box.url}/api/v1/configuration`)).json();
        assert.equal(before.central_system.url, 'wss://csms.example/ocpp');
        await next('Next');
        await on('Check');
        await page.getByText('wss://other.example/ocpp').waitFor();
        await next('Put in force');
        await page.getByText('The chargers connect now').waitFor();
        const then = await (await context.request.get(`${box.url}/api/v1/configuration`)).json();
        assert.equal(then.central_system.url, 'wss://other.example/ocpp');
        await next('Next');
        await on('Hand-over');
        await next('To the overview');
        await heading(page, 'Overview');
    }));

test('the language is the browser’s, and the person’s after a choice', { timeout: 60_000 }, () =>
    as('owner', '#/settings/account', async (page) => {
        await heading(page, 'Mein Konto');
        await page.getByLabel('Sprache').selectOption('fr');
        await heading(page, 'Mon compte');
        await page.reload();
        await heading(page, 'Mon compte');
        assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
    }, { width: 390, language: 'de-AT' }));

for (const language of ['de', 'fr', 'nl', 'es']) {
    test(`no page is too wide for a small phone in ${language}`, { timeout: 180_000 }, () =>
        as('installer', '', async (page) => {
            for (const hash of ['', 'charger/GARAGE-1', 'find/rs485-1', 'doctor', 'trace', 'scope', 'commissioning/GARAGE-1', 'more', 'setup/time', 'settings/network', 'settings/users', 'settings/backup']) {
                await page.goto(`${box.url}/#/${hash}`);
                await page.locator('h1').waitFor();
                await page.waitForTimeout(400);
                const width = await page.evaluate(() => document.documentElement.scrollWidth);
                assert.ok(width <= 360, `${hash} is ${width} px wide`);
            }
        }, { width: 360, language }));
}
