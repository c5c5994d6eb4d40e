// SPDX-License-Identifier: Apache-2.0
// The system's clock as the gateway sees it, in the test's hand (wrong_clock.cpp); everybody else has the true one.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { programs } from '../../e2e/lib/processes.mjs';

const library = join(programs, 'libbusbar_wrong_clock.so');

export class Clock {
    static possible = existsSync(library);

    /// Keeps how far it is off in a file below `dir`; right at first.
    constructor(dir) {
        this.file = join(dir, 'clock_is_off_by');
        this.step(0);
    }

    /// From now on it is so far off.
    step(seconds) {
        const offset = Buffer.alloc(8);
        offset.writeBigInt64LE(BigInt(seconds));
        writeFileSync(this.file, offset, { flag: existsSync(this.file) ? 'r+' : 'w' });
    }

    /// In front of a program.
    get wrap() {
        return ['env', `LD_PRELOAD=${library}`, `BUSBAR_CLOCK_FILE=${this.file}`];
    }
}
