// SPDX-License-Identifier: Apache-2.0
// The words of the chosen language: flat JSON (src/i18n), one file a language, loaded when it is chosen.

export const languages = { en: 'English', de: 'Deutsch', fr: 'Français', nl: 'Nederlands', es: 'Español' } as const;
export type Language = keyof typeof languages;
export type Params = Record<string, string | number | null | undefined>;
export type Words = Record<string, string>;

/** Each is a file of its own in dist/; see vite.config.ts. */
const files: Record<Language, () => Promise<{ default: Words }>> = {
  en: () => import('words:en'),
  de: () => import('words:de'),
  fr: () => import('words:fr'),
  nl: () => import('words:nl'),
  es: () => import('words:es'),
};
const remembered = 'busbar.language';

let words: Words = $state.raw({});
let language: Language = $state('en');

export const current = (): Language => language;
export const isLanguage = (text: string): text is Language => Object.hasOwn(languages, text);

/** The first of the browser's languages that we speak. */
export function guess(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.slice(0, 2).toLowerCase();
    if (isLanguage(base)) return base;
  }
  return 'en';
}

export async function speak(next: Language, remember = true): Promise<void> {
  words = (await files[next]()).default;
  language = next;
  document.documentElement.lang = next;
  if (remember) localStorage.setItem(remembered, next);
}

export function firstLanguage(): Language {
  const kept = localStorage.getItem(remembered) ?? '';
  return isLanguage(kept) ? kept : guess(navigator.languages);
}

const fill = (text: string, params: Params) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));

/** `key`, or `key.one` and `key.other` chosen by `params.n`. */
export function say(from: Words, lang: string, key: string, params: Params = {}): string {
  let text = from[key];
  if (text === undefined && typeof params.n === 'number') {
    text = from[`${key}.${new Intl.PluralRules(lang).select(params.n)}`] ?? from[`${key}.other`];
  }
  return text === undefined ? key : fill(text, params);
}

export const t = (key: string, params?: Params): string => say(words, language, key, params);
/** For words the gateway may invent: undefined where this language has none. */
export const known = (key: string, params?: Params): string | undefined =>
  words[key] === undefined && words[`${key}.other`] === undefined ? undefined : t(key, params);
