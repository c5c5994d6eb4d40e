// SPDX-License-Identifier: Apache-2.0
// The mock answers as openapi.yaml describes; and each path that it serves is one of the API.
import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript, run by Node alone
import { password } from '../mock/box.mjs';
// @ts-expect-error plain JavaScript, run by Node alone
import { routes } from '../mock/routes.mjs';

const file = '../openapi.yaml';
const text = readFileSync(file, 'utf8');
const api = parse(text.replaceAll('"#/components', '"api#/components')) as { paths: Record<string, Record<string, Operation>> };
interface Operation {
  responses?: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Route {
  method: string;
  pattern: RegExp;
  handle: (ask: object) => { body?: unknown; status?: number };
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'api', ...api });

const ids: Record<string, string> = { charger: 'GARAGE-1', bus: 'rs485-1', uplink: 'wifi', item: 'labels', job: '1', user: 'owner', session: 'x' };
const bodies: Record<string, object> = { '/configuration': { central_system: { url: 'wss://a.example' } }, '/setup': { complete: true }, '/users': { name: 'new', role: 'owner' }, '/network/{interface}/address': { address: null }, '/uplinks/prefer': { id: null }, '/restore': { format: 'busbar-backup-1', configuration: { central_system: { url: 'wss://a.example' } } }, '/buses/{bus}/try': { profile: 'keba-p30' }, '/chargers/{charger}/checklist/{item}': { state: 'passed' }, '/factory-reset': { password } };
const ask = { query: new URLSearchParams('dry_run=1'), headers: {}, cookie: 'x', user: { user: 'owner', role: 'operator' }, hear: () => {} };

function answers(): [string, object, unknown][] {
  const list: [string, object, unknown][] = [];
  for (const [path, operations] of Object.entries(api.paths)) {
    const concrete = path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'x');
    for (const [method, operation] of Object.entries(operations)) {
      const route = (routes as Route[]).find((one) => one.method === method.toUpperCase() && one.pattern.test(concrete));
      const good = Object.entries(operation.responses ?? {}).find(([code]) => code.startsWith('2'))?.[1];
      const schema = good?.content?.['application/json']?.schema;
      if (!route || !schema || method === 'delete' || concrete.endsWith('/jobs/1') || concrete.endsWith('/file')) continue;
      const result = route.handle({ ...ask, params: route.pattern.exec(concrete)!.slice(1), body: bodies[path] ?? {} });
      list.push([`${method} ${path}`, schema, result.body]);
    }
  }
  return list;
}

describe('the mock', () => {
  // A scan is asked for before it is looked at.
  const started = (routes as Route[]).find((one) => one.method === 'POST' && one.pattern.test('/buses/rs485-1/scan'));
  started?.handle({ ...ask, params: ['rs485-1'], body: {} });
  for (const [name, schema, body] of answers()) {
    it(`answers ${name} as the API says`, () => {
      const check = ajv.compile(schema);
      check(body);
      expect(check.errors ?? []).toEqual([]);
    });
  }
});
