// SPDX-License-Identifier: Apache-2.0
// Measures one figure of one system on a bed of its own and prints it. Arguments: SYSTEM FIGURE.

import { Bed } from './lib/bed.mjs';
import { figures, systems } from './lib/figures.mjs';

const [system, figure] = process.argv.slice(2);
const { network_manager, way } = systems[system];
const { measure, failover } = figures[figure];

const bed = new Bed();
try {
    await bed.set({ ids: ['lan', 'wifi', 'gsm'], failover, network_manager });
    bed.way = () => way(bed);
    await bed.start();
    console.log(await measure(bed));
} catch (error) {
    console.log(`failed: ${error.message.split('\n')[0]}`);
} finally {
    await bed.end();
}
process.exit(0);
