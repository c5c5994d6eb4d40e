// SPDX-License-Identifier: Apache-2.0
// The package on a booted Debian: installed, serving a charging session, killed, stopped, hardened, updated, purged.
// One life in order; BUSBAR_ROOT is a Debian root with the packages in /root (roots.sh prepares it).

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { CentralSystem } from '../e2e/lib/central_system.mjs';
import { Authority } from '../e2e/lib/certificates.mjs';
import { SshServer, through } from '../e2e/lib/ssh_server.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { Machine, net } from './machine.mjs';

const dir = mkdtempSync(join(tmpdir(), 'busbar-boot-'));
const machine = new Machine(process.env.BUSBAR_ROOT);
const authority = new Authority(join(dir, 'ca'));
let central, support;

const pid = () => machine.property('busbar.service', 'MainPID');
const active = async () => (await machine.property('busbar.service', 'ActiveState')) === 'active';
const pages = async () => (await machine.try('curl', '-sk', 'https://127.0.0.1/api/v1/health')).output.includes('"ok"');
const word = (text, name) => text.match(new RegExp(`^${name}:\\s*(.*)$`, 'm'))[1];

/// Whether a TCP connection to the machine is answered; nothing at all within 2 s is no.
const answers = (host, port) =>
    new Promise((resolve) => {
        const socket = connect({ host, port, timeout: 2000 });
        const end = (yes) => (socket.destroy(), resolve(yes));
        socket.on('connect', () => end(true)).on('timeout', () => end(false)).on('error', () => end(false));
    });

before(async () => {
    central = await CentralSystem.start({ address: '0.0.0.0', certificate: authority.issue({ names: [`IP:${net.here}`] }), passwords: { CP1: 'wallbox-secret-01' } });
    support = await SshServer.start({ dir, keep: (program) => program }, { address: '0.0.0.0' });
    await machine.boot();
}, { timeout: 200_000 });

after(async () => {
    await machine.end();
    await support?.program.kill();
    await central?.goAway();
    rmSync(dir, { recursive: true, force: true });
}, { timeout: 60_000 });

test('it installs, runs and serves its pages at once', async () => {
    await machine.sh('dpkg -i /root/busbar-sim.deb /root/busbar.deb');
    await until('the service', active, 30_000);
    assert.match(await machine.property('busbar.service', 'StatusText'), /no charger is configured yet/);
    assert.equal(await machine.property('busbar.socket', 'ActiveState'), 'active');
    await until('the pages', pages, 30_000);
    assert.match(await machine.do('curl', '-sk', '--compressed', '-H', 'Host: localhost', 'https://127.0.0.1/'), /<html/);
    assert.match(await machine.do('curl', '-si', 'http://127.0.0.1/'), /Location: https:\/\/127\.0\.0\.1/i);
});

test('whom to tell of a vulnerability is what the publisher said', async () => {
    const contact = process.env.BUSBAR_VULNERABILITY_CONTACT;
    const told = await machine.do('curl', '-sk', '-w', '%{http_code}', 'https://127.0.0.1/.well-known/security.txt');
    if (contact) assert.ok(told.split('\n').includes(`Contact: ${contact}`), told);
    else assert.match(told, /404$/);
});

test('it has no privilege', async () => {
    const status = await machine.sh(`cat /proc/${await pid()}/status`);
    const user = await machine.do('id', '-u', 'busbar');
    assert.match(word(status, 'Uid'), new RegExp(`^${user}\\s`));
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) assert.match(word(status, set), /^0+$/, set);
    assert.equal(word(status, 'NoNewPrivs'), '1');
    assert.equal(word(status, 'Seccomp'), '2');
    const groups = await machine.sh('getent group dialout | cut -d: -f3');
    assert.ok(word(status, 'Groups').split(/\s+/).includes(groups));
    assert.match(await machine.sh(`nsenter -t ${await pid()} -m touch /etc/busbar-was-here 2>&1 || true`), /Read-only/);
    const score = await machine.try('systemd-analyze', 'security', '--threshold=16', 'busbar.service');
    assert.equal(score.code, 0, score.output);
    assert.equal(await machine.do('stat', '-c', '%a %U', '/var/lib/busbar'), '750 busbar');
});

test('nothing else listens', async () => {
    const ports = (await machine.do('ss', '-Hltun')).split('\n').filter(Boolean).map((line) => line.split(/\s+/)[4].replace(/.*:/, ''));
    assert.deepEqual([...new Set(ports)].sort(), ['443', '80']);
});

