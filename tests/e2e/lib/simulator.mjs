// SPDX-License-Identifier: Apache-2.0
// busbar-sim as a test sees it: one line of simulated chargers, worked through its control socket.

import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { Program } from './processes.mjs';
import { until } from './wait.mjs';

const current_register = 261; // 0.1 A, the maximum current command of the Heidelberg map

function portOf({ pty, tunnel, udp, device, address = '127.0.0.1' }) {
    if (pty) return ['--pty', device];
    if (udp) return ['--udp', udp, '--reply-port', '7090'];
    return [tunnel ? '--rtu-over-tcp' : '--tcp', `${address}:0`];
}

export class Simulator {
    /// `line`: {pty: true} (with `ascii` Modbus ASCII), {tcp: true}, {tunnel: true} (RTU frames over TCP) or {udp: 'address:port'},
    /// `address` to listen at for TCP,
    /// boxes: ['heidelberg:1,battery_wh=5000'], speed; its files go below `dir`. `wrap`: as for Program.
    static async start(dir, name, { pty, ascii = false, tunnel = false, udp, address, boxes, speed = 1, wrap = [] }) {
        const simulator = new Simulator();
        const control = join(dir, `${name}.sock`);
        simulator.device = join(dir, `${name}.pty`);
        simulator.program = new Program('busbar-sim', [
            ...portOf({ pty, tunnel, udp, address, device: simulator.device }),
            ...(ascii ? ['--ascii'] : []),
            ...boxes.flatMap((box) => ['--box', box]),
            '--control', control, '--speed', String(speed),
        ], { wrap });
        const [, , port] = await simulator.program.says(/^ready (\S+) .*?(?::(\d+))?$/m);
        simulator.port = Number(port);
        simulator.#connect(control);
        return simulator;
    }

    #socket;
    #waiting = [];

    #connect(path) {
        this.#socket = net.connect(path);
        this.#socket.on('error', () => {});
        createInterface({ input: this.#socket }).on('line', (line) => this.#waiting.shift()?.(line));
    }

    /// Sends one line of the control language; gives the JSON behind "ok", if any.
    async tell(...words) {
        const answered = new Promise((resolve) => this.#waiting.push(resolve));
        this.#socket.write(`${words.join(' ')}\n`);
        const answer = await answered;
        if (!/^ok\b/.test(answer)) throw new Error(`busbar-sim: ${words.join(' ')}: ${answer}`);
        return answer === 'ok' ? undefined : JSON.parse(answer.slice(3));
    }

    plug = (unit = 1) => this.tell('plug', unit);
    unplug = (unit = 1) => this.tell('unplug', unit);
    show = (unit = 1) => this.tell('show', unit);

    /// Values written to the maximum current register, oldest first.
    async currents(unit = 1) {
        const writes = await this.tell('writes', unit);
        return writes.filter((write) => write.address === current_register).map((write) => write.value);
    }

    /// Waits until what the box shows satisfies `condition`; gives what it shows then.
    async shows(what, condition, unit = 1, within_ms = undefined) {
        let shown;
        return until(
            () => `box ${unit} to show ${what}; it shows ${JSON.stringify(shown)}`,
            async () => condition((shown = await this.show(unit))) && shown,
            within_ms,
        );
    }

    /// Waits until register 261 holds `amps`.
    limit = (amps, unit = 1, within_ms = undefined) => this.shows(`${amps} A set`, (box) => box.current_set_a === amps, unit, within_ms);

    async stop() {
        this.#socket?.destroy();
        await this.program.kill('SIGTERM');
    }
}
