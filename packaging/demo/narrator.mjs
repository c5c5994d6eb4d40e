// SPDX-License-Identifier: Apache-2.0
// Tells what happens: a step in plain words, and under it the register writes and OCPP messages that the gateway traced.

import { sampled } from '../../tests/e2e/lib/charging.mjs';

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = paint('1');
const dim = paint('2');
const green = paint('32');
const cyan = paint('36');

/// What of a message a person wants to read; other messages are shown by name.
const gists = {
    BootNotification: ({ chargePointVendor, chargePointModel, firmwareVersion }) => `${chargePointVendor} ${chargePointModel}, ${firmwareVersion}`,
    MeterValues: (params) => `${sampled(params, 'Energy.Active.Import.Register')} Wh, ${sampled(params, 'Power.Active.Import')} W`,
    RemoteStartTransaction: ({ idTag }) => `idTag ${idTag}`,
    RemoteStopTransaction: ({ transactionId }) => `transaction ${transactionId}`,
    SetChargingProfile: ({ csChargingProfiles: { chargingProfilePurpose, chargingSchedule } }) => `${chargingProfilePurpose}, ${chargingSchedule.chargingSchedulePeriod[0].limit} A`,
    StartTransaction: ({ idTag, meterStart }) => `idTag ${idTag}, meterStart ${meterStart} Wh`,
    StatusNotification: ({ connectorId, status }) => `connector ${connectorId} is ${status}`,
    StopTransaction: ({ transactionId, meterStop, reason }) => `transaction ${transactionId}, meterStop ${meterStop} Wh, ${reason}`,
};

const answerGist = ({ status, transactionId }) => status ?? (transactionId === undefined ? '' : `transaction ${transactionId}`);

const currentCommand = /holding 261 <- ([0-9A-F]{4})$/;

export class Narrator {
    #step = 0;
    #actions = new Map();

    heading(text) {
        console.log(`\n${bold(text)}`);
    }

    step(text) {
        console.log(`\n${bold(`${++this.#step}. ${text}`)}`);
    }

    note(text) {
        console.log(`   ${text}`);
    }

    good(text) {
        console.log(`   ${green('✓')} ${text}`);
    }

    /// Prints what the trace holds: register writes and messages, each with what caused or answered it. Of a charge
    /// point's MeterValues only the last is shown.
    show(events) {
        const frames = events.filter(({ kind }) => kind.startsWith('ocpp_')).map((event) => ({ ...event, frame: JSON.parse(event.text) }));
        const answers = new Map(frames.filter(({ frame }) => frame[0] !== 2).map(({ frame }) => [frame[1], frame]));
        const lastSample = new Map(frames.filter(({ frame }) => frame[2] === 'MeterValues').map(({ source, frame }) => [source, frame[1]]));
        const calls = frames.filter(({ source, frame }) => frame[0] === 2 && (frame[2] !== 'MeterValues' || lastSample.get(source) === frame[1]));
        for (const { frame } of calls) this.#actions.set(frame[1], frame[2]);
        const writes = events.filter(({ kind }) => kind === 'bus_write');
        for (const event of [...calls, ...writes].sort((one, other) => one.n - other.n)) {
            console.log(`     ${event.frame ? this.#call(event, answers.get(event.frame[1])) : this.#write(event)}`);
        }
    }

    #write({ source, text, cause }) {
        const [, word] = text.match(currentCommand) ?? [];
        const meaning = word ? ` (${parseInt(word, 16) / 10} A)` : '';
        const because = this.#actions.get(cause);
        return `${cyan('Modbus')}  ${source} ${text}${meaning}${because ? dim(`  because of ${because}`) : ''}`;
    }

    #call({ kind, source, frame: [, , action, params] }, answer) {
        const way = kind === 'ocpp_sent' ? `${source} → central system` : `central system → ${source}`;
        const answered = answer && (answer[0] === 3 ? answerGist(answer[2]) : answer[2]);
        return `${green('OCPP')}    ${way}  ${action} ${gists[action]?.(params) ?? ''}${answered ? dim(`  answered ${answered}`) : ''}`;
    }
}
