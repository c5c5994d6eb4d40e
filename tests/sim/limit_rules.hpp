// SPDX-License-Identifier: Apache-2.0
// The current that is offered: nothing outside a transaction, never more than the installation, the charger
// and the Accepted profiles allow, and no less than that for long.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/profile_oracle.hpp"
#include "tests/sim/transaction_rules.hpp"

namespace busbar::simulation {

class LimitRules {
  public:
    LimitRules(const Scene& scene, const TransactionRules& transactions);

    void on_process_end();
    void on_link_lost() { profiles_.on_link_or_process_lost(); }
    void on_received(const Json& frame);
    void on_sent(const Json& frame) { profiles_.on_sent(frame); }
    /// The process has learnt what the charger can do; before, the driver alone keeps to it.
    void on_device_known() { device_known_ = true; }
    void on_transaction_begun(ConnectorId connector);
    void on_commanded(const SetLimit& set);
    /// The process has seen to everything that was due.
    void on_time();

    /// Last commanded by this process.
    [[nodiscard]] std::optional<double> commanded(ConnectorId connector) const;

  private:
    struct Commanded {
        std::optional<double> limit;
        std::optional<Moment> lower_since;  ///< it is lower than what is allowed
    };

    [[nodiscard]] double own_limit() const;
    [[nodiscard]] Sharers sharers(ConnectorId connector) const;
    [[nodiscard]] double most(ConnectorId connector, Moment at) const;
    [[nodiscard]] double most_about(ConnectorId connector) const;
    [[nodiscard]] bool may_be_closed() const;
    void check_enough(ConnectorId connector, Commanded& commanded);

    Scene scene_;
    const TransactionRules& transactions_;
    ProfileOracle profiles_;
    bool device_known_ = false;
    bool doubtful_ = false;  ///< a commit that a bad disk refused may be found made after a death
    std::set<std::string> refused_tags_;  ///< of transactions, by message id of the start
    std::vector<Commanded> commanded_;
};

}  // namespace busbar::simulation
