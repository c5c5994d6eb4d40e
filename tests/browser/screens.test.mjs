// SPDX-License-Identifier: Apache-2.0
// Each screen of a site that runs, through each glass, and in each language on the smallest phone.
// BUSBAR_SCREEN=find,trace BUSBAR_GLASS=390-light looks at some.
import assert from 'node:assert/strict';

import { install } from '../update/lib/installed.mjs';
import { story } from './box.mjs';
import { screens, wide } from './screens.mjs';
import { enliven, site } from './site.mjs';

const wanted = process.env.BUSBAR_SCREEN?.split(',');
const languages = ['de', 'fr', 'nl', 'es'];

async function show(visitor, { name, place, ready, act, then }) {
    await visitor.open(place);
    await visitor.page.locator('h1').waitFor();
    await act?.(visitor);
    await visitor.sees(ready);
    await visitor.look(name);
    await then?.(visitor);
}

story('every screen is accessible, no wider than a phone, silent, and asks nobody but the box', async (plugIn, made) => {
    let machine;
    const it = await site(plugIn, made, {}, (daemon) => (machine = install(made, daemon)));
    await enliven(it);
    const visitors = {};
    const wrong = [];
    for (const screen of screens.filter(({ name }) => !wanted || wanted.includes(name))) {
        const role = screen.role ?? 'installer';
        visitors[role] ??= Object.assign(await it.box.visit({ role }), { bundle: { name: 'busbar.bundle', mimeType: '', buffer: machine.bundle('0.2.0') } });
        await show(visitors[role], screen).catch(async (error) => {
            wrong.push(error.message);
            visitors[role].complaints.length = 0;
            await visitors[role].shot(`FAILED-${screen.name}`);
        });
    }
    assert.deepEqual(wrong, []);
}, 900_000);

if (!wanted) story('no page is too wide for a small phone in any language', async (plugIn, made) => {
    const it = await site(plugIn, made);
    await enliven(it);
    for (const language of languages) {
        const visitor = await it.box.visit({ role: 'installer', width: 360, language });
        for (const place of wide) {
            await visitor.open(place);
            await visitor.page.locator('h1').waitFor();
            await visitor.page.waitForTimeout(400);
            const width = await visitor.page.evaluate(() => document.documentElement.scrollWidth);
            const widest = () => [...document.querySelectorAll('main *')].sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0].outerHTML.slice(0, 300);
            assert.ok(width <= 360, `${place} in ${language} is ${width} px wide: ${width > 360 && (await visitor.page.evaluate(widest))}`);
        }
        const cut = await visitor.page.locator('.thumbs span').evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
        assert.deepEqual(cut, [], `the bar under the thumb in ${language}`);
        await visitor.context.close();
    }
}, 300_000);
