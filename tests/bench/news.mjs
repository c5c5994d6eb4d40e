// SPDX-License-Identifier: Apache-2.0
// How long after a reading on the bus the event stream says what it changed: node tests/bench/news.mjs [changes]
// With the pages built, and the npm packages of tests/browser, also when Chromium has drawn it.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { ask, listen } from '../e2e/lib/api.mjs';
import { Bench } from '../e2e/lib/bench.mjs';
import { installer, own_password } from '../e2e/lib/browser.mjs';
import { centralSystem, charger, tcpBus } from '../e2e/lib/daemon.mjs';
import { freePort } from '../e2e/lib/free_port.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { changedAt } from './lib/readings.mjs';

const changes = Number(process.argv[2] ?? 200);
const units = 8;
const pages = fileURLToPath(new URL('../../gateway/web/ui/dist', import.meta.url));
const has_screen = existsSync(`${pages}/index.html`) && existsSync(new URL('../browser/node_modules/playwright-core', import.meta.url));
const is_free = 'Ready for the next car.';

/// A browser at the overview that notes, by the clock of this machine, the first frame after how many chargers are free is another.
async function screen(made, daemon, port) {
    const { Visitor } = await import('../browser/browser.mjs');
    await installer(daemon, port);
    const visitor = made.keep(await Visitor.at(`https://127.0.0.1:${port}`), ({ context }) => context.browser().close());
    await visitor.enter('installer', own_password);
    await visitor.open();
    await visitor.sees(is_free);
    await visitor.page.evaluate((words) => {
        const free = () => document.querySelector('main').textContent.split(words).length - 1;
        globalThis.drawn = [];
        let last = free();
        new MutationObserver(() => {
            if (free() === last) return;
            last = free();
            // The task after the next frame's callbacks: by then it is painted.
            requestAnimationFrame(() => setTimeout(() => globalThis.drawn.push(Date.now())));
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
    }, is_free);
    return { page: visitor.page, drawn: () => visitor.page.evaluate(() => globalThis.drawn.splice(0).at(-1)) };
}

async function measure(made) {
    const ids = Array.from({ length: units }, (_, index) => index + 1);
    const authority = made.authority();
    const sim = await made.simulator({ tcp: true, boxes: ids.map((id) => `heidelberg:${id}`) });
    const chargers = ids.map((id) => charger(`CP${id}`, { unit_id: id, authorization: { mode: 'remote' }, poll_interval_ms: 500 }));
    const central = await made.central({ certificate: authority.issue({ key: 'ec' }), passwords: Object.fromEntries(chargers.map(({ id, password }) => [id, password])) });
    const port = await freePort();
    const web = has_screen && { web: { listen: '127.0.0.1', https_port: port, ui_dir: pages } };
    const daemon = made.daemon({ central_system: centralSystem(central, authority), buses: [tcpBus(sim)], chargers, ...web });
    daemon.start();
    for (const { id } of chargers) await central.status('Available', { chargePoint: id });
    const seen = has_screen && (await screen(made, daemon, port));
    const heard = await listen(daemon, 'status');
    const told = (status) => heard.events.findLast(({ data }, at, all) => data.charge_points[0].connectors[0].status === status && all[at - 1]?.data.charge_points[0].connectors[0].status !== status);
    const lateness = [];
    const on_screen = [];
    for (let change = 0; change < changes; ++change) {
        const { body } = await ask(daemon, 'GET', '/trace');
        const after = Math.max(0, body.last - 2 * units);
        heard.events.splice(0, heard.events.length - 1);
        await (change % 2 ? sim.unplug() : sim.plug());
        const event = await until('the change', () => told(change % 2 ? 'Available' : 'Preparing'));
        const read = await changedAt(daemon, after);
        if (read !== undefined) lateness.push(event.at - read);
        if (!seen) continue;
        const drawn = await until('the screen', () => seen.drawn());
        if (read !== undefined) on_screen.push(drawn - read);
    }
    heard.close();
    return { lateness, on_screen };
}

function tell(what, times) {
    times.sort((a, b) => a - b);
    const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))];
    console.log(`${times.length} changes, ${units} chargers: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms from the reading to ${what} (bound: 200 ms)`);
}

const made = new Bench();
try {
    const { lateness, on_screen } = await measure(made);
    tell('the event', lateness);
    if (on_screen.length) tell("the browser's frame", on_screen);
} finally {
    await made.end();
}
