// SPDX-License-Identifier: Apache-2.0
// Updates on a booted Debian, with its dpkg and its systemd: good ones, refused ones, bad ones that are taken back, and the
// power cut at each step, which forgets what was not synchronised. One life in order; BUSBAR_ROOT as for booted.test.mjs,
// BUSBAR_IMAGE its disk.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { ask, get } from '../e2e/lib/api.mjs';
import { CentralSystem } from '../e2e/lib/central_system.mjs';
import { Authority } from '../e2e/lib/certificates.mjs';
import { never, until } from '../e2e/lib/wait.mjs';
import { helper_ms, installedGateway } from './installed.mjs';
import { Machine, net } from './machine.mjs';
import { Releases } from './releases.mjs';

const dir = mkdtempSync(join(tmpdir(), 'busbar-update-'));
const machine = new Machine(process.env.BUSBAR_ROOT, { image: process.env.BUSBAR_IMAGE });
const releases = new Releases(dir, machine.path('root/busbar.deb'));
const authority = new Authority(join(dir, 'ca'));
const gateway = installedGateway(machine, releases, dir);
const { daemon } = gateway;
let central;

const { status, installed, kept, connected, run, begin, rest, isWhole } = gateway;

/// One line to the simulator, which is in the machine.
const tellSim = (words) =>
    new Promise((resolve, reject) => {
        const socket = connect(machine.path('var/lib/sim/control'));
        socket.on('error', reject).on('data', (answer) => (socket.destroy(), resolve(String(answer))));
        socket.write(`${words}\n`);
    });

/// busbarctl update FILE in the machine; {code, output}.
function busbarctl(bundle, ...more) {
    writeFileSync(machine.path('root/new.bundle'), bundle);
    return machine.try('busbarctl', 'update', '/root/new.bundle', ...more);
}

/// A daemon that was taken over: its files go to the helper without its own look at them.
async function slipIn(bundle, { link = false } = {}) {
    writeFileSync(machine.path('root/slipped.bundle'), bundle);
    await machine.sh(`cd /var/lib/busbar/update; rm -f bundle
        ${link ? 'ln -s /root/slipped.bundle bundle' : 'install -o busbar -m 600 /root/slipped.bundle bundle'}
        printf 'format=busbar-request-1\\nid=%s\\n' ${nextId()} > .request; chown busbar .request; mv .request request`);
}
let ids = 0;
const nextId = () => `ab${(++ids).toString(16).padStart(6, '0')}`;

before(async () => {
    central = await CentralSystem.start({ address: '0.0.0.0', certificate: authority.issue({ names: [`IP:${net.here}`] }), passwords: { CP1: 'wallbox-secret-01' } });
    await machine.boot();
}, { timeout: 400_000 });

after(async () => {
    await machine.end();
    await central?.goAway();
    rmSync(dir, { recursive: true, force: true });
}, { timeout: 60_000 });

test('the first installation seeds what it would go back to', async () => {
    await machine.sh('dpkg -i /root/busbar-sim.deb /root/busbar.deb');
    const copy = machine.path('var/lib/busbar-update/current.deb');
    await until('the copy', () => existsSync(copy), 420_000);
    assert.equal(await kept(), await installed());
    assert.match(await machine.do('dpkg-deb', '--contents', '/var/lib/busbar-update/current.deb'), /usr\/bin\/busbard/);
    assert.equal(await machine.do('stat', '-c', '%a %U', '/var/lib/busbar-update/current.deb'), '600 root');
});

