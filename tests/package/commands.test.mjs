// SPDX-License-Identifier: Apache-2.0
// What the programs say of themselves, their manual pages and the completion name the same verbs and options.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { programs } from '../e2e/lib/processes.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = (name) => readFileSync(`${root}/packaging/man/${name}`, 'utf8');
const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

function help(program, verb) {
    return execFileSync(`${programs}/${program}`, [...verb, '--help'], { encoding: 'utf8' });
}

/// "profile try --once", and "profile try" itself: every verb and option below `verb`.
function spoken(program, verb = []) {
    const text = help(program, verb);
    const options = all(text, /^ +(?:-\w,)?(--[\w-]+)/gm).filter((option) => verb.length === 0 || option !== '--help');
    const verbs = all(text.split('\nSubcommands:\n')[1]?.split('\n\n')[0] ?? '', /^ {2}([\w-]+)/gm);
    return [...options.map((option) => [...verb, option].join(' ')), ...verbs.flatMap((next) => [[...verb, next].join(' '), ...spoken(program, [...verb, next])])];
}

/// The same as a page's `.It Ic verb` and `.It Fl -option` have it.
function documented(text) {
    let verb = '';
    const names = [];
    for (const [, kind, rest] of text.matchAll(/^\.It (Ic|Fl) (.*)$/gm)) {
        if (kind === 'Ic') names.push((verb = rest.match(/^[a-z-]+(?: [a-z-]+)*/)[0]));
        else names.push(`${verb} -${rest.split(' ')[0]}`.trim());
    }
    return names;
}

function completed(words) {
    const script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _busbarctl; printf "%s\\n" "${COMPREPLY[@]}"';
    const said = execFileSync('bash', ['-c', script, 'bash', `${root}/packaging/completion/busbarctl`, 'busbarctl', ...words], { encoding: 'utf8' });
    return said.split('\n').filter(Boolean);
}

/// What the completion offers after each verb there is.
function offered(verb = []) {
    const options = completed([...verb, '-']).filter((option) => verb.length === 0 || !completed(['-']).includes(option));
    const script = 'source "$1"; printf "%s" "${_busbarctl_words[${2:-top}]-}"';
    const verbs = execFileSync('bash', ['-c', script, 'bash', `${root}/packaging/completion/busbarctl`, verb.join(' ')], { encoding: 'utf8' }).split(' ').filter(Boolean);
    for (const next of verbs) assert.ok(completed([...verb, next]).includes(next), next);
    return [...options.map((option) => [...verb, option].join(' ')), ...verbs.flatMap((next) => [[...verb, next].join(' '), ...offered([...verb, next])])];
}

for (const [program, file] of [['busbarctl', 'busbarctl.1'], ['busbard', 'busbard.8'], ['busbar-sim', 'busbar-sim.1']]) {
    test(`${file} has every verb and option of ${program}, and no other`, () => {
        assert.deepEqual(documented(page(file)).sort(), spoken(program).sort());
    });
}

test('the completion offers every verb and option of busbarctl, and no other', () => {
    assert.deepEqual(offered().sort(), spoken('busbarctl').sort());
});

test('the exit codes of the pages are those that the programs tell', () => {
    const codes = (text) => all(text, /^\.It (\d+)$/gm);
    const told = (program) => all(help(program, []).split('\nExit:')[1], /\b(\d+) [a-z]/g);
    assert.deepEqual(codes(page('busbarctl.1')), told('busbarctl'));
    assert.deepEqual(codes(page('busbard.8')).filter((code) => code !== '70'), told('busbard'));
});

test('every key of the configuration is in busbar.json(5)', () => {
    const made = execFileSync(`${root}/packaging/man/configuration.awk`, [`${root}/config/README.md`], { encoding: 'utf8' });
    const keys = all(readFileSync(`${root}/config/README.md`, 'utf8').split('\n# 2.')[0], /^\| `([\w.]+)` \|/gm);
    assert.ok(keys.length > 50);
    assert.deepEqual(all(made, /^\.It Cm (\S+)/gm), keys);
});

test('the pages are well formed', () => {
    const files = ['busbarctl.1', 'busbard.8', 'busbar-update.8', 'busbar-sim.1'].map((name) => `${root}/packaging/man/${name}`);
    execFileSync('mandoc', ['-T', 'lint', '-W', 'warning', ...files], { encoding: 'utf8' });
});
