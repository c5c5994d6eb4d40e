// SPDX-License-Identifier: Apache-2.0
// What a connector's status is: a total function of facts, not a chain of transitions. Polled hardware skips
// states.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/reading.hpp"
#include "ocpp/types.hpp"

namespace busbar::ocpp {

/// Whether energy flows to the car, judged over time by FlowDetector.
enum class Flow { flowing, idle, undecided };

/// All that decides a status (CONTRACT.md sections 3 and 4).
struct ConnectorFacts {
    std::optional<Reading> reading;         ///< the last one; empty before the first
    std::optional<std::string> lost_cause;  ///< the charger has not answered for too long
    bool transaction = false;
    bool authorising = false;  ///< an authorisation is asked for or waits for the cable
    bool finishing = false;    ///< a transaction ended and the car has not left yet
    bool operative = true;
    bool reserved = false;
    bool offered = false;   ///< we want to offer current: limit above 0
    bool starting = false;  ///< the transaction has begun, its first offer is on the way
    Flow flow = Flow::undecided;
    ChargePointStatus previous = ChargePointStatus::Available;  ///< the last one that was not Faulted
};

struct ConnectorStatus {
    ChargePointStatus status = ChargePointStatus::Available;
    ChargePointErrorCode error = ChargePointErrorCode::NoError;
    std::string info;
    std::string vendor_error_code;
    friend bool operator==(const ConnectorStatus&, const ConnectorStatus&) = default;
};

/// True in B, C and D: a car is plugged in.
bool is_plugged(CpState state);

/// For facts with a reading or a lost_cause.
ConnectorStatus derive_status(const ConnectorFacts& facts);

/// Watches power, else currents, else takes the charger's word (CONTRACT.md section 4).
class FlowDetector {
  public:
    static constexpr Watts flowing_above{50};
    static constexpr Amperes flowing_above_current{0.5};
    static constexpr seconds idle_after{10};

    void update(const Reading& reading, SteadyTime now);
    [[nodiscard]] Flow flow(SteadyTime now) const;
    /// Nothing is drawn any more, whatever the contactor says; without a meter: it is open. Or the car is
    /// gone.
    [[nodiscard]] bool at_rest() const { return at_rest_; }
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  private:
    bool flowing_ = false;
    bool at_rest_ = true;
    std::optional<SteadyTime> closed_without_power_since_;
};

}  // namespace busbar::ocpp
