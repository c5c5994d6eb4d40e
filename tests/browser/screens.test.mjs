// SPDX-License-Identifier: Apache-2.0
// Each screen, light and dark, on a small phone, a phone and a desk: accessible, no wider than the glass, silent, self-contained.
// BUSBAR_SCREEN=find,trace BUSBAR_GLASS=390-light looks at some; BUSBAR_URL=https://... looks at a real gateway.
import { after, before, test } from 'node:test';
import { enter, gateway, judge, launch, visit } from './browser.mjs';
import { doors, screens } from './screens.mjs';

const glasses = [
    { width: 360, scheme: 'light' },
    { width: 390, scheme: 'light', scale: 2 },
    { width: 390, scheme: 'dark', scale: 2 },
    { width: 1280, scheme: 'light' },
    { width: 1280, scheme: 'dark' },
];
const quick = process.env.BUSBAR_GLASS?.split(',');
const wanted = process.env.BUSBAR_SCREEN?.split(',');
const chosen = [...doors, ...screens].filter((one) => !wanted || wanted.includes(one.name));

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

for (const screen of chosen) {
    for (const glass of glasses.filter((one) => !quick || quick.includes(`${one.width}-${one.scheme}`))) {
        const name = `${screen.name}-${glass.width}-${glass.scheme}`;
        test(name, { timeout: 60_000 }, async () => {
            const { page, context, complaints } = await visit(browser, box.url, glass);
            if (screen.user) await enter(context, box.url, screen.user);
            await screen.prepare?.(box.url, context);
            await page.goto(`${box.url}/${screen.hash ?? ''}`);
            await screen.act?.(page);
            await page.getByText(screen.ready).filter({ visible: true }).first().waitFor({ timeout: 20_000 });
            // Nobody is in yet: the browser itself reports the 401 that says so.
            if (!screen.user) complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes('401')));
            await judge(page, complaints, name);
            await context.close();
        });
    }
}
