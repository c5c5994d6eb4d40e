// SPDX-License-Identifier: Apache-2.0
// The JSON Schemas judge the example files as the C++ reader does (examples_test.cpp runs the same files through it).

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import Ajv from 'ajv';

const here = dirname(fileURLToPath(import.meta.url));
const config = join(here, '..', '..', 'config');

/// JSON with // and /* */ comments; what looks like one inside a text stays.
const parse = (text) => JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, (_, string) => string ?? ' '));

const read = (...path) => parse(readFileSync(join(...path), 'utf8'));

const filesOf = (...path) =>
    readdirSync(join(...path))
        .filter((name) => name.endsWith('.json') && !name.endsWith('.fixture.json'))
        .map((name) => join(...path, name));

const kinds = {
    gateway: { schema: 'gateway.schema.json', shipped: [] },
    hardware: { schema: 'hardware.schema.json', shipped: filesOf(config, 'hardware') },
    profile: { schema: 'charger_profile.schema.json', shipped: [...filesOf(config, 'chargers'), ...filesOf(config, 'meters')] },
};

/// Strict but for two rules of style: the schemas leave out a type where a $ref or an enum gives it.
const options = { strict: true, strictTypes: false, strictRequired: false };

for (const [kind, { schema, shipped }] of Object.entries(kinds)) {
    const validate = new Ajv(options).compile(read(config, schema));
    const data = (folder) => filesOf(here, 'data', kind, folder);
    const judge = (file) => validate(read(file)) || validate.errors.map((e) => `${e.instancePath} ${e.message}`).join('; ');

    for (const file of [...shipped, ...data('good')]) {
        test(`${schema} accepts ${file.slice(config.length - 'config'.length)}`, () => assert.equal(judge(file), true));
    }
    for (const file of data('bad')) {
        test(`${schema} rejects ${file.slice(here.length + 1)}`, () => assert.notEqual(judge(file), true));
    }
    // Else the file would belong into bad/, where both judges are held to it. Of hardware the schema sees all.
    for (const file of kind === 'hardware' ? [] : data('bad_beyond_schema')) {
        test(`${schema} cannot see what is wrong in ${file.slice(here.length + 1)}`, () => assert.equal(judge(file), true));
    }
}

const keysOf = (schema) => {
    const keys = new Set();
    JSON.stringify(read(config, schema), (name, value) => {
        if (name === 'properties') Object.keys(value).forEach((key) => keys.add(key));
        return value;
    });
    return keys;
};

test('every key of the profile schema stands in config/README.md', () => {
    const readme = readFileSync(join(config, 'README.md'), 'utf8');
    const keys = keysOf('charger_profile.schema.json');
    const missing = [...keys].filter((key) => !readme.includes(`\`${key}\``) && !readme.includes(`"${key}"`));
    assert.deepEqual(missing, []);
});

test('every key of the hardware schema stands in packaging/README.md', () => {
    const readme = readFileSync(join(config, '..', 'packaging', 'README.md'), 'utf8');
    const missing = [...keysOf('hardware.schema.json')].filter((key) => key !== '$schema' && !readme.includes(`\`${key}\``) && !readme.includes(`.${key}\``));
    assert.deepEqual(missing, []);
});

for (const { schema } of Object.values(kinds)) {
    test(`the fuzzer's dictionary knows every key of ${schema}`, () => {
        const words = readFileSync(join(here, '..', 'fuzz', 'dictionary.txt'), 'utf8');
        const missing = [...keysOf(schema)].filter((key) => key !== '$schema' && !words.includes(`\\"${key}\\"`));
        assert.deepEqual(missing, []);
    });
}
