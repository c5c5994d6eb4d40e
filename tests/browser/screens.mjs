// SPDX-License-Identifier: Apache-2.0
// Every screen: where it is, who sees it, and what to do there before it is looked at.

const press = (name) => (page) => page.getByRole('button', { name }).first().click();

/** `ready` is visible when the screen shows what it is for; `act` brings it there. */
export const screens = [
    { name: 'overview', user: 'owner', hash: '#/', ready: 'GARAGE-1' },
    { name: 'more', user: 'installer', hash: '#/more', ready: 'Bus scope' },
];
export const doors = [
    { name: 'login', ready: 'Log in' },
    { name: 'new-password', user: 'fresh', ready: 'Choose your own password' },
];
export { press };