test('the pages answer by Ethernet, and nobody who comes by the modem', async () => {
    assert.ok(await answers(net.there, 443));
    assert.ok(!(await answers(net.gsm_there, 443)));
    assert.ok(!(await answers(net.gsm_there, 80)));
    assert.match(await machine.do('nft', 'list', 'ruleset'), /table inet busbar/);
});

test('a charging session, over a serial line through the sandbox', async () => {
    writeFileSync(join(process.env.BUSBAR_ROOT, 'etc/ca.pem'), readFileSync(authority.file));
    await machine.sh('install -d -o busbar /run/sim');
    await machine.do('systemd-run', '--unit=sim', '--uid=busbar', '/usr/bin/busbar-sim', '--pty', '/run/sim/line', '--box', 'heidelberg:1,plugged=1', '--speed', '20');
    const configuration = {
        central_system: { url: `wss://${net.here}:${central.port}/ocpp`, ca_file: '/etc/ca.pem' },
        web: { https_port: 443, http_port: 80 },
        support: support.settings({ host: net.here }),
        buses: [{ id: 'line', kind: 'rtu', device: '/run/sim/line', baud: 19200, parity: 'none' }],
        chargers: [{ id: 'CP1', bus: 'line', unit_id: 1, profile: 'heidelberg-energy-control', password: 'wallbox-secret-01', authorization: { mode: 'free', id_tag: 'FREE01' } }],
    };
    await machine.sh(`cat > /var/lib/busbar/config.json <<'E'\n${JSON.stringify(configuration)}\nE`);
    await machine.do('systemctl', 'reload', 'busbar');
    await central.next('StartTransaction', { chargePoint: 'CP1', within_ms: 60_000 });
    await central.status('Charging', { chargePoint: 'CP1' });
    await until('the word of it', async () => /1 of 1 charge points connected, 1 charging/.test(await machine.property('busbar.service', 'StatusText')), 30_000);
});

test('support comes through a tunnel that the sandbox lets out, and only while it may', async () => {
    const key = async () => (await machine.try('busbarctl', 'support', 'key')).output.match(/ssh-ed25519 \S+/)?.[0];
    support.welcome(await until('the key', key, 60_000));
    assert.equal(await through(support), undefined);
    await machine.do('busbarctl', 'support', 'on', '10');
    await until('the tunnel', async () => (await through(support)) === 200, 60_000);
    await machine.do('busbarctl', 'support', 'off');
    await until('its end', async () => (await through(support)) === undefined, 30_000);
});

test('an LED of the kernel is lit from within the sandbox, and nothing else below /sys is written', async () => {
    const led = '/sys/devices/virtual/leds/status';
    await machine.sh(`mount -t tmpfs tmpfs /sys/devices/virtual; install -d ${led} /etc/busbar
        echo 0 > ${led}/brightness; chgrp gpio ${led}/brightness; chmod 664 ${led}/brightness; echo 0 > ${led}/max
        echo '{"model": "Test box", "leds": {"status": {"file": "${led}/brightness"}}}' > /etc/busbar/hardware.json`);
    await machine.do('systemctl', 'restart', 'busbar');
    await until('the light', async () => (await machine.do('cat', `${led}/brightness`)) === '1', 30_000);
    const as_daemon = ['nsenter', '-t', await pid(), '-m', 'setpriv', '--reuid=busbar', '--regid=busbar', '--init-groups'];
    assert.equal((await machine.try(...as_daemon, 'tee', `${led}/max`)).code, 1);
    assert.match((await machine.try('nsenter', '-t', await pid(), '-m', 'touch', '/sys/kernel/of-root')).output, /Read-only/);
    await machine.sh('rm -r /etc/busbar');
    await machine.do('systemctl', 'restart', 'busbar');
    await machine.do('umount', '/sys/devices/virtual');
    await until('the charge point', async () => /1 of 1 charge points connected/.test(await machine.property('busbar.service', 'StatusText')), 60_000);
});

test('killed, it is back, and the transaction goes on', async () => {
    const old = await pid();
    await machine.do('kill', '-9', old);
    await until('another process', async () => (await active()) && (await pid()) !== old && (await pid()) !== '0', 60_000);
    await until('the charge point', async () => /1 of 1 charge points connected/.test(await machine.property('busbar.service', 'StatusText')), 60_000);
    assert.equal(central.calls.filter((call) => call.action === 'StartTransaction').length, 1);
    assert.equal(central.calls.filter((call) => call.action === 'StopTransaction').length, 0);
});

