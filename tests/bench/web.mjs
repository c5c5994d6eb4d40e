// SPDX-License-Identifier: Apache-2.0
// The API beside 32 chargers that charge: how long a read takes, beside the same bytes from Node's own server, and what the
// server adds to the daemon's memory. tests/bench/run.sh web

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { fileURLToPath } from 'node:url';

import { Bench } from '../e2e/lib/bench.mjs';
import { installer, opened } from '../e2e/lib/browser.mjs';
import { centralSystem, charger, password, tcpBus } from '../e2e/lib/daemon.mjs';
import { freePort } from '../e2e/lib/free_port.mjs';
import { until } from '../e2e/lib/wait.mjs';

const buses = 4;
const units = 8;
const reads = 3000;
const paths = ['/status', '/uplinks', '/configuration', '/chargers/CP1-1/history', '/profiles'];
const idOf = (bus, unit) => `CP${bus}-${unit}`;

/// Node's own HTTPS server, in a process of its own: what a read costs that does nothing.
async function peer({ certificate, key, body }) {
    const server = https.createServer({ cert: certificate, key }, (_, response) => response.setHeader('Content-Type', 'application/json').end(body));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    process.send(server.address().port);
}

/// Times in ms of one read after the other on one connection, shortest first; the first hundred only warm up.
async function timed(port, path, headers = {}) {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
    const times = [];
    for (let count = -100; count < reads; ++count) {
        const began = performance.now();
        await new Promise((resolve, reject) => {
            const request = https.get({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
                if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode}`));
                response.on('end', resolve).resume();
            });
            request.on('error', reject);
        });
        if (count >= 0) times.push(performance.now() - began);
    }
    agent.destroy();
    return times.sort((one, other) => one - other);
}

const quantile = (times, part) => times[Math.floor(part * (times.length - 1))];
const row = (...cells) => console.log(cells.map((cell, index) => String(cell).padEnd(index === 0 ? 34 : 12)).join(''));

async function timesBeside(made, port, browser, authority) {
    const issued = authority.issue();
    row('read', 'bytes', 'p50 ms', 'p99 ms', 'Node p50', 'Node p99', 'p50 ratio');
    for (const path of paths) {
        const headers = { Cookie: browser.cookie };
        const { text } = await browser.api('GET', path);
        const other = made.keep(fork(fileURLToPath(import.meta.url), ['peer']), () => other.kill());
        other.send({ certificate: issued.cert, key: issued.key, body: text });
        const [otherPort] = await once(other, 'message');
        const [ours, theirs] = [await timed(port, `/api/v1${path}`, headers), await timed(otherPort, '/')];
        other.kill();
        const figures = [quantile(ours, 0.5), quantile(ours, 0.99), quantile(theirs, 0.5), quantile(theirs, 0.99)];
        row(`GET ${path}`, text.length, ...figures.map((figure) => figure.toFixed(2)), (figures[0] / figures[2]).toFixed(2));
    }
}

async function chargingSite(made, web) {
    const authority = made.authority();
    const boxes = Array.from({ length: units }, (_, index) => `heidelberg:${index + 1}`);
    const lines = [];
    for (let bus = 1; bus <= buses; ++bus) lines.push(await made.simulator({ boxes }, `line${bus}`));
    const chargers = lines.flatMap((_, bus) => boxes.map((_box, unit) => charger(idOf(bus + 1, unit + 1), { bus: `line${bus + 1}`, unit_id: unit + 1, poll_interval_ms: 1000 })));
    const passwords = Object.fromEntries(chargers.map(({ id }) => [id, password]));
    const central = await made.central({ certificate: authority.issue(), passwords });
    const daemon = made.daemon({
        central_system: centralSystem(central, authority),
        buses: lines.map((line, bus) => tcpBus(line, `line${bus + 1}`)),
        chargers,
        ...(web && { web }),
    });
    daemon.start();
    for (const { id } of chargers) await central.status('Available', { chargePoint: id });
    for (const line of lines) for (let unit = 1; unit <= units; ++unit) await line.plug(unit);
    for (const { id } of chargers) await central.status('Charging', { chargePoint: id });
    return { daemon, authority };
}

const kilobytes = (daemon, what) => Number(readFileSync(`/proc/${daemon.program.child.pid}/smaps_rollup`, 'utf8').match(new RegExp(`^${what}:\\s+(\\d+)`, 'm'))[1]);

/// Proportional memory of an idle daemon, without pages and with them once four browsers have used them.
async function memory() {
    const idle = { central_system: { url: 'wss://127.0.0.1:1/ocpp' }, buses: [], chargers: [] };
    const measure = async (web) => {
        const made = new Bench();
        try {
            const daemon = made.daemon({ ...idle, ...(web && { web }) });
            daemon.start();
            await until('its start', () => daemon.events('started').length > 0);
            if (web) {
                const boss = await installer(daemon, web.https_port);
                for (let browser = 0; browser < 4; ++browser) await boss.stream('/events?topics=status');
                for (let count = 0; count < 200; ++count) await boss.api('GET', '/status');
            }
            return kilobytes(daemon, 'Pss');
        } finally {
            await made.end();
        }
    };
    const without = await measure();
    const withPages = await measure({ listen: '127.0.0.1', https_port: await freePort() });
    row('memory (Pss) without pages', `${without} kB`);
    row('... with, 4 browsers', `${withPages} kB`, `+${withPages - without} kB`, 'wanted: under 4096 kB more');
}

async function main() {
    const made = new Bench();
    try {
        const port = await freePort();
        const { daemon, authority } = await chargingSite(made, { listen: '127.0.0.1', https_port: port });
        await opened(daemon, port);
        console.log(`${buses * units} chargers charging, ${reads} reads each, one after the other on one connection; wanted: p99 under 5 ms`);
        await timesBeside(made, port, await installer(daemon, port), authority);
    } finally {
        await made.end();
    }
    await memory();
}

if (process.argv[2] === 'peer') process.once('message', peer);
else await main();
