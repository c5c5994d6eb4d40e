// SPDX-License-Identifier: Apache-2.0
// Words of OCPP that several tests speak.

/// A SetChargingProfile.req that limits a transaction (or, without one, each transaction by default) to `amps`.
export const limitTo = (amps, { transactionId, purpose = 'TxProfile', connectorId = 1, stackLevel = 1, id = 1 } = {}) => ({
    connectorId,
    csChargingProfiles: {
        chargingProfileId: id,
        stackLevel,
        chargingProfilePurpose: purpose,
        chargingProfileKind: 'Absolute',
        ...(transactionId !== undefined && { transactionId }),
        chargingSchedule: {
            startSchedule: new Date(Date.now() - 60_000).toISOString(),
            chargingRateUnit: 'A',
            chargingSchedulePeriod: [{ startPeriod: 0, limit: amps }],
        },
    },
});

/// The value of one measurand in a MeterValues.req, as a number; undefined where it is not there.
export function sampled(params, measurand, phase) {
    const samples = params.meterValue.flatMap((value) => value.sampledValue);
    const found = samples.find((sample) => sample.measurand === measurand && (phase === undefined || sample.phase === phase));
    return found && Number(found.value);
}

/// Runs a charge point's car to Charging; gives the StartTransaction and the transaction id.
export async function charge({ sim, central }, { unit = 1, chargePoint = 'CP1' } = {}) {
    await central.status('Available', { chargePoint });
    await sim.plug(unit);
    const started = await central.next('StartTransaction', { chargePoint });
    await central.status('Charging', { chargePoint });
    return { started, transactionId: central.transactionOf(started) };
}
