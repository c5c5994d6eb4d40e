// SPDX-License-Identifier: Apache-2.0
// When a SIM's PIN may be sent without a person: three wrong ones block the SIM, so each is tried once. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/secret.hpp"
#include "gateway/uplink/modem_facts.hpp"

namespace busbar::gateway {

enum class PinOutcome : std::uint8_t {
    sent,   ///< no answer is known: the power may have gone
    right,  ///< it opened the SIM; it may be sent at each start of the modem
    wrong,
};

/// What became of each PIN with each SIM, as a small text that outlives restarts. It holds digests, but four
/// digits are guessed quickly: keep it as close as the PIN itself.
class PinMemory {
  public:
    PinMemory() = default;
    /// Lines that are none are left out.
    explicit PinMemory(std::string_view text);
    [[nodiscard]] std::string text() const;

    /// `iccid` "": the modem tells it only after the PIN; such SIMs count as one.
    [[nodiscard]] std::optional<PinOutcome> outcome(const std::string& iccid, const Secret& pin) const;
    void remember(const std::string& iccid, const Secret& pin, PinOutcome outcome);
    /// It was not sent after all.
    void forget(const std::string& iccid, const Secret& pin);

  private:
    std::map<std::string, PinOutcome> outcomes_;  ///< by digest of ICCID and PIN
};

struct PinDecision {
    bool send = false;
    std::string ask;  ///< why a person has to decide, with the cure; "": nothing is asked
};

/// Sends only a PIN that was never tried with this SIM, or that opened it before, and only while at least two
/// tries are left and known: one remains for the person then.
PinDecision decide_pin(const ModemFacts& modem, const Secret& pin, const PinMemory& memory);

}  // namespace busbar::gateway
