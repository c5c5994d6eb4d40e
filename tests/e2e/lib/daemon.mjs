// SPDX-License-Identifier: Apache-2.0
// busbard as a test sees it: a configuration file, a state directory, a log, and busbarctl.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Program, run } from './processes.mjs';

export const password = 'wallbox-secret-01';

/// A charger of the configuration with what every test needs; `more` adds and replaces.
export const charger = (id, more = {}) => ({
    id,
    bus: 'line',
    unit_id: 1,
    profile: 'heidelberg-energy-control',
    password,
    authorization: { mode: 'free', id_tag: 'FREE01' },
    poll_interval_ms: 200,
    lost_after_s: 2,
    ...more,
});

export const serialBus = (simulator, id = 'line') => ({ id, kind: 'rtu', device: simulator.device, baud: 19200, parity: 'none' });
export const tcpBus = (simulator, id = 'line') => ({ id, kind: 'tcp', host: '127.0.0.1', port: simulator.port });

export const centralSystem = (central, authority) => ({
    url: central.url,
    ca_file: authority.file,
    reconnect: { first_s: 0.2, max_s: 1 },
});

export class Daemon {
    /// A command in front of busbard's own, which must end in exec.
    wrap = [];

    /// Its files go below `dir`; `configuration` is written as JSON (or as it is, when it is text).
    constructor(dir, configuration) {
        this.config_file = join(dir, 'config.json');
        this.state_dir = join(dir, 'state');
        this.socket = join(this.state_dir, 'control.sock');
        mkdirSync(this.state_dir, { recursive: true });
        this.configure(configuration);
    }

    configure(configuration) {
        writeFileSync(this.config_file, typeof configuration === 'string' ? configuration : JSON.stringify(configuration, null, 2));
    }

    arguments(...more) {
        return ['--config', this.config_file, '--state-dir', this.state_dir, ...more];
    }

    start() {
        this.earlier_log = this.log;
        this.program = new Program('busbard', this.arguments('--log-level', 'debug'), { wrap: this.wrap });
    }

    /// Runs to the end, for arguments that make it stop by itself.
    run(...more) {
        return run('busbard', this.arguments(...more));
    }

    /// Everything logged so far, by this run and those before it.
    get log() {
        return (this.earlier_log ?? '') + (this.program?.output ?? '');
    }

    /// The log's lines with this event, and optionally with these fields.
    events(event, ...fields) {
        return this.log.split('\n').filter((line) => line.includes(` event=${event} `) && fields.every((field) => ` ${line} `.includes(` ${field} `)));
    }

    async status() {
        const { code, output } = await run('busbarctl', ['--socket', this.socket, 'status', '--json']);
        if (code !== 0) throw new Error(`busbarctl status: ${output}`);
        return JSON.parse(output);
    }

    /// The traced frames and exchanges: {n, kind, source, text, cause}.
    async trace() {
        const { code, output } = await run('busbarctl', ['--socket', this.socket, 'trace', '--json']);
        if (code !== 0) throw new Error(`busbarctl trace: ${output}`);
        return output.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
    }

    /// As the power or the kernel would end it.
    kill = () => this.program.kill('SIGKILL');

    /// As an administrator would; gives the exit code.
    async stop() {
        return (await this.program.kill('SIGTERM')).code;
    }
}
