// SPDX-License-Identifier: Apache-2.0
// The status function over every combination of its facts, and the contract's rules as properties of it.
#include "ocpp/connector_status.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>

namespace busbar::ocpp {
namespace {

using enum ChargePointStatus;

constexpr std::array states{CpState::unknown, CpState::A, CpState::B1, CpState::B2, CpState::C1,
                            CpState::C2,      CpState::D, CpState::E,  CpState::F};
constexpr std::array statuses{Available, Preparing, Charging,    SuspendedEVSE, SuspendedEV,
                              Finishing, Reserved,  Unavailable, Faulted};
constexpr std::array flows{Flow::flowing, Flow::idle, Flow::undecided};

/// What varies with yes and no.
struct Switches {
    bool fault, locked_out, finished, derated;
    bool lost, transaction, authorising, finishing, operative, offered, starting, reserved;
};
constexpr unsigned combinations = 1U << 12U;

Switches switches_of(unsigned bits) {
    const auto bit = [bits](unsigned n) { return ((bits >> n) & 1U) != 0; };
    return {bit(0), bit(1), bit(2), bit(3), bit(4), bit(5), bit(6), bit(7), bit(8), bit(9), bit(10), bit(11)};
}

ConnectorFacts facts_of(const Switches& on, CpState state, Flow flow, ChargePointStatus previous) {
    ConnectorFacts facts;
    facts.reading.emplace();
    facts.reading->state = state;
    if (on.fault) facts.reading->fault = Fault{FaultCode::GroundFailure, "12", "leak"};
    facts.reading->locked_out = on.locked_out;
    facts.reading->finished = on.finished;
    facts.reading->derated = on.derated;
    if (on.lost) facts.lost_cause = "timeout";
    facts.transaction = on.transaction;
    facts.authorising = on.authorising;
    facts.finishing = on.finishing;
    facts.operative = on.operative;
    facts.offered = on.offered;
    facts.starting = on.starting;
    facts.reserved = on.reserved;
    facts.flow = flow;
    facts.previous = previous;
    return facts;
}

std::string words(const ConnectorFacts& facts, const ConnectorStatus& got) {
    const Reading& reading = *facts.reading;
    std::string text = "state " + std::to_string(static_cast<int>(reading.state));
    const auto add = [&](const char* name, bool on) { text += on ? std::string(" ") + name : ""; };
    add("fault", reading.fault.has_value());
    add("locked_out", reading.locked_out);
    add("finished", reading.finished);
    add("derated", reading.derated);
    add("lost", facts.lost_cause.has_value());
    add("transaction", facts.transaction);
    add("authorising", facts.authorising);
    add("finishing", facts.finishing);
    add("operative", facts.operative);
    add("offered", facts.offered);
    add("starting", facts.starting);
    add("reserved", facts.reserved);
    return text + " flow " + std::to_string(static_cast<int>(facts.flow)) + " after " +
           std::string(name_of(facts.previous)) + " gives " + std::string(name_of(got.status)) + " " +
           std::string(name_of(got.error));
}

/// Counts the combinations of which `rule` does not hold, and shows the first.
void expect_always(const std::function<bool(const ConnectorFacts&, const ConnectorStatus&)>& rule) {
    unsigned broken = 0;
    std::string first;
    for (unsigned bits = 0; bits < combinations; ++bits) {
        for (const auto state : states) {
            for (const auto flow : flows) {
                for (const auto previous : statuses) {
                    const auto facts = facts_of(switches_of(bits), state, flow, previous);
                    const auto got = derive_status(facts);
                    if (rule(facts, got)) continue;
                    if (broken++ == 0) first = words(facts, got);
                }
            }
        }
    }
    EXPECT_EQ(broken, 0U) << first;
}

bool has_fault(const ConnectorFacts& facts) {
    const Reading& reading = *facts.reading;
    const bool pilot = reading.state == CpState::E || reading.state == CpState::F;
    return (reading.fault && !reading.derated) || (pilot && !reading.locked_out);
}

bool is_sound(const ConnectorFacts& facts) {
    return !facts.lost_cause && !has_fault(facts);
}

bool one_of(ChargePointStatus status, std::initializer_list<ChargePointStatus> choices) {
    return std::find(choices.begin(), choices.end(), status) != choices.end();
}

TEST(ConnectorStatus, ALostChargerIsFaultedWhateverElse) {
    const ConnectorStatus lost{Faulted, ChargePointErrorCode::OtherError, "timeout", "COMM_LOST"};
    expect_always([&](const auto& facts, const auto& got) { return !facts.lost_cause || got == lost; });
    ConnectorFacts never_seen;
    never_seen.lost_cause = "timeout";
    EXPECT_EQ(derive_status(never_seen), lost);
}

TEST(ConnectorStatus, AFaultOfTheChargerIsFaultedWithItsOwnCode) {
    expect_always([](const auto& facts, const auto& got) {
        if (facts.lost_cause || !facts.reading->fault || facts.reading->derated) return true;
        return got == ConnectorStatus{Faulted, ChargePointErrorCode::GroundFailure, "leak", "12"};
    });
}

TEST(ConnectorStatus, FaultedComesWithAReasonAndFromNothingElse) {
    expect_always([](const auto& facts, const auto& got) {
        const bool faulted = got.status == Faulted;
        return faulted == !is_sound(facts) && (!faulted || got.error != ChargePointErrorCode::NoError);
    });
}

TEST(ConnectorStatus, ADeratingChargerWarnsAndGoesOn) {
    expect_always([](const auto& facts, const auto& got) {
        if (!is_sound(facts) || !facts.reading->fault) return true;
        return got.error == ChargePointErrorCode::GroundFailure && got.vendor_error_code == "12";
    });
}

TEST(ConnectorStatus, ATransactionIsNeverHiddenBehindAFreeConnector) {
    expect_always([](const auto& facts, const auto& got) {
        if (!facts.transaction || !is_sound(facts)) return true;
        return one_of(got.status, {Preparing, Charging, SuspendedEV, SuspendedEVSE, Finishing});
    });
}

TEST(ConnectorStatus, WithoutATransactionNothingCharges) {
    expect_always([](const auto& facts, const auto& got) {
        return facts.transaction || !one_of(got.status, {Charging, SuspendedEV, SuspendedEVSE});
    });
}

TEST(ConnectorStatus, ChargingIsAClosedContactorWithPowerInATransaction) {
    expect_always([](const auto& facts, const auto& got) {
        if (!facts.transaction || !is_sound(facts)) return true;
        const bool flows_now = facts.reading->state == CpState::C2 && facts.flow == Flow::flowing;
        const bool may_hold = facts.previous == Charging && facts.reading->state != CpState::A;
        return flows_now ? got.status == Charging : got.status != Charging || may_hold;
    });
}

TEST(ConnectorStatus, WhatIsNotOfferedIsSuspendedByTheEvse) {
    expect_always([](const auto& facts, const auto& got) {
        const bool plain = facts.transaction && is_sound(facts) && !facts.offered && !facts.starting &&
                           !facts.reading->finished && facts.reading->state != CpState::unknown;
        const bool flows_now = facts.reading->state == CpState::C2 && facts.flow == Flow::flowing;
        return !plain || flows_now || got.status == SuspendedEVSE;
    });
}

TEST(ConnectorStatus, WhatIsOfferedAndNotTakenIsSuspendedByTheCar) {
    expect_always([](const auto& facts, const auto& got) {
        const Reading& reading = *facts.reading;
        const bool idle_c2 = reading.state == CpState::C2 && facts.flow == Flow::idle;
        const bool plain = facts.transaction && is_sound(facts) && facts.offered && !facts.starting &&
                           !reading.finished && !reading.locked_out;
        return !plain || !(reading.state == CpState::B2 || idle_c2) || got.status == SuspendedEV;
    });
}

TEST(ConnectorStatus, PreparingStaysWhileTheFirstCurrentIsOnItsWay) {
    expect_always([](const auto& facts, const auto& got) {
        const bool just_begun = facts.transaction && facts.starting && facts.previous == Preparing &&
                                is_sound(facts) && facts.reading->state != CpState::A;
        return !just_begun || one_of(got.status, {Preparing, Charging});
    });
}

TEST(ConnectorStatus, OutOfServiceIsUnavailableUnlessATransactionRuns) {
    expect_always([](const auto& facts, const auto& got) {
        const bool out = !facts.operative || facts.reading->locked_out;
        if (facts.transaction || !is_sound(facts) || !out) return true;
        return got.status == Unavailable;
    });
}

TEST(ConnectorStatus, AFreeConnectorFollowsTheCable) {
    expect_always([](const auto& facts, const auto& got) {
        const Reading& reading = *facts.reading;
        const bool plain = !facts.transaction && is_sound(facts) && facts.operative && !reading.locked_out &&
                           reading.state != CpState::unknown;
        if (!plain) return true;
        if (facts.authorising) return got.status == Preparing;
        const bool over = facts.finishing || reading.finished;
        if (facts.reserved && !over) return got.status == Reserved;
        if (!is_plugged(reading.state)) return got.status == Available;
        return got.status == (over ? Finishing : Preparing);
    });
}

TEST(ConnectorStatus, ReservedIsNeverShownWithoutAReservation) {
    expect_always(
        [](const auto& facts, const auto& got) { return facts.reserved || got.status != Reserved; });
}

TEST(ConnectorStatus, ACarThatAsksForVentilationIsWarnedOf) {
    const auto got = derive_status(facts_of(switches_of(1U << 8U), CpState::D, Flow::idle, Available));
    EXPECT_EQ(got.status, Preparing);
    EXPECT_EQ(got.error, ChargePointErrorCode::OtherError);
    EXPECT_EQ(got.vendor_error_code, "D");
}

TEST(ConnectorStatus, ABrokenPilotSaysWhichStateItIsIn) {
    const auto at = [](CpState state) {
        return derive_status(facts_of(switches_of(1U << 8U), state, Flow::idle, Available));
    };
    EXPECT_EQ(at(CpState::E).error, ChargePointErrorCode::EVCommunicationError);
    EXPECT_EQ(at(CpState::E).vendor_error_code, "E");
    EXPECT_EQ(at(CpState::F).error, ChargePointErrorCode::InternalError);
    EXPECT_EQ(at(CpState::F).vendor_error_code, "F");
}

TEST(ConnectorStatus, EveryFaultCodeGoesOutUnderItsOwnName) {
    const auto error_of = [](FaultCode code) {
        auto facts = facts_of(switches_of(0), CpState::A, Flow::idle, Available);
        facts.reading->fault = Fault{code, "1", ""};
        return name_of(derive_status(facts).error);
    };
    EXPECT_EQ(error_of(FaultCode::ConnectorLockFailure), "ConnectorLockFailure");
    EXPECT_EQ(error_of(FaultCode::EVCommunicationError), "EVCommunicationError");
    EXPECT_EQ(error_of(FaultCode::GroundFailure), "GroundFailure");
    EXPECT_EQ(error_of(FaultCode::HighTemperature), "HighTemperature");
    EXPECT_EQ(error_of(FaultCode::InternalError), "InternalError");
    EXPECT_EQ(error_of(FaultCode::OtherError), "OtherError");
    EXPECT_EQ(error_of(FaultCode::OverCurrentFailure), "OverCurrentFailure");
    EXPECT_EQ(error_of(FaultCode::OverVoltage), "OverVoltage");
    EXPECT_EQ(error_of(FaultCode::PowerMeterFailure), "PowerMeterFailure");
    EXPECT_EQ(error_of(FaultCode::PowerSwitchFailure), "PowerSwitchFailure");
    EXPECT_EQ(error_of(FaultCode::ReaderFailure), "ReaderFailure");
    EXPECT_EQ(error_of(FaultCode::ResetFailure), "ResetFailure");
    EXPECT_EQ(error_of(FaultCode::UnderVoltage), "UnderVoltage");
    EXPECT_EQ(error_of(FaultCode::WeakSignal), "WeakSignal");
}

}  // namespace
}  // namespace busbar::ocpp
