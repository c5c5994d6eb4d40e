// SPDX-License-Identifier: Apache-2.0
// Every language says everything, with the same values in it, and nothing that no page asks for.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { guess, say, type Words } from '../src/lib/i18n.svelte';
// @ts-expect-error plain JavaScript, run by Node alone
import { asked, namedIn, source } from '../tools/words.mjs';

const words = (language: string): Words => JSON.parse(readFileSync(`src/i18n/${language}.json`, 'utf8')) as Words;
const en = words('en');
const others = ['de', 'fr', 'nl', 'es'];
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((match) => match[0]).sort();
const pages = source();
const used = namedIn(pages);

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
  it('come out of the build with each key at its own sentence', async () => {
    const { default: built } = (await import('words:de')) as { default: Words };
    expect(Object.entries(words('de')).filter(([key, text]) => built[key] !== text)).toEqual([]);
  });
  it('hold no line breaks, which the build separates sentences by', () => expect(['en', ...others].flatMap((one) => Object.values(words(one))).filter((text) => text.includes('\n'))).toEqual([]));
  it('have every key that a page names', () => {
    const keys = [...pages.matchAll(asked)].map((match) => match[2]!);
    expect(keys.filter((key) => en[key] === undefined && en[`${key}.other`] === undefined)).toEqual([]);
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
