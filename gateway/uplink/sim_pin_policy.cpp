// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/sim_pin_policy.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace busbar::gateway {
namespace {

constexpr unsigned tries_to_keep = 2;
/// A box sees a handful of SIMs in its life; a file that says otherwise is none of ours.
constexpr std::size_t remembered_most = 1000;

constexpr std::array<std::string_view, 3> outcome_words{"sent", "right", "wrong"};

std::string digest_of(const std::string& iccid, const Secret& pin) {
    const Secret both(fmt::format("{}:{}", iccid, pin.reveal()));
    std::array<unsigned char, SHA256_DIGEST_LENGTH> bytes{};
    SHA256(reinterpret_cast<const unsigned char*>(both.reveal().data()), both.reveal().size(), bytes.data());
    return fmt::format("{:02x}", fmt::join(bytes, ""));
}

}  // namespace

PinMemory::PinMemory(std::string_view text) {
    std::istringstream lines{std::string(text)};
    std::string digest;
    std::string word;
    while (outcomes_.size() < remembered_most && lines >> digest >> word) {
        const auto found = std::find(outcome_words.begin(), outcome_words.end(), word);
        if (found != outcome_words.end())
            outcomes_[digest] = static_cast<PinOutcome>(found - outcome_words.begin());
    }
}

std::string PinMemory::text() const {
    std::string text;
    for (const auto& [digest, outcome] : outcomes_)
        text += fmt::format("{} {}\n", digest, outcome_words.at(static_cast<std::size_t>(outcome)));
    return text;
}

std::optional<PinOutcome> PinMemory::outcome(const std::string& iccid, const Secret& pin) const {
    const auto found = outcomes_.find(digest_of(iccid, pin));
    return found == outcomes_.end() ? std::nullopt : std::optional(found->second);
}

void PinMemory::remember(const std::string& iccid, const Secret& pin, PinOutcome outcome) {
    outcomes_[digest_of(iccid, pin)] = outcome;
}

void PinMemory::forget(const std::string& iccid, const Secret& pin) {
    outcomes_.erase(digest_of(iccid, pin));
}

PinDecision decide_pin(const ModemFacts& modem, const Secret& pin, const PinMemory& memory) {
    if (modem.state != ModemState::locked || modem.lock != SimLock::pin || modem.sim.empty()) return {};
    if (pin.empty()) return {.ask = "the SIM wants its PIN: set pin or pin_file of the uplink"};
    const auto before = memory.outcome(modem.iccid, pin);
    if (before == PinOutcome::wrong)
        return {.ask = "the SIM refused this PIN before and it is not tried again: correct the uplink's PIN"};
    if (before == PinOutcome::sent)
        return {.ask =
                    "this PIN was sent to the SIM once and the answer was lost: unlock the SIM by hand "
                    "(mmcli --pin), or switch its PIN off"};
    const auto left = pin_retries(modem);
    if (!left)
        return {.ask =
                    "the modem does not say how many tries the SIM has left: unlock it by hand (mmcli "
                    "--pin), or switch its PIN off"};
    if (*left < tries_to_keep)
        return {.ask = fmt::format("the SIM has {} left and none is risked: unlock it by hand (mmcli --pin)",
                                   *left == 1 ? "one try" : "no try")};
    return {.send = true, .ask = {}};
}

}  // namespace busbar::gateway
