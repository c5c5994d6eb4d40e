// SPDX-License-Identifier: Apache-2.0
// Which connectors the central system has taken out of service (OCPP 1.6 section 5.2, R61). Kept across a
// loss of power, a change that waits for the end of a transaction too.
#pragma once

#include <string_view>
#include <vector>

#include "ocpp/effect.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp {

class Availability {
  public:
    static constexpr std::string_view record_kind = "availability";

    /// Connectors 1 to `connectors`, and 0 for the charge point. Nothing saved: all operative.
    Availability(int connectors, const std::vector<Record>& saved);

    /// ChangeAvailability of one connector that exists, or of 0: the charge point and every connector. Where
    /// `busy` says that a connector is taken, Inoperative waits for release(); Operative never waits.
    template <class Busy>
    AvailabilityStatus change(ConnectorId id, AvailabilityType type, Busy busy, Effects& effects) {
        bool waits = false;
        if (id != 0) return change_one(id, type, busy(id), effects);
        for (ConnectorId one = 1; one < size(); ++one) {
            waits = change_one(one, type, busy(one), effects) == AvailabilityStatus::Scheduled || waits;
        }
        return change_one(0, type, waits, effects);
    }

    /// The connector is not taken any more: what waits comes into force.
    void release(ConnectorId id, Effects& effects);

    [[nodiscard]] bool operative(ConnectorId id) const { return at(id) != State::inoperative; }

  private:
    enum class State { operative, scheduled, inoperative };

    [[nodiscard]] ConnectorId size() const { return static_cast<ConnectorId>(states_.size()); }
    [[nodiscard]] State at(ConnectorId id) const { return states_.at(static_cast<std::size_t>(id)); }
    AvailabilityStatus change_one(ConnectorId id, AvailabilityType type, bool busy, Effects& effects);
    void set(ConnectorId id, State state, Effects& effects);

    std::vector<State> states_;
};

}  // namespace busbar::ocpp
