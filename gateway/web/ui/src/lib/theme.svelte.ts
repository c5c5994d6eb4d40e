// SPDX-License-Identifier: Apache-2.0
// Light, dark, or as the device has it.

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const remembered = 'busbar.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

let theme: Theme = $state(themes.find((one) => one === localStorage.getItem(remembered)) ?? 'auto');
let dark: boolean = $state(false);

function apply(): void {
  dark = theme === 'auto' ? system.matches : theme === 'dark';
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
system.addEventListener('change', apply);
apply();

export const chosenTheme = (): Theme => theme;
export const isDark = (): boolean => dark;
export function choose(next: Theme): void {
  theme = next;
  localStorage.setItem(remembered, next);
  apply();
}
