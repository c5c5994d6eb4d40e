// SPDX-License-Identifier: Apache-2.0
// A sentence with its values in the reader's language: '@key' is looked up, '#unit number' is formatted.
import { amount, energy, power } from '../format';
import type { Params } from '../i18n.svelte';
import type { Sentence } from './ocpp';

type Say = (key: string, params?: Params) => string;

function value(raw: string | number, say: Say, lang: string, params: Params): string | number {
  if (typeof raw === 'number') return raw;
  if (raw.startsWith('@')) return say(raw.slice(1), params);
  const quantity = /^#(\w+) (.+)$/.exec(raw);
  if (!quantity) return raw;
  const number = Number(quantity[2]);
  const known = Number.isFinite(number) ? number : null;
  if (quantity[1] === 'Wh') return energy(known, lang);
  if (quantity[1] === 'W') return power(known, lang);
  return `${amount(known, lang, 1)} ${quantity[1]}`;
}

export function render(sentence: Sentence, say: Say, lang: string): string {
  const plain: Params = sentence.params;
  const params = Object.fromEntries(Object.entries(sentence.params).map(([name, raw]) => [name, value(raw, say, lang, plain)]));
  return say(sentence.key, params);
}
