// SPDX-License-Identifier: Apache-2.0
// Who is logged in, and what that role may do. Each role may do what the ones before it may.
import { get, post, refusals, remove, type Problem } from './http';
import { farewell, hangUp } from './events.svelte';
import type { Role, Session } from './types';

export const roles: readonly Role[] = ['viewer', 'owner', 'installer', 'operator'];

let me: Session | null = $state(null);
/** unknown: not asked yet; out: nobody; away: the gateway does not answer. */
let standing: 'unknown' | 'in' | 'out' | 'away' = $state('unknown');
let mustChange: boolean = $state(false);

export const user = (): Session | null => me;
export const door = () => standing;
export const passwordDue = (): boolean => mustChange;
export const may = (least: Role): boolean => me !== null && roles.indexOf(me.role) >= roles.indexOf(least);

function enter(session: Session): void {
  me = session;
  mustChange = session.password_change_required === true;
  standing = 'in';
}

function leave(): void {
  me = null;
  standing = 'out';
  hangUp();
}

refusals.seen = (problem: Problem) => {
  if (problem.status === 401 && problem.code !== 'wrong_credentials') leave();
  if (problem.code === 'password_change_required') mustChange = true;
};

farewell.heard = () => void whoAmI();

export async function whoAmI(): Promise<void> {
  try {
    enter(await get<Session>('/session'));
  } catch (problem) {
    standing = (problem as Problem).status === 0 ? 'away' : 'out';
  }
}

export async function login(name: string, password: string): Promise<void> {
  enter(await post<Session>('/session', { user: name, password }));
}

export async function changePassword(old: string, next: string): Promise<void> {
  await post('/session/password', { old, new: next });
  mustChange = false;
  await whoAmI();
}

export async function logout(): Promise<void> {
  try {
    await remove('/session');
  } finally {
    leave();
  }
}
