// SPDX-License-Identifier: Apache-2.0
// The place after the '#': "#/charger/CP1" is ['charger', 'CP1']. A hash needs nothing of the server.

const parse = (hash: string): string[] => hash.replace(/^#\/?/, '').split('?')[0]!.split('/').filter(Boolean).map(decode);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let path: string[] = $state.raw(parse(location.hash));
let visits = 0;
addEventListener('hashchange', () => {
  visits++;
  path = parse(location.hash);
});

export const route = (): readonly string[] => path;
/** False for the page that the browser opened: it must not take the focus. */
export const moved = (): boolean => visits > 0;
export const href = (...parts: string[]): string => `#/${parts.map(encodeURIComponent).join('/')}`;
export const go = (...parts: string[]): void => {
  location.hash = href(...parts);
};
