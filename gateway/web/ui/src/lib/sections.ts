// SPDX-License-Identifier: Apache-2.0
// The parts of the settings: where, who may see them, and their code.
import type { Component } from 'svelte';
import type { IconName } from '../ui/Icon.svelte';
import type { Role } from './types';

export interface Section {
  path: string;
  icon: IconName;
  least: Role;
  page: () => Promise<{ default: Component }>;
}

export const sections: readonly Section[] = [
  { path: 'account', icon: 'user', least: 'viewer', page: () => import('../pages/settings/Account.svelte') },
  { path: 'network', icon: 'net', least: 'viewer', page: () => import('../pages/settings/NetworkPage.svelte') },
  { path: 'central', icon: 'cloud', least: 'installer', page: () => import('../pages/settings/Central.svelte') },
  { path: 'time', icon: 'clock', least: 'viewer', page: () => import('../pages/settings/Time.svelte') },
  { path: 'figures', icon: 'scope', least: 'installer', page: () => import('../pages/settings/Figures.svelte') },
  { path: 'users', icon: 'lock', least: 'owner', page: () => import('../pages/settings/Users.svelte') },
  { path: 'certificates', icon: 'shield', least: 'viewer', page: () => import('../pages/settings/Certificates.svelte') },
  { path: 'backup', icon: 'save', least: 'installer', page: () => import('../pages/settings/BackupPage.svelte') },
  { path: 'logs', icon: 'file', least: 'installer', page: () => import('../pages/settings/Logs.svelte') },
  { path: 'security', icon: 'shield', least: 'owner', page: () => import('../pages/settings/Security.svelte') },
  { path: 'support', icon: 'doctor', least: 'owner', page: () => import('../pages/settings/Support.svelte') },
  { path: 'update', icon: 'update', least: 'viewer', page: () => import('../pages/settings/UpdatePage.svelte') },
  { path: 'about', icon: 'info', least: 'viewer', page: () => import('../pages/settings/AboutPage.svelte') },
];
