// SPDX-License-Identifier: Apache-2.0
// The words that ocpp/ and adapters/ share: what a charger is, what it says, what it can be told.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/base/units.hpp"

namespace busbar {

using ConnectorId = int;  ///< 1..n as OCPP counts them; 0 is the whole charge point

/// Control pilot state after IEC 61851-1, B and C split by whether the charger offers current.
enum class CpState {
    unknown,  ///< starting, updating, or a value the profile does not know
    A,        ///< no car
    B1,       ///< car plugged, charger does not offer (paused, waits for authorisation)
    B2,       ///< car plugged, charger offers, car does not ask
    C1,       ///< car asks, charger does not offer
    C2,       ///< contactor closed: charging
    D,        ///< car asks for ventilation
    E,        ///< no pilot: short circuit, no supply
    F,        ///< charger not available
};

/// OCPP 1.6 section 7.6 without NoError; the names are the wire's.
enum class FaultCode {
    ConnectorLockFailure,
    EVCommunicationError,
    GroundFailure,
    HighTemperature,
    InternalError,
    OtherError,
    OverCurrentFailure,
    OverVoltage,
    PowerMeterFailure,
    PowerSwitchFailure,
    ReaderFailure,
    ResetFailure,
    UnderVoltage,
    WeakSignal,
};

struct Fault {
    FaultCode code = FaultCode::OtherError;
    std::string vendor_code;  ///< the charger's own code, decimal or hex, as its manual prints it
    std::string text;         ///< what the manual calls it; becomes OCPP `info`
    friend bool operator==(const Fault&, const Fault&) = default;
};

/// A value with the time its register was read, so that age is never guessed.
template <class T>
struct Measured {
    T value;
    SteadyTime taken_at;
};

/// One look at one connector of a charger. What the charger does not say is empty, never invented.
struct Reading {
    CpState state = CpState::unknown;
    SteadyTime taken_at;  ///< when `state` was read
    /// Not empty: this connector has stopped answering while its charger goes on, and why; all else is what
    /// was known of it last.
    std::string silence;

    std::optional<Measured<WattHours>> energy_import;   ///< lifetime register, never rebased
    std::optional<Measured<WattHours>> energy_session;  ///< a counter that may fall back to zero
    std::optional<Measured<Watts>> power;
    std::array<std::optional<Measured<Amperes>>, 3> current;
    std::array<std::optional<Measured<Volts>>, 3> voltage;
    std::optional<Amperes> offered;  ///< what the charger says it signals to the car, per phase
    std::optional<Celsius> temperature;
    std::optional<Percent> soc;
    std::optional<std::string> id_tag;  ///< card at the charger's reader
    std::optional<Fault> fault;

    bool auth_wait = false;       ///< the charger itself waits for an authorisation
    bool locked_out = false;      ///< taken out of service at the charger
    bool finished = false;        ///< the charger says its own session is over
    bool derated = false;         ///< the charger reduces current by itself (temperature, imbalance)
    std::optional<int> phases{};  ///< SetPhases put in force since the charger answers; empty: not known
};

/// Who the device says it is; empty where it does not say.
struct DeviceIdentity {
    std::string serial;
    std::string firmware;
    std::string meter_serial;
    std::string meter_type;
    friend bool operator==(const DeviceIdentity&, const DeviceIdentity&) = default;
};

/// What a charger can do. Starts as the profile's word; registers read at start may narrow it.
struct Capabilities {
    int connectors = 1;
    int phases = 3;
    Amperes min_current{6};   ///< smallest limit that is not a pause
    Amperes max_current{32};  ///< the model's or this unit's own maximum
    Amperes step{1};          ///< limits are rounded down to this
    bool wake_up = false;     ///< WakeUp works
    bool reboot = false;      ///< Reboot works
    bool unlock = false;      ///< there is a lock on the connector, and Unlock opens it
    bool card_reader = false;
    bool switch_phases = false;  ///< SetPhases works
    friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

/// Offer this much per phase; below min_current pauses, 0 A pauses. The driver keeps it in force
/// (keep-alive, read-back, after recovery) until the next one.
struct SetLimit {
    ConnectorId connector;
    Amperes limit;
};
/// Charge on one phase or on all three: pause, wait until no current flows, switch, let it settle. Paused it
/// stays, also after an error, until the next SetLimit; so it does when the charger falls silent on one phase
/// and may have come back on three. What it is on already is done at once.
struct SetPhases {
    ConnectorId connector;
    int phases;  ///< 1 or 3
};
/// Make a sleeping car ask again (pilot interruption or what the model has for it).
struct WakeUp {
    ConnectorId connector;
};
/// Let go of the cable.
struct Unlock {
    ConnectorId connector;
};
/// Restart the charger's own controller.
struct Reboot {};
/// Read every value of the connector anew, before the next poll is due.
struct Refresh {
    ConnectorId connector;
};
using Command = std::variant<SetLimit, WakeUp, Unlock, Reboot, Refresh, SetPhases>;

}  // namespace busbar
