// SPDX-License-Identifier: Apache-2.0
// What ModemManager says of one modem, with its numbers as enumerations, and what that means for a person.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::gateway {

/// MMModemState of ModemManager 1.20.
enum class ModemState : std::int32_t {
    failed = -1,
    unknown,
    initializing,
    locked,
    disabled,
    disabling,
    enabling,
    enabled,
    searching,
    registered,
    disconnecting,
    connecting,
    connected,
};

/// "registered"; a number that is none of these is "unknown".
std::string_view to_string(ModemState state);

/// MMModemLock; those above puk2 lock the phone, not the SIM.
enum class SimLock : std::uint32_t { unknown, none, pin, pin2, puk, puk2 };

/// MMModem3gppRegistrationState; further ones are ways of being registered.
enum class Registration : std::uint32_t {
    idle,
    home,
    searching,
    denied,
    unknown,
    roaming,
    home_sms_only,
    roaming_sms_only,
    emergency_only,
};

/// MMModemStateFailedReason.
enum class ModemFailure : std::uint32_t { none, unknown, sim_missing, sim_error };

/// Everything may be missing: modems differ, and ModemManager learns step by step.
struct ModemFacts {
    ModemState state = ModemState::unknown;
    ModemFailure failure = ModemFailure::none;
    SimLock lock = SimLock::unknown;
    std::map<std::uint32_t, std::uint32_t> unlock_retries;  ///< by lock: tries left
    Registration registration = Registration::unknown;
    std::string operator_name;
    std::string operator_code;        ///< MCC and MNC: "26201"
    std::uint32_t access = 0;         ///< bits of MMModemAccessTechnology
    std::optional<unsigned> percent;  ///< of the signal
    std::optional<double> rssi;       ///< dBm
    std::optional<double> rsrp;       ///< dBm, LTE and 5G
    std::string imei;
    std::string sim;  ///< object path; "": none
    std::string iccid;
    std::string imsi;
    std::vector<std::string> ports;  ///< of the kernel: "wwan0", "ttyUSB2"

    friend bool operator==(const ModemFacts&, const ModemFacts&) = default;
};

/// Tries left for the SIM's PIN; empty: the modem does not say (0xFFFFFFFF, or nothing at all).
std::optional<unsigned> pin_retries(const ModemFacts& modem);

/// Why it carries no data, in words that follow the uplink's name: "waits: the SIM wants its PIN"; "" where
/// nothing stands in its way.
std::string hindrance_of(const ModemFacts& modem);

/// Switched on and in no network, with nothing to hear: no restart of a modem cures that.
bool lacks_coverage(const ModemFacts& modem);

/// "LTE", "HSPA+", "GPRS": the best one in use; "" none.
std::string access_word(std::uint32_t access);

/// Of the dBm where known, else of the percentage.
std::optional<int> csq_of(const ModemFacts& modem);

}  // namespace busbar::gateway