test('a package without the keys of a maker takes no update', async () => {
    const { code, output } = await busbarctl(releases.bundle(releases.package('0.1.5')));
    assert.notEqual(code, 0);
    assert.match(output, /No key of an update's maker/);
    await slipIn(releases.bundle(releases.package('0.1.5')));
    const { outcome, code: why } = await rest();
    assert.deepEqual([outcome, why], ['refused', 'no_keys']);
});

test('the package with keys, and a charging session on it', async () => {
    copyFileSync(releases.package('0.2.0'), machine.path('root/keyed.deb'));
    await machine.do('dpkg', '-i', '/root/keyed.deb');
    writeFileSync(machine.path('etc/ca.pem'), readFileSync(authority.file));
    const unit = '[Service]\nUser=busbar\nExecStart=/usr/bin/busbar-sim --pty /var/lib/sim/line --control /var/lib/sim/control --box heidelberg:1 --speed 20\n[Install]\nWantedBy=multi-user.target\n';
    writeFileSync(machine.path('etc/systemd/system/sim.service'), unit);
    await machine.sh('install -d -o busbar /var/lib/sim; systemctl enable --now sim.service');
    const configuration = {
        central_system: { url: `wss://${net.here}:${central.port}/ocpp`, ca_file: '/etc/ca.pem' },
        web: { https_port: 443, http_port: 80 },
        buses: [{ id: 'line', kind: 'rtu', device: '/var/lib/sim/line', baud: 19200, parity: 'none' }],
        chargers: [{ id: 'CP1', bus: 'line', unit_id: 1, profile: 'heidelberg-energy-control', password: 'wallbox-secret-01', authorization: { mode: 'free', id_tag: 'FREE01' } }],
    };
    await machine.sh(`cat > /var/lib/busbar/config.json <<'E'\n${JSON.stringify(configuration)}\nE\nsync`);
    await machine.do('systemctl', 'reload', 'busbar');
    await until('the charge point', connected, 60_000);
    await tellSim('plug 1');
    await central.next('StartTransaction', { chargePoint: 'CP1', within_ms: 60_000 });
});

test('busbarctl brings a release; it waits for the car to leave, then it is installed', async () => {
    const said = await busbarctl(releases.bundle(releases.package('0.3.0')));
    assert.equal(said.code, 0, said.output);
    assert.match(said.output, /State: scheduled[\s\S]*Bundle: 0\.3\.0 .*signed by the current key/);
    await never('the update begins while a car charges', () => existsSync(machine.path('var/lib/busbar/update/request')), 8000);
    assert.equal(await installed(), '0.2.0');
    await tellSim('unplug 1');
    await central.next('StopTransaction', { chargePoint: 'CP1', within_ms: 60_000 });
    await until('the helper', () => status().to === '0.3.0', helper_ms);
    assert.equal((await rest()).outcome, 'installed');
    await isWhole('0.3.0');
    await until('the words of it', async () => /Last: installed, from 0\.2\.0 to 0\.3\.0/.test(await machine.do('busbarctl', 'update', 'status')));
});

test('how it ended is known after a restart of the daemon, and of the machine', async () => {
    await machine.do('systemctl', 'restart', 'busbar');
    await until('the charge point', connected, 60_000);
    assert.equal((await get(daemon, '/update')).last.outcome, 'installed');
    await machine.end();
    await machine.boot();
    await until('the charge point', connected, 120_000);
    const { last, state } = await get(daemon, '/update');
    assert.deepEqual([state, last.outcome, last.from, last.to], ['none', 'installed', '0.2.0', '0.3.0']);
});

test('by the API with a car on the line: the next key signs, and the transaction goes on', async () => {
    await tellSim('plug 1');
    await central.next('StartTransaction', { chargePoint: 'CP1', within_ms: 60_000 });
    const stops = central.select('StopTransaction').length;
    assert.equal((await gateway.upload(releases.bundle(releases.package('0.4.0'), 'keys/next'))).status, 201);
    assert.equal((await ask(daemon, 'POST', '/update/install', { when: 'now' })).status, 202);
    await until('the helper', () => status().to === '0.4.0', helper_ms);
    assert.equal((await rest()).outcome, 'installed');
    await isWhole('0.4.0');
    assert.equal(central.select('StopTransaction').length, stops);
    assert.equal(central.select('StartTransaction').length, 2);
    await tellSim('unplug 1');
    await central.next('StopTransaction', { chargePoint: 'CP1', within_ms: 60_000 });
});

test('the daemon refuses a bundle of a stranger, and says so', async () => {
    const { code, output } = await busbarctl(releases.bundle(releases.package('0.5.0'), 'stranger/current'));
    assert.notEqual(code, 0);
    assert.match(output, /sign/);
});

test('what a daemon that was taken over slips in is refused before anything is touched', async () => {
    const good = releases.package('0.5.0');
    const foreign = process.arch === 'arm64' ? 'amd64' : 'arm64';
    const cases = [
        ['bad_signature', releases.bundle(good, 'stranger/current')],
        ['not_newer', releases.bundle(releases.package('0.4.0'))],
        ['not_newer', releases.bundle(releases.package('0.3.9'))],
        ['wrong_architecture', releases.bundle(releases.altered(good, { Architecture: foreign }))],
        ['missing_dependencies', releases.bundle(releases.altered(good, { Depends: 'busbar-missing' }))],
        ['wrong_package', releases.bundle(releases.altered(good, { Package: 'busbar-other' }))],
        ['bad_spool', releases.bundle(good), { link: true }],
    ];
    const before_run = await run();
    for (const [expected, bundle, how] of cases) {
        await slipIn(bundle, how);
        const { outcome, code, detail } = await rest();
        assert.deepEqual([outcome, code], ['refused', expected]);
        assert.match(detail, /\w+ .*\./, expected);
        await isWhole('0.4.0');
        assert.equal(await run(), before_run, `${expected}: the daemon was not stopped`);
    }
});

test('a release whose daemon dies is taken back', async () => {
    await begin('0.5.0', 'dies');
    await until('the helper', () => status().to === '0.5.0', helper_ms);
    const { outcome, code, detail } = await rest();
    assert.deepEqual([outcome, code], ['rolled_back', 'not_started'], detail);
    assert.doesNotMatch(await machine.journal('busbar-update.service'), /step=restore/, 'its state is good, and stays');
    await isWhole('0.4.0');
    await until('the words of it', async () => /Last: rolled_back, from 0\.4\.0 to 0\.5\.0/.test(await machine.do('busbarctl', 'update', 'status')));
});

test('a release that changed the database and dies is taken back with the database', async () => {
    await begin('0.6.0', 'migrates');
    await until('the helper', () => status().to === '0.6.0', helper_ms);
    assert.equal((await rest()).outcome, 'rolled_back');
    assert.match(await machine.journal('busbar-update.service'), /step=restore/);
    await isWhole('0.4.0');
});

test('a release that damages the database is taken back with the database as it was', async () => {
    const sessions = () => get(daemon, '/chargers/CP1/sessions').then((list) => list.sessions);
    const ended = await sessions();
    assert.equal(ended.length, 2);
    await begin('0.7.0', 'damages');
    await until('the helper', () => status().to === '0.7.0', helper_ms);
    assert.equal((await rest()).outcome, 'rolled_back');
    assert.match(await machine.journal('busbar-update.service'), /step=restore/);
    await isWhole('0.4.0');
    assert.deepEqual(await sessions(), ended);
});

/// Cuts the power `late_ms` after `step` was begun, starts the machine again, and gives the step that the journal named.
/// `keep` is over before anybody sees it: the journal is set to it in the dark.
async function cutAt(step, late_ms = 0) {
    const journal = machine.path('var/lib/busbar-update/journal');
    const now = () => (existsSync(journal) ? readFileSync(journal, 'utf8').match(/^step=(\w+)$/m)?.[1] : undefined);
    const seen = step === 'keep' ? 'watch' : step;
    const deadline = Date.now() + 300_000;
    while (now() !== seen) {
        assert.ok(Date.now() < deadline, `waited in vain for ${seen}: ${now()}`);
        await turn();
    }
    const until_ms = Date.now() + late_ms;
    while (Date.now() < until_ms) await turn();
    await machine.cutPower();
    if (seen !== step) writeFileSync(journal, readFileSync(journal, 'utf8').replace(`step=${seen}`, `step=${step}`));
    const cut = now();
    await machine.boot({ settled: false });
    return cut;
}

/// The course that leads to each step: what the release does, and how it may end when the power goes there.
const cuts = [
    ['stop', 'good', ['not_installed']],
    ['copy_state', 'good', ['not_installed']],
    ['install', 'good', ['installed']],
    ['install', 'good', ['installed'], 400],
    ['install', 'good', ['installed'], 1500],
    ['watch', 'good', ['installed']],
    ['watch', 'good', ['installed'], 6000],
    ['keep', 'good', ['installed']],
    ['roll_back', 'ends', ['rolled_back']],
    ['roll_back', 'ends', ['rolled_back'], 1000],
    ['watch_old', 'ends', ['rolled_back'], 500],
    ['restore', 'migrates', ['rolled_back']],
    ['watch_restored', 'migrates', ['rolled_back'], 500],
];

let minor = 10;
let base = '0.4.0';
for (const [step, behaviour, outcomes, late_ms] of cuts) {
    test(`the power is cut at ${step}${late_ms ? `, ${late_ms} ms on` : ''}: a working version runs`, { timeout: 900_000 }, async () => {
        const version = `0.${minor++}.0`;
        await begin(version, behaviour === 'good' ? undefined : behaviour);
        assert.equal(await cutAt(step, late_ms), step, 'it was cut there');
        const { outcome, code } = await rest();
        assert.ok(outcomes.includes(outcome), `${outcome} ${code}\n${await machine.journal('busbar-update.service')}`);
        if (outcome === 'installed') base = version;
        await isWhole(base);
        await until('the words of it', async () => (await get(daemon, '/update')).last.to === version);
    });
}

test('a state that cannot be copied changes nothing, and the power cut there neither', { timeout: 900_000 }, async () => {
    await machine.sh('ln -s /etc/shadow /var/lib/busbar/link');
    await begin(`0.${minor++}.0`);
    assert.equal(await cutAt('resume_old'), 'resume_old');
    assert.equal((await rest()).outcome, 'not_installed');
    await machine.sh('rm /var/lib/busbar/link');
    await isWhole(base);
});

test('a helper that fails again and again is left alone for an hour, and tried again', { timeout: 900_000 }, async () => {
    await machine.drop('busbar-update.service', ['[Unit]', 'StartLimitIntervalSec=30s']);
    await machine.drop('busbar-update.timer', ['[Timer]', 'OnUnitInactiveSec=', 'OnUnitInactiveSec=40s']);
    await machine.do('systemctl', 'restart', 'busbar-update.timer');
    await machine.sh('chmod 777 /var/lib/busbar-update');
    await slipIn(releases.bundle(releases.package('0.99.0'), 'stranger/current'));
    await until('the path unit to give up', async () => (await machine.property('busbar-update.path', 'Result')) === 'unit-start-limit-hit', 60_000);
    await machine.sh('chmod 755 /var/lib/busbar-update');
    assert.equal((await rest()).code, 'bad_signature');
    assert.equal(await machine.property('busbar-update.path', 'ActiveState'), 'active', 'the next release is seen at once again');
});

test('a purge leaves nothing of all that', async () => {
    await machine.do('dpkg', '--purge', 'busbar');
    for (const path of ['var/lib/busbar', 'var/lib/busbar-update', 'usr/share/busbar/update-keys']) assert.ok(!existsSync(machine.path(path)), path);
    assert.equal(await machine.do('systemctl', 'list-units', '--failed', '--no-legend', '--plain', 'busbar*'), '');
});
