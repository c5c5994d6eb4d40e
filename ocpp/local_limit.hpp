// SPDX-License-Identifier: Apache-2.0
// What somebody at the gateway allows a connector, beside the central system: the smaller of both counts.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/base/reading.hpp"
#include "ocpp/effect.hpp"

namespace busbar::ocpp {

struct LocalLimit {
    bool paused = false;
    std::optional<Amperes> limit{};  ///< per phase; stays while paused

    /// Empty: nothing is held back.
    [[nodiscard]] std::optional<Amperes> most() const { return paused ? Amperes(0) : limit; }
    friend bool operator==(const LocalLimit&, const LocalLimit&) = default;
};

/// Why a connector offers no more than it does.
enum class LimitedBy {
    central_system,  ///< a charging profile, or a tag that it refused
    installation,    ///< max_current of the settings
    group,           ///< others on the same feed
    local,           ///< a LocalLimit
    charger,         ///< its own maximum, a fault, or it is lost
    car,             ///< takes nothing of what is offered
    off_peak,        ///< the default charging hours (OwnSchedule)
    delay,           ///< the random delay (OwnSchedule)
};

/// Of all connectors of one charge point; kept across a loss of power.
class LocalLimits {
  public:
    static constexpr std::string_view record_kind = "local_limit";

    explicit LocalLimits(const std::vector<Record>& saved);

    [[nodiscard]] LocalLimit of(ConnectorId connector) const;
    void set(ConnectorId connector, const LocalLimit& limit, Effects& effects);

    /// A limit to try the charger with: counts beside the other, and is forgotten with the process. Empty: no
    /// more.
    void try_out(ConnectorId connector, std::optional<Amperes> limit);
    /// The smaller of both; empty: nothing is held back.
    [[nodiscard]] std::optional<Amperes> most(ConnectorId connector) const;

  private:
    std::map<ConnectorId, LocalLimit> limits_;
    std::map<ConnectorId, Amperes> trials_;
};

}  // namespace busbar::ocpp
