// SPDX-License-Identifier: Apache-2.0
// Do the tests notice a fault? Plants one small fault after another in a copy of the sources, builds the layer's unit tests
// and runs them. A fault that no test notices survives and is printed with its place.
//
//     node tests/proof/mutants.mjs [--layer ocpp|adapters] [--file NAME] [--count N] [--seed N] [--workers N] [--list]
import {execFileSync, spawn} from 'node:child_process';
import {copyFileSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {faultsOf} from './faults.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const testsOf = {ocpp: ['ocpp_tests'], adapters: ['adapters_tests', 'adapters_models_tests']};
const deadlineMs = 120_000;

const {values: asked} = parseArgs({
    options: {
        layer: {type: 'string', default: 'ocpp'},
        file: {type: 'string'},
        count: {type: 'string', default: '100'},
        seed: {type: 'string', default: '1'},
        workers: {type: 'string', default: '2'},
        list: {type: 'boolean', default: false},
    },
});
if (!testsOf[asked.layer]) throw new Error(`--layer is one of ${Object.keys(testsOf).join(', ')}, not '${asked.layer}'`);

/// Small numbers in an order of their own for each seed (mulberry32).
function randomOf(seed) {
    let state = seed >>> 0;
    return below => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    };
}

function chosen() {
    const names = asked.file ? [asked.file] : readdirSync(join(root, asked.layer)).filter(name => name.endsWith('.cpp'));
    const all = names.flatMap(name => faultsOf(join(asked.layer, name), readFileSync(join(root, asked.layer, name), 'utf8')));
    const random = randomOf(Number(asked.seed));
    for (let last = all.length - 1; last > 0; --last) {
        const other = random(last + 1);
        [all[last], all[other]] = [all[other], all[last]];
    }
    return {faults: all.slice(0, Number(asked.count)), possible: all.length};
}

/// A copy of the tracked sources with a build of its own, so that the tree at hand stays as it is.
class Bench {
    constructor(number) {
        this.source = join(root, 'build/mutants', String(number));
        for (const file of execFileSync('git', ['ls-files', '-z'], {cwd: root, encoding: 'utf8'}).split('\0').filter(Boolean)) this.copy(file);
        execFileSync('cmake', ['-S', this.source, '-B', join(this.source, 'build'), '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug',
            '-DCMAKE_CXX_FLAGS=-O0', '-DCMAKE_CXX_FLAGS_DEBUG=', '-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld', '-DBUSBAR_WERROR=OFF'],
        {stdio: 'ignore'});
    }

    /// Only what differs, so that what was built from the rest stays good.
    copy(file) {
        const from = join(root, file);
        const to = join(this.source, file);
        if (!existsSync(from) || !lstatSync(from).isFile()) return;
        if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) return;
        mkdirSync(dirname(to), {recursive: true});
        copyFileSync(from, to);
    }

    build() {
        return run('ninja', ['-C', join(this.source, 'build'), ...testsOf[asked.layer]], 1_200_000);
    }

    async test() {
        for (const name of testsOf[asked.layer]) {
            const result = await run(join(this.source, 'build/bin', name), ['--gtest_brief=1', '--gtest_fail_fast'], deadlineMs);
            if (result !== 0) return result;
        }
        return 0;
    }

    /// 'noticed', 'survived' or 'invalid' (does not compile).
    async tryFault(fault) {
        const path = join(this.source, fault.file);
        const whole = readFileSync(path, 'utf8');
        writeFileSync(path, fault.planted(whole));
        const built = await this.build();
        const tested = built === 0 ? await this.test() : null;
        writeFileSync(path, whole);
        return built !== 0 ? 'invalid' : tested === 0 ? 'survived' : 'noticed';
    }
}

/// The exit code; a program that outlives its deadline or dies of a signal counts as failed.
function run(program, args, timeout) {
    return new Promise(done => {
        const child = spawn(program, args, {stdio: 'ignore', timeout, killSignal: 'SIGKILL'});
        child.on('exit', code => done(code ?? 1));
    });
}

const {faults, possible} = chosen();
if (asked.list) {
    for (const fault of faults) console.log(fault.words);
    process.exit(0);
}
const counts = {noticed: 0, survived: 0, invalid: 0};
let next = 0;
async function work(number) {
    const bench = new Bench(number);
    if (await bench.build() !== 0) throw new Error(`the sources do not build without a fault: ninja -C ${bench.source}/build`);
    if (await bench.test() !== 0) throw new Error('the tests fail without a fault: mend them first');
    while (next < faults.length) {
        const fault = faults[next++];
        const fate = await bench.tryFault(fault);
        ++counts[fate];
        if (fate === 'survived') console.log(`survived  ${fault.words}`);
    }
}
await Promise.all(Array.from({length: Number(asked.workers)}, (_, number) => work(number)));

const valid = counts.noticed + counts.survived;
console.log(`${asked.layer}: ${valid} faults of ${possible} possible, seed ${asked.seed}: ${counts.noticed} noticed, ` +
            `${counts.survived} survived (${(100 * counts.survived / Math.max(valid, 1)).toFixed(1)} %); ${counts.invalid} did not compile`);
process.exit(counts.survived > 0 ? 1 : 0);
