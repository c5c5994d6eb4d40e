// SPDX-License-Identifier: Apache-2.0
// Plays one scenario; its name is the argument, without one the table of them is printed. tests/netns/run.sh starts this in
// namespaces of its own.

import { play } from './lib/play.mjs';
import { scenarios } from './scenarios.mjs';

const within_ms = 900_000;

const figure = ({ what, first_s, all_s }) => `      ${what}: first ${first_s.toFixed(1)} s, all ${all_s.toFixed(1)} s`;

async function main([name]) {
    if (!name) {
        for (const [known, { about }] of Object.entries(scenarios)) console.log(`${known.padEnd(22)}${about}`);
        return 0;
    }
    if (!Object.hasOwn(scenarios, name)) {
        console.error(`no scenario is called ${name}; the names: ${Object.keys(scenarios).join(' ')}`);
        return 2;
    }
    const watchdog = setTimeout(() => {
        console.error(`not ok ${name}: it did not end within ${within_ms / 1000} s`);
        process.exit(1);
    }, within_ms);
    try {
        const figures = await play(name, scenarios[name]);
        console.log([`ok ${name}`, ...figures.map(figure)].join('\n'));
        return 0;
    } catch (error) {
        console.error(`not ok ${name}: ${error.message}`);
        return 1;
    } finally {
        clearTimeout(watchdog);
    }
}

process.exit(await main(process.argv.slice(2)));