test('stopped dead, the watchdog ends it and it is back', async () => {
    const old = await pid();
    await machine.do('kill', '-STOP', old);
    await until('another process', async () => (await active()) && ![old, '0'].includes(await pid()), 150_000);
    assert.match(await machine.journal('busbar.service'), /[Ww]atchdog timeout/);
});

test('a configuration that cannot be used does not loop, and says why', async () => {
    await machine.sh('cp -p /var/lib/busbar/config.json /root/good; echo \'{"chargers": 7}\' > /var/lib/busbar/config.json');
    await machine.try('systemctl', 'restart', 'busbar');
    await until('the end', async () => (await machine.property('busbar.service', 'ActiveState')) === 'failed', 30_000);
    const before_s = await machine.property('busbar.service', 'NRestarts');
    assert.match((await machine.try('systemctl', 'status', 'busbar')).output, /central_system|chargers/);
    for (let n = 0; n < 5; ++n) await machine.try('curl', '-sk', '-m', '2', 'https://127.0.0.1/');
    assert.equal(await machine.property('busbar.service', 'ActiveState'), 'failed');
    assert.equal(await machine.property('busbar.service', 'NRestarts'), before_s);
    assert.equal(await machine.property('busbar-retry.timer', 'ActiveState'), 'active');
    await machine.sh('cp -p /root/good /var/lib/busbar/config.json');
    await machine.do('systemctl', 'start', 'busbar');
    await until('the pages', pages, 30_000);
});

test('ten deaths in a short time and it stays down; the timer tries again', { timeout: 400_000 }, async () => {
    await machine.drop('busbar.service', ['[Unit]', 'StartLimitIntervalSec=90s', '[Service]', 'RestartSec=100ms']);
    await machine.drop('busbar-retry.timer', ['[Timer]', 'OnActiveSec=', 'OnActiveSec=100s']);
    await machine.sh('systemctl reset-failed busbar; systemctl restart busbar');
    const is = (name, value) => machine.property('busbar.service', name).then((now) => now === value);
    let deaths = 0;
    await until('the limit', async () => {
        const now = await pid();
        if (now !== '0' && (await machine.try('kill', '-9', now)).code === 0) ++deaths;
        return is('ActiveState', 'failed');
    }, 90_000);
    assert.ok(deaths >= 10, `${deaths} deaths`);
    assert.ok(await is('Result', 'start-limit-hit') || await is('Result', 'signal'), await machine.property('busbar.service', 'Result'));
    assert.equal(await machine.property('busbar-retry.timer', 'ActiveState'), 'active');
    await until('another try', pages, 200_000);
    await machine.sh('rm -r /run/systemd/system/busbar.service.d /run/systemd/system/busbar-retry.timer.d; systemctl daemon-reload');
});

test('the clock is asked for by the daemon alone', async () => {
    assert.equal(await machine.do('stat', '-c', '%a %U', '/run/busbar/set-clock.sock'), '600 busbar');
});

test('an upgrade keeps the settings, the ports and the transaction', async () => {
    await machine.sh(`echo 'BUSBAR_OPTIONS="--log-level debug"' > /etc/default/busbar`);
    const old = await pid();
    await machine.do('dpkg', '-i', '/root/newer.deb');
    await until('the new one', async () => (await active()) && ![old, '0'].includes(await pid()), 60_000);
    await until('the pages', pages, 30_000);
    assert.match(await machine.sh(`tr '\\0' ' ' < /proc/${await pid()}/cmdline`), /--log-level debug/);
    assert.match(await machine.sh('cat /var/lib/busbar/config.json'), /CP1/);
    assert.match((await machine.try('dpkg', '-i', '/root/busbar.deb')).output, /not downgraded/);
    assert.ok(await active());
});

test('a purge leaves nothing, and nothing runs', async () => {
    await machine.do('dpkg', '--purge', 'busbar');
    assert.equal((await machine.try('pgrep', '-x', 'busbard')).code, 1);
    assert.equal((await machine.try('test', '-e', '/var/lib/busbar')).code, 1);
    assert.doesNotMatch(await machine.do('nft', 'list', 'ruleset'), /busbar/);
    assert.equal(await machine.do('systemctl', 'list-units', '--failed', '--no-legend', '--plain', 'busbar*'), '');
    assert.ok(!(await answers(net.there, 443)));
});
