// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/modem_facts.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "gateway/uplink/signal_quality.hpp"

namespace busbar::gateway {
namespace {

constexpr std::uint32_t untold = 0xFFFFFFFF;

template <class E>
struct Words {
    E value;
    std::string_view text;
};

template <class E, std::size_t N>
std::string words_for(E value, const std::array<Words<E>, N>& table) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.value == value; });
    return found == table.end() ? std::string() : std::string(found->text);
}

constexpr std::array<Words<ModemFailure>, 2> failures{
    {{ModemFailure::sim_missing, "has no SIM: insert one"},
     {ModemFailure::sim_error, "cannot read the SIM: seat it again or exchange it"}}};

constexpr std::array<Words<SimLock>, 4> locks{
    {{SimLock::pin, "waits: the SIM wants its PIN"},
     {SimLock::pin2, "waits: the SIM wants its second PIN"},
     {SimLock::puk, "waits: the SIM is blocked and wants its PUK, which only a person may enter"},
     {SimLock::puk2, "waits: the SIM wants its second PUK"}}};

constexpr std::array<Words<Registration>, 3> registrations{
    {{Registration::idle, "is not registered in any network"},
     {Registration::searching, "is searching for a network"},
     {Registration::denied, "is refused by the network: registration denied; ask the SIM's operator"}}};

constexpr std::array<Words<Registration>, 3> restrictions{
    {{Registration::emergency_only, "may only make emergency calls: ask the SIM's operator"},
     {Registration::home_sms_only, "is registered for text messages only"},
     {Registration::roaming_sms_only, "is registered for text messages only"}}};

constexpr std::array<Words<ModemState>, 5> states{
    {{ModemState::initializing, "has a modem that is starting"},
     {ModemState::disabled, "has a modem that is switched off"},
     {ModemState::disabling, "has a modem that is switching off"},
     {ModemState::enabling, "has a modem that is switching on"},
     {ModemState::connecting, "is connecting"}}};

/// MMModemAccessTechnology, the best first.
constexpr std::array<Words<std::uint32_t>, 13> technologies{{{1U << 15, "5G"},
                                                             {1U << 14, "LTE"},
                                                             {1U << 16, "LTE-M"},
                                                             {1U << 17, "NB-IoT"},
                                                             {1U << 9, "HSPA+"},
                                                             {1U << 8, "HSPA"},
                                                             {1U << 7, "HSUPA"},
                                                             {1U << 6, "HSDPA"},
                                                             {1U << 5, "UMTS"},
                                                             {1U << 4, "EDGE"},
                                                             {1U << 3, "GPRS"},
                                                             {1U << 2, "GSM"},
                                                             {1U << 1, "GSM"}}};

std::string failure_words(const ModemFacts& modem) {
    const auto words = words_for(modem.failure, failures);
    return words.empty() ? "has a modem that failed, and does not say why" : words;
}

std::string lock_words(const ModemFacts& modem) {
    const auto words = words_for(modem.lock, locks);
    return words.empty() ? "waits: the modem is locked by its maker or operator" : words;
}

constexpr std::array<std::string_view, 13> state_words{
    "failed",  "unknown",   "initializing", "locked",        "disabled",   "disabling", "enabling",
    "enabled", "searching", "registered",   "disconnecting", "connecting", "connected"};

}  // namespace

std::string_view to_string(ModemState state) {
    const auto index = std::int64_t{static_cast<std::int32_t>(state)} + 1;
    const bool is_known = index >= 0 && index < std::ssize(state_words);
    return is_known ? state_words.at(static_cast<std::size_t>(index)) : to_string(ModemState::unknown);
}

std::optional<unsigned> pin_retries(const ModemFacts& modem) {
    const auto found = modem.unlock_retries.find(static_cast<std::uint32_t>(SimLock::pin));
    if (found == modem.unlock_retries.end() || found->second == untold) return std::nullopt;
    return found->second;
}

std::string hindrance_of(const ModemFacts& modem) {
    if (modem.state == ModemState::failed) return failure_words(modem);
    if (modem.state == ModemState::locked) return lock_words(modem);
    if (auto words = words_for(modem.state, states); !words.empty()) return words;
    if (modem.state == ModemState::connected || modem.state == ModemState::unknown) return {};
    if (auto words = words_for(modem.registration, restrictions); !words.empty()) return words;
    if (modem.state >= ModemState::registered) return "is registered but not connected";
    const auto words = words_for(modem.registration, registrations);
    return words.empty() ? words_for(Registration::searching, registrations) : words;
}

bool lacks_coverage(const ModemFacts& modem) {
    const bool registered =
        modem.state >= ModemState::registered && modem.registration != Registration::emergency_only;
    return modem.state >= ModemState::enabled && !registered && csq_of(modem).value_or(0) == 0;
}

std::string access_word(std::uint32_t access) {
    const auto best = std::find_if(technologies.begin(), technologies.end(),
                                   [&](const auto& row) { return (access & row.value) != 0; });
    return best == technologies.end() ? std::string() : std::string(best->text);
}

std::optional<int> csq_of(const ModemFacts& modem) {
    if (modem.rssi) return csq_of_dbm(*modem.rssi);
    if (modem.percent) return csq_of_percent(*modem.percent);
    return std::nullopt;
}

}  // namespace busbar::gateway
