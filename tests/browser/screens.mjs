// SPDX-License-Identifier: Apache-2.0
// Every screen of a site that runs: who sees it, where it is, and what to do there before it is looked at.

const search = async (at) => {
    await at.text('Options').click();
    await at.fill('Only these unit ids', '5-7');
    await at.press(/^Search (now|again)/);
};
const settings = (part, ready, act) => ({ name: `settings-${part}`, place: `settings/${part}`, ready, act });

/** `ready` is visible when the screen shows what it is for; `act` brings it there. */
export const screens = [
    // First: what a message did on the bus is kept for some minutes only.
    { name: 'trace', place: 'trace', ready: 'At the charger', act: (at) => at.text('go no higher than').click() },
    { name: 'overview', role: 'owner', place: '', ready: 'GARAGE-1' },
    { name: 'overview-viewer', role: 'viewer', place: '', ready: 'GARAGE-1' },
    { name: 'charger', place: 'charger/GARAGE-1', ready: 'Charging now' },
    { name: 'charger-viewer', role: 'viewer', place: 'charger/GARAGE-1', ready: 'As a table' },
    { name: 'charger-waits', place: 'charger/GARAGE-2', ready: 'Nothing charged yet' },
    { name: 'charger-lost', place: 'charger/COURT-4', ready: 'does not answer' },
    { name: 'charger-settings', place: 'charger/GARAGE-1/settings', ready: 'Most current, A' },
    { name: 'charger-gone', place: 'charger/NOBODY', ready: 'There is no such charger' },
    { name: 'find', place: 'find', ready: 'lan-1' },
    { name: 'find-running', place: 'find/line', ready: /^about .* left/, act: search, then: (at) => at.press('Stop') },
    { name: 'doctor', role: 'owner', place: 'doctor', ready: 'Copy as text', act: (at) => at.press('Test the connection') },
    { name: 'scope', place: 'scope', ready: 'Questions a minute', act: (at) => at.press(/^Details/) },
    { name: 'commissioning', place: 'commissioning', ready: 'COURT-4' },
    { name: 'checklist', place: 'commissioning/GARAGE-1', ready: 'The meter counts' },
    { name: 'more', place: 'more', ready: 'Bus scope' },
    { name: 'settings', place: 'settings', ready: 'Security log' },
    settings('account', 'On this device'),
    settings('network', 'PIN of the SIM', (at) => at.page.locator('summary', { hasText: /^gsm$/ }).click()),
    settings('central', 'It begins with wss'),
    settings('time', 'Time zone of these hours', (at) => at.text('More settings').click()),
    settings('figures', 'Others may steer', (at) => at.fill('MQTT broker', 'broker.local')),
    settings('users', 'Keys for scripts'),
    settings('certificates', 'Bring a certificate', (at) => at.page.locator('summary', { hasText: 'GARAGE-1' }).click()),
    settings('backup', 'Save the file', (at) => at.press('Make a backup').catch(() => {})),
    settings('logs', 'link_connected'),
    settings('security', 'Logged in'),
    settings('support', 'Save the bundle', (at) => at.press('Make the bundle')),
    settings('update', 'Ready to install: 0.2.0', (at) => at.page.getByLabel('Update bundle').setInputFiles(at.bundle)),
    settings('about', 'Report a weakness'),
    { ...settings('backup', 'Erase everything'), name: 'settings-backup-operator', role: 'operator' },
    { ...settings('support', 'Allow for one hour'), name: 'settings-support-owner', role: 'owner' },
    { name: 'label', place: 'label', ready: 'Print the label', act: (at) => at.page.locator('img').waitFor() },
    { name: 'forbidden', role: 'viewer', place: 'find', ready: 'Not for your role' },
    { name: 'nowhere', place: 'nowhere', ready: 'There is no such page' },
];

/** Where long words of other languages might not fit. */
export const wide = ['', 'charger/GARAGE-1', 'charger/GARAGE-1/settings', 'label', 'settings/figures', 'settings/support', 'find/line', 'doctor', 'trace', 'scope', 'commissioning/GARAGE-1', 'more', 'settings/network', 'settings/time', 'settings/users', 'settings/backup', 'settings/update'];
