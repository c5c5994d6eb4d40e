// SPDX-License-Identifier: Apache-2.0
// The local API's description and the tables of routes in the code are the same, both ways, with who may call what.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

import { readTree } from './tree.mjs';

const file = fileURLToPath(new URL('../../gateway/web/openapi.yaml', import.meta.url));
const description = parse(readFileSync(file, 'utf8'));
const methods = ['get', 'put', 'post', 'delete', 'patch'];

/// Names of an Access that are no role; `always` is a viewer who may still have to change the password.
const spoken = { open_to_all: 'none', always: 'viewer' };

/// "GET /api/v1/status viewer" of each row {"GET", "/api/v1/status", at_least(Role::viewer), ...}.
export function routesInCode(tree) {
    const row = /\{\s*"([A-Z]+)",\s*"(\/api\/v1[^"]*)",\s*(?:at_least\(Role::(\w+)\)|(\w+))/g;
    const found = [];
    for (const [path, text] of tree) {
        if (!/^gateway\/(?!ctl\/).*\.cpp$/.test(path)) continue;
        for (const [, method, route, role, name] of text.matchAll(row)) {
            const access = (role ?? spoken[name] ?? name).replace(/_$/, '');
            found.push(`${method} ${route} ${access}`);
        }
    }
    return found.sort();
}

function operations({ paths }) {
    return Object.entries(paths).flatMap(([path, item]) =>
        methods
            .filter((method) => item[method])
            .map((method) => ({ ...item[method], method, path, parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])] })),
    );
}

const line = ({ method, path, ...operation }) => `${method.toUpperCase()} /api/v1${path} ${operation['x-access']}`;

test('what is described is served, and what is served is described, with the same access', () => {
    const described = operations(description).map(line).sort();
    assert.deepEqual(routesInCode(readTree()), described);
});

test('a row of a table is seen, whatever its access is called', () => {
    const tree = new Map([['gateway/web/a.cpp', '{{"GET", "/api/v1/a", viewer, f},\n {"PUT", "/api/v1/b",\n at_least(Role::operator_), g}, {"POST", "/api/v1/c", open_to_all, h}}']]);
    assert.deepEqual(routesInCode(tree), ['GET /api/v1/a viewer', 'POST /api/v1/c none', 'PUT /api/v1/b operator']);
});

test('every reference leads somewhere, every step of a path is a parameter, and names are used once', () => {
    const resolve = (reference) => reference.split('/').slice(1).reduce((at, step) => at?.[step], description);
    const visit = (node) => {
        if (!node || typeof node !== 'object') return;
        if (node.$ref) assert.ok(resolve(node.$ref), node.$ref);
        Object.values(node).forEach(visit);
    };
    visit(description);
    const all = operations(description);
    for (const { path, parameters, operationId } of all) {
        const names = parameters.map((one) => (one.$ref ? resolve(one.$ref) : one)).filter((one) => one.in === 'path');
        const steps = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        assert.deepEqual(names.map(({ name }) => name).sort(), steps.sort(), operationId);
    }
    const ids = all.map(({ operationId }) => operationId);
    assert.equal(new Set(ids).size, ids.length);
});

test('every code of a problem that the code answers with is explained', () => {
    const sources = [...readTree()].filter(([path]) => /^gateway\/(?!ctl\/).*\.cpp$/.test(path)).map(([, text]) => text);
    const used = new Set(sources.flatMap((text) => [...text.matchAll(/\b(?:problem|problem_with)\(\s*(?:\{[^}]*\},\s*)?\d{3},\s*"([a-z_]+)"/g)].map(([, code]) => code)));
    const rows = description.components.schemas.ProblemCode.description.split('\n').filter((row) => row.startsWith('| `'));
    const explained = new Set(rows.flatMap((row) => [...row.split('|')[1].matchAll(/`(\w+)`/g)].map(([, code]) => code)));
    assert.deepEqual([...used].filter((code) => !explained.has(code)), []);
});
