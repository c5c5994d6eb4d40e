// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium on the pages of a gateway (or of the mock), and what must hold on every screen.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const shots = `${root}build/screenshots/`;
export const password = process.env.BUSBAR_PASSWORD ?? 'mock-password';
mkdirSync(shots, { recursive: true });

/** The gateway that BUSBAR_URL names, else the mock on a free port: {url, stop}. */
export async function gateway() {
    if (process.env.BUSBAR_URL) return { url: process.env.BUSBAR_URL, stop: () => {} };
    const mock = spawn(process.execPath, [`${root}gateway/web/ui/mock/server.mjs`, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise((resolve, reject) => {
        mock.stdout.once('data', (text) => resolve(String(text).trim()));
        mock.once('exit', (code) => reject(new Error(`the mock ended with ${code}`)));
    });
    return { url, stop: () => mock.kill() };
}

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/** A fresh person at the gateway: what the page complains about, and what it asks of others, is kept. */
export async function visit(browser, url, { width, height = 844, scheme = 'light', language = 'en', scale = 1 }) {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width, height }, deviceScaleFactor: scale, colorScheme: scheme, locale: language });
    const page = await context.newPage();
    const complaints = [];
    // "No search ran here yet" is a 404, which Chromium itself reports.
    const expected = (message) => message.text().includes('404') && message.location().url.endsWith('/scan');
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !expected(message) && complaints.push(`${message.text()} ${message.location().url}`));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
        if (!request.url().startsWith(url) && !request.url().startsWith('data:') && !request.url().startsWith('blob:')) complaints.push(`asked ${request.url()}`);
    });
    return { page, context, complaints };
}

/** The session comes by the API, as the login page's own test is another. */
export async function enter(context, url, user) {
    const answer = await context.request.post(`${url}/api/v1/session`, { data: { user, password }, headers: { 'X-Busbar': '1' } });
    assert.equal(answer.status(), 200, `login as ${user}`);
}

/** A screenshot of the whole page, beside the checks that a picture cannot show. */
export async function judge(page, complaints, name) {
    await page.waitForTimeout(250);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    const { width } = page.viewportSize();
    const full = Math.min(height, 4000);
    await page.setViewportSize({ width, height: Math.max(844, full) });
    await page.screenshot({ path: `${shots}${name}.png` });
    await page.setViewportSize({ width, height: 844 });
    // Through the debugger, as the page's own policy refuses what is not the gateway's.
    await page.evaluate(axeSource);
    const result = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    const faults = result.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 160)).slice(0, 4).join(' | ')}`);
    assert.deepEqual(faults, [], `${name}: axe`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0, `${name}: scrolls sideways by ${overflow} px`);
    assert.deepEqual(complaints, [], `${name}: the console, or a request to somebody else`);
}
