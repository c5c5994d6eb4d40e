// SPDX-License-Identifier: Apache-2.0
// The status last told of each connector, held against what the charger and the transaction are like, once
// nothing has changed for a while.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ocpp/connector.hpp"
#include "tests/sim/limit_rules.hpp"
#include "tests/sim/simulated_charger.hpp"

namespace busbar::simulation {

class StatusRules {
  public:
    StatusRules(const Scene& scene, const SimulatedCharger& charger, const TransactionRules& transactions,
                const LimitRules& limits);

    /// The central system starts from nothing.
    void on_fresh_start();
    void on_heard(const Json& request);
    /// Frames between charge point and central system: which connectors it was asked to reserve, and did.
    void on_received(const Json& frame);
    void on_sent(const Json& frame);

    /// `calm_since`: link, process and central system have been well since then. `views` is what the charge
    /// point itself derives.
    void on_time(std::optional<Moment> calm_since, const std::vector<ocpp::ConnectorView>& views);
    [[nodiscard]] bool all_available() const;
    void expect_all_available() const;

  private:
    struct Facts {
        CpState state;
        bool silent;
        bool faulted;
        bool draws;
        bool readable;
        bool transaction;
        bool offered;
        friend bool operator==(const Facts&, const Facts&) = default;
    };
    struct Connector {
        std::string told;  ///< status
        std::optional<Facts> facts;
        Moment facts_since{0};
        std::string derived;  ///< by the charge point
        Moment derived_since{0};
    };

    [[nodiscard]] bool may_be_reserved() const;
    [[nodiscard]] Facts facts_of(ConnectorId connector) const;
    [[nodiscard]] bool is_at_peace(const Connector& connector) const;
    [[nodiscard]] std::string expected(const Facts& facts) const;
    void check(ConnectorId id, const Connector& connector) const;

    Scene scene_;
    const SimulatedCharger& charger_;
    const TransactionRules& transactions_;
    const LimitRules& limits_;
    std::vector<Connector> connectors_;
    std::map<std::string, UtcTime> asked_;  ///< expiryDate of a ReserveNow, by its message id
    UtcTime reserved_until_;                ///< the latest of those Accepted, of whatever connector
};

}  // namespace busbar::simulation
