// SPDX-License-Identifier: Apache-2.0
// The measuring central system and the programs it starts.

import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { programs } from '../../e2e/lib/processes.mjs';
import { until } from '../../e2e/lib/wait.mjs';

export class Driver {
    #waiting = [];

    /// Its files, and the output of what it starts, go below `dir`.
    static async start(dir, authority) {
        const driver = new Driver();
        const { key, cert } = authority.issue({ key: 'ec' });
        writeFileSync(join(dir, 'driver.pem'), cert);
        writeFileSync(join(dir, 'driver.key'), key);
        driver.output = join(dir, 'driver.log');
        driver.child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', join(programs, 'busbar_bench_central'), join(dir, 'driver.pem'), join(dir, 'driver.key')], {
            stdio: ['pipe', 'pipe', openSync(driver.output, 'a')],
        });
        createInterface({ input: driver.child.stdout }).on('line', (line) => driver.#waiting.shift()?.(JSON.parse(line)));
        const { port } = await new Promise((resolve) => driver.#waiting.push(resolve));
        driver.port = port;
        return driver;
    }

    /// One request, its answer.
    async tell(...words) {
        const answered = new Promise((resolve) => this.#waiting.push(resolve));
        this.child.stdin.write(`${words.join(' ')}\n`);
        const answer = await answered;
        if (answer.error) throw new Error(`driver: ${words.join(' ')}: ${answer.error}\n${readFileSync(this.output, 'utf8').slice(-2000)}`);
        return answer;
    }

    /// Starts a program; gives its process id. Times count from here.
    run = async (name, ...args) => (await this.tell('run', join(programs, name), ...args)).pid;
    end = (pid, signal = 15) => this.tell('end', pid, signal);
    show = () => this.tell('show');

    /// Waits until what it shows satisfies `condition`.
    async shows(what, condition, within_ms = 120_000) {
        let shown;
        return until(
            () => `the central system to show ${what}; it shows ${JSON.stringify(shown)}`,
            async () => condition((shown = await this.show())) && shown,
            within_ms,
        );
    }

    stop() {
        this.child.kill('SIGKILL');
    }
}
