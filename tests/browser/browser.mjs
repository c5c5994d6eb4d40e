// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium as a person's phone or desk, and what must hold on every screen it shows.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { after } from 'node:test';

import { chromium } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Screenshots, kept for people to look at. */
export const output = fileURLToPath(new URL('output/', import.meta.url));
mkdirSync(output, { recursive: true });

/** Each screen is seen through all of these: a small phone, a phone and a desk. BUSBAR_GLASS=390-light,1280-dark takes others. */
const glasses = (process.env.BUSBAR_GLASS ?? '360-light,390-light,390-dark,1280-light,1280-dark').split(',').map((name) => {
    const [width, scheme] = name.split('-');
    return { width: Number(width), scheme, name };
});
const highest = 4000;

let browser;
after(() => browser?.close());
async function launched() {
    // The sandbox wants a kernel and a user that give it; a container, and root, do not.
    browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
    return browser;
}

/** What Chromium reports of answers that belong to the game: nobody is logged in yet, nobody searched yet. */
const usual = [/\b401\b.*\/api\/v1\/session$/, /\b404\b.*\/(scan|support)$/];

/** One person with one browser at the box at `url`. All that the page complains about, or asks of others, is kept. */
export class Visitor {
    complaints = [];
    /** Patterns of complaints that this story causes. */
    expected = [...usual];

    static async at(url, { width = 390, height = 844, language = 'en', zone } = {}) {
        const visitor = new Visitor();
        visitor.url = url;
        visitor.size = { width, height };
        visitor.context = await (await launched()).newContext({
            ignoreHTTPSErrors: true,
            viewport: visitor.size,
            locale: language,
            timezoneId: zone,
            reducedMotion: 'reduce',
            deviceScaleFactor: Number(process.env.BUSBAR_SCALE ?? 1),
        });
        visitor.page = await visitor.context.newPage();
        visitor.page.setDefaultTimeout(20_000);
        visitor.#listen();
        return visitor;
    }

    #listen() {
        const complain = (text) => this.expected.some((pattern) => pattern.test(text)) || this.complaints.push(text);
        this.page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complain(`${message.text()} ${message.location().url}`));
        this.page.on('pageerror', (error) => complain(String(error)));
        this.page.on('request', (request) => {
            const own = [`${this.url}/`, `data:`, `blob:${this.url}/`].some((start) => request.url().startsWith(start));
            if (!own) complain(`asked ${request.url()}`);
        });
        this.page.on('response', async (response) => {
            if (response.request().resourceType() !== 'document') return;
            const policy = response.headers()['content-security-policy'] ?? 'none';
            if (!policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'; ") || policy.includes('unsafe')) complain(`the policy ${policy}`);
        });
    }

    /** Opens a place of the pages, such as 'doctor' or 'settings/users'. */
    async open(place = '') {
        await this.page.goto(`${this.url}/#/${place}`);
    }

    /** The session comes by the API, as the login page has a test of its own. */
    async enter(user, password) {
        const answer = await this.context.request.post(`${this.url}/api/v1/session`, { data: { user, password }, headers: { 'X-Busbar': '1' } });
        assert.equal(answer.status(), 200, `login as ${user}`);
    }

    heading = (name, level = 1) => this.page.getByRole('heading', { level, name, exact: true }).waitFor();
    button = (name) => this.page.getByRole('button', { name });
    press = (name) => this.button(name).first().click();
    fill = (label, text) => this.page.getByLabel(label, { exact: true }).fill(text);
    text = (words) => this.page.getByText(words).filter({ visible: true }).first();
    sees = (words, within_ms) => this.text(words).waitFor({ timeout: within_ms });
    count = (role, name) => this.page.getByRole(role, { name }).count();

    /** A file that `work` makes the page offer: its name and text. */
    async download(work) {
        const [file] = await Promise.all([this.page.waitForEvent('download'), work()]);
        return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
    }

    /** The screen as it is now, through each glass: a screenshot, and that it is accessible, no wider than the glass, and silent. */
    async look(name) {
        for (const glass of glasses) await this.#judge(`${name}-${glass.name}`, glass);
        await this.page.setViewportSize(this.size);
        await this.page.emulateMedia({ colorScheme: null });
        this.quiet(name);
    }

    async #judge(name, { width, scheme }) {
        await this.page.emulateMedia({ colorScheme: scheme });
        await this.page.setViewportSize({ width, height: this.size.height });
        await this.page.waitForTimeout(100);
        const [wide, high] = await this.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
        await this.page.setViewportSize({ width, height: Math.min(highest, Math.max(this.size.height, high)) });
        await this.page.screenshot({ path: `${output}${name}.png` });
        assert.ok(wide <= width, `${name}: scrolls sideways, as it is ${wide} px wide`);
        // Through the debugger, as the page's own policy refuses what is not the box's.
        await this.page.evaluate(axeSource);
        const { violations } = await this.page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] }), rules);
        const faults = violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 4).map((node) => node.html.slice(0, 160)).join(' | ')}`);
        assert.deepEqual(faults, [], `${name}: axe`);
    }

    /** Nothing in the console, no request to somebody else, the strict policy. */
    quiet(where = '') {
        assert.deepEqual(this.complaints, [], `${where}: what the page complained about`);
    }

    shot = (name) => this.page.screenshot({ path: `${output}${name}.png`, fullPage: true, timeout: 5000 }).catch(() => {});
}
