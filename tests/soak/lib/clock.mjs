// SPDX-License-Identifier: Apache-2.0
// The system's clock as the gateway sees it, in the test's hand (libfaketime); everybody else has the true one.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const library = readdirSync('/usr/lib').map((folder) => join('/usr/lib', folder, 'faketime/libfaketime.so.1')).find((file) => existsSync(file));

export class Clock {
    static possible = library !== undefined;

    /// Keeps how far it is off in a file below `dir`; right at first.
    constructor(dir) {
        this.file = join(dir, 'clock_is_off_by');
        this.step(0);
    }

    /// From now on, within a second, it is so far off.
    step(seconds) {
        writeFileSync(this.file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    }

    /// In front of a program; the monotonic clock and the times of files stay true.
    get wrap() {
        return ['env', 'TZ=UTC', `LD_PRELOAD=${library}`, `FAKETIME_TIMESTAMP_FILE=${this.file}`, 'FAKETIME_CACHE_DURATION=1',
            'FAKETIME_DONT_FAKE_MONOTONIC=1', 'NO_FAKE_STAT=1'];
    }
}
