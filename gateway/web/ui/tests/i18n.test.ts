// SPDX-License-Identifier: Apache-2.0
// Every language says everything, with the same values in it, and nothing that no page asks for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guess, say, type Words } from '../src/lib/i18n.svelte';

const words = (language: string): Words => JSON.parse(readFileSync(`src/i18n/${language}.json`, 'utf8')) as Words;
const en = words('en');
const others = ['de', 'fr', 'nl', 'es'];
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((match) => match[0]).sort();
const stem = (key: string) => key.replace(/\.(one|other)$/, '');

const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith('.d.ts'))
  .map((name) => readFileSync(join('src', name), 'utf8'))
  .join('\n');

/** Keys written out, and the beginnings of those that are put together: `state.${...}` or '@state.' */
const literal = new Set([...source.matchAll(/['"`@]([a-z][\w-]*(?:\.[\w-]+)*)['"`]/g)].map((match) => match[1]!));
const beginnings = [...source.matchAll(/['"`@]([a-z]\w*\.(?:[\w-]+[._])*)\$\{/g)].map((match) => match[1]!);
const endings = [...source.matchAll(/\$\{\w+(?:\.\w+)?\}(_\w+)`/g)].map((match) => match[1]!);
const used = (key: string) => {
  const bare = stem(key);
  return literal.has(bare) || beginnings.some((one) => bare.startsWith(one)) || endings.some((one) => bare.endsWith(one) && literal.has(bare.slice(0, -one.length)));
};

describe('the languages', () => {
  for (const language of others) {
    const mine = words(language);
    it(`${language} has the keys of English in the same order`, () => expect(Object.keys(mine)).toEqual(Object.keys(en)));
    it(`${language} keeps the values of each sentence`, () => {
      const wrong = Object.keys(en).filter((key) => holes(en[key]!).join() !== holes(mine[key] ?? '').join());
      expect(wrong).toEqual([]);
    });
    it(`${language} is a translation`, () => {
      const same = Object.keys(en).filter((key) => en[key]!.split(' ').length > 4 && en[key] === mine[key]);
      expect(same).toEqual([]);
    });
  }
  it('hold no line breaks, which the build separates sentences by', () => expect(['en', ...others].flatMap((one) => Object.values(words(one))).filter((text) => text.includes('\n'))).toEqual([]));
  it('have every key that a page names', () => {
    const asked = [...source.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map((match) => match[1]!);
    expect(asked.filter((key) => en[key] === undefined && en[`${key}.other`] === undefined)).toEqual([]);
  });
  it('have no key that no page names', () => expect(Object.keys(en).filter((key) => !used(key) && !/_short$/.test(key))).toEqual([]));
});

describe('say', () => {
  const some: Words = { 'n.one': '{n} car', 'n.other': '{n} cars', hello: 'Hello {name}' };
  it('chooses the plural of the language', () => {
    expect(say(some, 'en', 'n', { n: 1 })).toBe('1 car');
    expect(say(some, 'en', 'n', { n: 0 })).toBe('0 cars');
    expect(say(some, 'fr', 'n', { n: 0 })).toBe('0 car');
  });
  it('leaves out what nobody gave', () => expect(say(some, 'en', 'hello')).toBe('Hello '));
  it('shows the key of what it has no words for', () => expect(say(some, 'en', 'missing')).toBe('missing'));
  it('guesses the first language that it speaks', () => {
    expect(guess(['pt-BR', 'de-AT', 'en'])).toBe('de');
    expect(guess(['ja'])).toBe('en');
  });
});
