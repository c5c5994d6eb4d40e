// SPDX-License-Identifier: Apache-2.0
// A machine booted from a Debian root by systemd-nspawn, with a network of its own to this one.

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../e2e/lib/processes.mjs';
import { until } from '../e2e/lib/wait.mjs';

/// This side and the machine's, of its Ethernet and of what it takes for a modem.
export const net = {
    here: '10.213.7.1',
    there: '10.213.7.2',
    gsm_here: '10.213.8.1',
    gsm_there: '10.213.8.2',
};

/// What a file system knows of a power cut: FS_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH. What was not synchronised is gone.
const forget = 'import fcntl,os,struct,sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack("I", 2))';

/// SIGRTMIN+4, systemd's word for power off.
const poweroff = 38;

const ip = (...args) => execFileSync('ip', args, { stdio: 'pipe' });

export class Machine {
    output = '';

    /// `image`: the file of the disk that is mounted at `root`, whose caches a power cut takes too; without one it spares them.
    constructor(root, { image } = {}) {
        this.root = root;
        this.image = image;
    }

    /// Gives it power. `settled`: waits until systemd has done all that a start begins.
    async boot({ settled = true } = {}) {
        this.name = `bb${process.pid}`;
        this.output = '';
        this.child = spawn('systemd-nspawn', ['-q', '-D', this.root, '--machine', this.name, '--register=no', '--keep-unit', '--network-veth', '-b'], { stdio: ['ignore', 'pipe', 'pipe'] });
        for (const stream of [this.child.stdout, this.child.stderr]) stream.setEncoding('utf8').on('data', (text) => (this.output += text));
        this.pid = await until(() => `a first process; the machine said:\n${this.output}`, () => this.#leader(), 60_000);
        await this.#wire();
        const states = settled ? /running|degraded/ : /running|degraded|starting/;
        await until(() => `the machine to be up; it said:\n${this.output}`, async () => states.test((await this.try('systemctl', 'is-system-running')).output), 240_000);
    }

    /// Its networks, while it is still starting: what waits for one must not wait for us.
    async #wire() {
        ip('addr', 'add', `${net.here}/24`, 'dev', `ve-${this.name}`);
        ip('link', 'set', `ve-${this.name}`, 'up');
        await this.sh(`ip addr add ${net.there}/24 dev host0; ip link set host0 up`);
        ip('link', 'add', `gs-${this.name}`, 'type', 'veth', 'peer', 'name', 'wwan0', 'netns', String(this.pid));
        ip('addr', 'add', `${net.gsm_here}/24`, 'dev', `gs-${this.name}`);
        ip('link', 'set', `gs-${this.name}`, 'up');
        await this.sh(`ip addr add ${net.gsm_there}/24 dev wwan0; ip link set wwan0 up`);
    }

    /// Takes its power away: all processes are held, so that none sees another's end, the disk takes no more, and then there
    /// are none.
    async cutPower() {
        const space = (pid) => readlinkSync(`/proc/${pid}/ns/pid`);
        for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)) {
            try {
                if (pid !== this.pid && space(pid) === space(this.pid)) process.kill(pid, 'SIGSTOP');
            } catch {
                // it has ended by itself
            }
        }
        if (this.image) execFileSync('python3', ['-c', forget, this.root]);
        process.kill(this.pid, 'SIGKILL');
        await until('the machine to be dark', () => this.#ended, 30_000);
        if (this.image) await this.#mountAgain();
    }

    /// The disk as the cut has left it: once nothing of the old mount lives, its journal is played and the whole looked through.
    async #mountAgain() {
        const free = () => execFileSync('losetup', ['--associated', this.image], { encoding: 'utf8' }) === '';
        await until('nobody to hold the disk', () => run('/usr/bin/umount', [this.root]).then(({ code }) => code === 0), 30_000);
        await until('the disk to be free', free, 30_000);
        execFileSync('mount', ['-o', 'loop', this.image, this.root]);
        execFileSync('umount', [this.root]);
        await until('the disk to be free', free, 30_000);
        execFileSync('e2fsck', ['-f', '-n', this.image], { stdio: 'pipe' });
        execFileSync('mount', ['-o', 'loop', this.image, this.root]);
    }

    get #ended() {
        return this.child.exitCode !== null || this.child.signalCode !== null;
    }

    /// Its pid 1 as we see it: the only child of the nspawn process.
    #leader() {
        try {
            const [pid] = readFileSync(`/proc/${this.child.pid}/task/${this.child.pid}/children`, 'utf8').trim().split(' ');
            return pid && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'systemd' ? Number(pid) : undefined;
        } catch {
            return undefined;
        }
    }

    /// A path of the machine, from here.
    path = (...steps) => join(this.root, ...steps);

    /// {code, output} of a command in the machine.
    try(...command) {
        const environment = ['/usr/bin/env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LC_ALL=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive'];
        return run('/usr/bin/nsenter', ['-t', String(this.pid), '-m', '-u', '-i', '-n', '-p', '-r', '-w', '--', ...environment, ...command], { within_ms: 180_000 });
    }

    /// The output of a command that must succeed.
    async do(...command) {
        const { code, output } = await this.try(...command);
        if (code !== 0) throw new Error(`${command.join(' ')}: exit ${code}\n${output}`);
        return output.trim();
    }

    sh = (script) => this.do('sh', '-ec', script);

    /// One property of a unit.
    property = (unit, name) => this.do('systemctl', 'show', '--value', '--property', name, unit);

    /// Other settings for a unit until the machine ends.
    async drop(unit, settings) {
        await this.sh(`install -d /run/systemd/system/${unit}.d; cat > /run/systemd/system/${unit}.d/test.conf <<'E'\n${settings.join('\n')}\nE\nsystemctl daemon-reload`);
    }

    journal = (unit) => this.do('journalctl', '--no-pager', '--boot', '--unit', unit);

    async end() {
        if (!this.child || this.#ended) return;
        if (this.pid) process.kill(this.pid, poweroff);
        await until('the machine to go down', () => this.#ended, 20_000).catch(() => this.child.kill('SIGKILL'));
    }
}
