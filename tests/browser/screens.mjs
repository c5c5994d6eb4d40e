// SPDX-License-Identifier: Apache-2.0
// Every screen: where it is, who sees it, and what to do there before it is looked at.

const press = (...names) => async (page) => {
    for (const name of names) await page.getByRole('button', { name }).first().click();
};
const search = async (page) => {
    await page.getByRole('button', { name: /^Search (now|again)/ }).click();
    await page.getByText('The search is complete').waitFor({ timeout: 20_000 });
};
/** The mock plays a box that nobody has set up. */
const newBox = (url, context) => context.request.get(`${url}/mock/new`);
const settings = (path, ready, user = 'installer') => ({ name: `settings-${path}`, user, hash: `#/settings/${path}`, ready });

export const doors = [
    { name: 'login', ready: 'Where do I find the password?' },
    { name: 'new-password', user: 'fresh', ready: 'Choose your own password' },
];

/** `ready` is visible when the screen shows what it is for; `act` brings it there. */
export const screens = [
    { name: 'overview', user: 'owner', hash: '#/', ready: 'GARAGE-1' },
    { name: 'overview-viewer', user: 'viewer', hash: '#/', ready: 'GARAGE-1' },
    { name: 'charger', user: 'installer', hash: '#/charger/GARAGE-1', ready: 'Show more' },
    { name: 'charger-unused', user: 'installer', hash: '#/charger/COURT-3', ready: 'Nothing charged yet' },
    { name: 'find', user: 'installer', hash: '#/find', ready: 'Unused port' },
    { name: 'find-running', user: 'installer', hash: '#/find/rs485-1', ready: 'Unit 1 at', act: press(/^Search/) },
    { name: 'find-done', user: 'installer', hash: '#/find/rs485-1', ready: 'Heidelberg', act: async (page) => {
        await search(page);
        await page.getByRole('button', { name: 'Show live values' }).first().click();
        await page.getByText('Serial number').waitFor();
    } },
    { name: 'find-add', user: 'installer', hash: '#/find/rs485-1', ready: 'Who may charge?', act: async (page) => {
        await search(page);
        await page.getByRole('button', { name: /^Add$/ }).first().click();
    } },
    { name: 'doctor', user: 'owner', hash: '#/doctor', ready: 'Copy as text', act: press('Test the connection') },
    { name: 'trace', user: 'installer', hash: '#/trace', ready: 'go no higher than', act: (page) => page.getByText('go no higher than').first().click() },
    { name: 'scope', user: 'installer', hash: '#/scope', ready: 'Questions a minute', act: (page) => page.getByRole('button', { name: /^Details/ }).first().click() },
    { name: 'commissioning', user: 'installer', hash: '#/commissioning', ready: 'Heidelberg' },
    { name: 'checklist', user: 'installer', hash: '#/commissioning/GARAGE-1', ready: 'The meter counts' },
    { name: 'more', user: 'installer', hash: '#/more', ready: 'Bus scope' },
    { name: 'settings', user: 'installer', hash: '#/settings', ready: 'Security log' },
    settings('account', 'On this device'),
    { ...settings('network', 'Ready to step in'), ready: 'choice 3' },
    settings('central', 'It begins with wss'),
    settings('time', 'Random delay'),
    settings('users', 'Keys for scripts'),
    settings('certificates', 'Fingerprint'),
    settings('backup', 'Save the file'),
    settings('logs', 'GARAGE-1 obeys'),
    settings('security', 'Login refused'),
    settings('support', 'Make the bundle'),
    settings('about', 'Report a weakness'),
    { name: 'forbidden', user: 'viewer', hash: '#/find', ready: 'Not for your role' },
    { name: 'setup-password', user: 'installer', hash: '#/setup', ready: 'You are logged in as', prepare: newBox },
    { name: 'setup-network', user: 'installer', hash: '#/setup/network', ready: 'Network cable', prepare: newBox },
    { name: 'setup-time', user: 'installer', hash: '#/setup/time', ready: 'Random delay', prepare: newBox, act: (page) => page.getByText('In off-peak hours').click() },
    { name: 'setup-central', user: 'installer', hash: '#/setup/central', ready: 'It begins with wss', prepare: newBox },
    { name: 'setup-chargers', user: 'installer', hash: '#/setup/chargers', ready: 'Where are they wired to?', prepare: newBox },
    { name: 'setup-check', user: 'installer', hash: '#/setup/check', ready: 'everything is sound', prepare: newBox },
    { name: 'setup-handover', user: 'installer', hash: '#/setup/handover', ready: 'Keep a backup', prepare: newBox },
];
