// SPDX-License-Identifier: Apache-2.0
// The demo: opens the scene, tells the story, and (without --once) leaves the stage to the person at the terminal.

import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';

import { limitTo } from '../../tests/e2e/lib/charging.mjs';
import { programs } from '../../tests/e2e/lib/processes.mjs';
import { Narrator } from './narrator.mjs';
import { Scene } from './scene.mjs';
import { steps } from './story.mjs';

const once = process.argv.includes('--once');
const narrator = new Narrator();

/// Shows what the trace has gained since the last look.
async function tellNews(scene, seen) {
    const events = (await scene.daemon.trace()).filter((event) => event.n > seen.last);
    seen.last = events.at(-1)?.n ?? seen.last;
    narrator.show(events);
}

async function tellStory(scene) {
    const memory = {};
    const seen = { last: 0 };
    for (const { title, act } of steps) {
        narrator.step(title);
        const results = [];
        await act(scene.stations, memory, (text) => results.push(text));
        await tellNews(scene, seen);
        results.forEach((text) => narrator.good(text));
    }
    if (scene.central.problems.length > 0) throw new Error(`the central system found: ${scene.central.problems.join('; ')}`);
    const total = Object.values(memory).reduce((sum, { energy }) => sum + energy, 0);
    narrator.heading(`${Object.keys(memory).length} transactions, ${(total / 1000).toFixed(2)} kWh metered, every limit was in its register and came back.`);
    return seen;
}

function help({ daemon, stations }) {
    const ctl = `${programs}/busbarctl --socket ${daemon.socket}`;
    narrator.heading('The scene stays open. Type here:');
    narrator.note(`plug NAME | unplug NAME | start NAME | limit NAME AMPS      (NAME: ${Object.keys(stations).join(', ')})`);
    narrator.heading('Look further from another terminal:');
    narrator.note(`${ctl} status`);
    narrator.note(`${ctl} trace`);
    narrator.note(`less ${daemon.config_file}      the configuration; config/README.md explains it`);
    narrator.note('Ctrl-C ends it.');
}

const commands = {
    plug: (station) => station.plug(),
    unplug: (station) => station.unplug(),
    start: (station) => station.call('RemoteStartTransaction', { connectorId: 1, idTag: 'APP-USER-7' }),
    limit: (station, amps) => station.call('SetChargingProfile', limitTo(Number(amps), { purpose: 'TxDefaultProfile' })),
};

async function obey(scene, line) {
    const [verb, name, ...rest] = line.trim().split(/\s+/);
    const station = scene.stations[name?.toUpperCase()];
    if (!commands[verb] || !station) return help(scene);
    return commands[verb](station, ...rest);
}

async function leaveOpen(scene, seen, stopped) {
    help(scene);
    const keyboard = createInterface({ input: process.stdin });
    keyboard.on('line', (line) => obey(scene, line).catch((error) => narrator.note(error.message)));
    const watch = setInterval(() => tellNews(scene, seen).catch(() => {}), 1000);
    await stopped;
    clearInterval(watch);
    keyboard.close();
}

/// Gives the exit code; what it opened is left to be closed.
async function play(scene) {
    const stopped = new Promise((resolve) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, resolve)));
    const interrupted = stopped.then(() => 'interrupted');
    try {
        narrator.heading('Busbar: chargers that speak Modbus, a central system that speaks OCPP 1.6J over TLS, and the gateway between');
        const outcome = await Promise.race([scene.open().then(() => tellStory(scene)), interrupted]);
        if (outcome === 'interrupted') return once ? 130 : 0;
        if (!once) await leaveOpen(scene, outcome, stopped);
        return 0;
    } catch (error) {
        console.error(`\nThe story broke off: ${error.message}\n\n${scene.bench.story()}`);
        return 1;
    }
}

async function main() {
    const scene = new Scene();
    const code = await play(scene);
    await scene.close();
    if (!existsSync(scene.bench.dir)) return code;
    console.error(`left behind: ${scene.bench.dir}`);
    return 1;
}

process.exit(await main());
