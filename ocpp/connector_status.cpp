// SPDX-License-Identifier: Apache-2.0
#include "ocpp/connector_status.hpp"

#include <algorithm>

namespace busbar::ocpp {
namespace {

using enum ChargePointStatus;
using Error = ChargePointErrorCode;

constexpr const char* ventilation = "car asks for ventilation";

/// base/reading.hpp and OCPP share the names, so the wire's word is the bridge between them.
Error error_of(FaultCode code) {
    switch (code) {
        case FaultCode::ConnectorLockFailure:
            return Error::ConnectorLockFailure;
        case FaultCode::EVCommunicationError:
            return Error::EVCommunicationError;
        case FaultCode::GroundFailure:
            return Error::GroundFailure;
        case FaultCode::HighTemperature:
            return Error::HighTemperature;
        case FaultCode::InternalError:
            return Error::InternalError;
        case FaultCode::OtherError:
            return Error::OtherError;
        case FaultCode::OverCurrentFailure:
            return Error::OverCurrentFailure;
        case FaultCode::OverVoltage:
            return Error::OverVoltage;
        case FaultCode::PowerMeterFailure:
            return Error::PowerMeterFailure;
        case FaultCode::PowerSwitchFailure:
            return Error::PowerSwitchFailure;
        case FaultCode::ReaderFailure:
            return Error::ReaderFailure;
        case FaultCode::ResetFailure:
            return Error::ResetFailure;
        case FaultCode::UnderVoltage:
            return Error::UnderVoltage;
        case FaultCode::WeakSignal:
            return Error::WeakSignal;
    }
    return Error::OtherError;
}

ConnectorStatus with_fault(ChargePointStatus status, const Fault& fault) {
    return {status, error_of(fault.code), fault.text, fault.vendor_code};
}

bool is_of_transaction(ChargePointStatus status) {
    return status == Charging || status == SuspendedEV || status == SuspendedEVSE;
}

ChargePointStatus in_transaction(const ConnectorFacts& facts, const Reading& reading) {
    const bool closed = reading.state == CpState::C2;
    if (closed && facts.flow == Flow::flowing) return Charging;
    const bool may_hold = facts.previous == Preparing || is_of_transaction(facts.previous);
    const bool out = reading.state == CpState::A;
    if (facts.starting && !out) return may_hold ? facts.previous : Preparing;
    const bool undecided = closed && facts.offered && facts.flow == Flow::undecided;
    const bool unknown = reading.state == CpState::unknown;
    if ((undecided || unknown) && may_hold) return facts.previous;
    if (reading.finished) return Finishing;
    // With the cable out the transaction goes on only because it was told to: the car takes nothing.
    const bool charger_offers = reading.state == CpState::B2 || closed || out;
    return facts.offered && charger_offers && !reading.locked_out ? SuspendedEV : SuspendedEVSE;
}

ChargePointStatus without_transaction(const ConnectorFacts& facts, const Reading& reading) {
    if (!facts.operative || reading.locked_out) return Unavailable;
    if (facts.authorising) return Preparing;
    if (facts.reserved && !facts.finishing && !reading.finished)
        return Reserved;  // a car alone is no use of it
    if (reading.state == CpState::unknown) {
        if (facts.previous == Preparing || facts.previous == Finishing) return facts.previous;
        return facts.finishing ? Finishing : Available;
    }
    if (!is_plugged(reading.state)) return Available;
    return facts.finishing || reading.finished ? Finishing : Preparing;
}

bool is_faulted(const Reading& reading) {
    const bool broken_pilot = reading.state == CpState::E || reading.state == CpState::F;
    return (reading.fault && !reading.derated) || (broken_pilot && !reading.locked_out);
}

ConnectorStatus faulted(const Reading& reading) {
    if (reading.fault) return with_fault(Faulted, *reading.fault);
    if (reading.state == CpState::E)
        return {Faulted, Error::EVCommunicationError, "control pilot in state E", "E"};
    return {Faulted, Error::InternalError, "control pilot in state F", "F"};
}

}  // namespace

bool is_plugged(CpState state) {
    switch (state) {
        case CpState::B1:
        case CpState::B2:
        case CpState::C1:
        case CpState::C2:
        case CpState::D:
            return true;
        default:
            return false;
    }
}

ConnectorStatus derive_status(const ConnectorFacts& facts) {
    if (facts.lost_cause) return {Faulted, Error::OtherError, *facts.lost_cause, "COMM_LOST"};
    const Reading& reading = *facts.reading;
    if (is_faulted(reading)) return faulted(reading);
    const auto status =
        facts.transaction ? in_transaction(facts, reading) : without_transaction(facts, reading);
    if (reading.fault) return with_fault(status, *reading.fault);
    if (reading.state == CpState::D) return {status, Error::OtherError, ventilation, "D"};
    return {status, Error::NoError, {}, {}};
}

void FlowDetector::update(const Reading& reading, SteadyTime now) {
    const bool closed = reading.state == CpState::C2;
    const bool any_current =
        std::any_of(reading.current.begin(), reading.current.end(),
                    [](const auto& current) { return current && current->value > flowing_above_current; });
    const bool measures_current = std::any_of(reading.current.begin(), reading.current.end(),
                                              [](const auto& current) { return current.has_value(); });
    bool draws = closed;  // without a meter the charger's word counts
    if (reading.power) {
        draws = reading.power->value > flowing_above;
    } else if (measures_current) {
        draws = any_current;
    }
    flowing_ = closed && draws;
    at_rest_ = !draws || !is_plugged(reading.state);
    if (!closed || draws) {
        closed_without_power_since_.reset();
    } else if (!closed_without_power_since_) {
        closed_without_power_since_ = now;
    }
}

Flow FlowDetector::flow(SteadyTime now) const {
    if (flowing_) return Flow::flowing;
    const bool waits = closed_without_power_since_ && now < *closed_without_power_since_ + idle_after;
    return waits ? Flow::undecided : Flow::idle;
}

std::optional<SteadyTime> FlowDetector::next_deadline() const {
    if (!closed_without_power_since_) return std::nullopt;
    return *closed_without_power_since_ + idle_after;
}

}  // namespace busbar::ocpp
