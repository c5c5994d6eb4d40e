// SPDX-License-Identifier: Apache-2.0
// Every page: where it is, who may see it, and its code, loaded when it is first wanted.
import type { Component } from 'svelte';
import type { IconName } from '../ui/Icon.svelte';
import type { Role } from './types';

/** Pages without anything behind their name in the address ignore it. */
type Args = any;

export interface Place {
  path: string;
  icon: IconName;
  key: string;
  least: Role;
  /** In the menu: this part of it; absent for pages that others lead to. */
  menu?: 'main' | 'diagnose' | 'box';
  /** In the bottom bar of a phone. */
  thumb?: boolean;
  page: () => Promise<{ default: Component<Args> }>;
}

export const places: readonly Place[] = [
  { path: '', icon: 'home', key: 'nav.overview', least: 'viewer', menu: 'main', thumb: true, page: () => import('../pages/Overview.svelte') },
  { path: 'find', icon: 'find', key: 'nav.find', least: 'installer', menu: 'main', thumb: true, page: () => import('../pages/Find.svelte') },
  { path: 'commissioning', icon: 'list', key: 'nav.commissioning', least: 'installer', menu: 'main', page: () => import('../pages/Commissioning.svelte') },
  { path: 'doctor', icon: 'doctor', key: 'nav.doctor', least: 'owner', menu: 'diagnose', thumb: true, page: () => import('../pages/Doctor.svelte') },
  { path: 'trace', icon: 'trace', key: 'nav.trace', least: 'installer', menu: 'diagnose', thumb: true, page: () => import('../pages/Trace.svelte') },
  { path: 'scope', icon: 'scope', key: 'nav.scope', least: 'installer', menu: 'diagnose', page: () => import('../pages/Scope.svelte') },
  { path: 'settings', icon: 'gear', key: 'nav.settings', least: 'viewer', menu: 'box', page: () => import('../pages/Settings.svelte') },
  { path: 'more', icon: 'more', key: 'nav.more', least: 'viewer', thumb: true, page: () => import('../pages/More.svelte') },
  { path: 'charger', icon: 'bolt', key: 'nav.overview', least: 'viewer', page: () => import('../pages/Charger.svelte') },
  { path: 'label', icon: 'print', key: 'label.title', least: 'installer', page: () => import('../pages/Label.svelte') },
  { path: 'setup', icon: 'play', key: 'nav.setup', least: 'installer', page: () => import('../pages/Setup.svelte') },
];
