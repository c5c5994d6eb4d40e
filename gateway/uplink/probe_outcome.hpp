// SPDX-License-Identifier: Apache-2.0
// What one look through one uplink found: how far it came on the way to the central system.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/time.hpp"
#include "gateway/link_failure.hpp"

namespace busbar::gateway {

struct ProbeOutcome {
    DialStep step = DialStep::tls;       ///< the last one tried: it failed, or it was as deep as asked for
    std::optional<LinkFailure> failure;  ///< empty: passed
    bool intercepted = false;    ///< somebody else answers for the central system: a captive portal, a proxy
    std::string portal;          ///< where the portal wants the browser, if it said; "" otherwise
    bool stale_address = false;  ///< dns did not answer; passed with the last good address
    /// Asked only after the central system did not answer: whether a neutral target did. Empty: not asked.
    std::optional<bool> neutral_answers;
    milliseconds took{0};  ///< of the TCP connect, when it succeeded

    [[nodiscard]] bool passed() const { return !failure; }
};

}  // namespace busbar::gateway
