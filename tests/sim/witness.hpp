// SPDX-License-Identifier: Apache-2.0
// All rules about one charge point together: who sees what.
#pragma once

#include "tests/sim/key_rules.hpp"
#include "tests/sim/limit_rules.hpp"
#include "tests/sim/link_rules.hpp"
#include "tests/sim/message_rules.hpp"
#include "tests/sim/status_rules.hpp"
#include "tests/sim/transaction_rules.hpp"

namespace busbar::simulation {

class Witness {
  public:
    Witness(const Scene& scene, const SimulatedCharger& charger)
        : scene_(scene),
          link(scene),
          messages(scene),
          transactions(scene),
          limits(scene, transactions),
          status(scene, charger, transactions, limits),
          keys(scene) {}

    void on_sent(const Json& frame);
    void on_received(const Json& frame);
    void on_connected();
    void on_disconnected();
    /// A Reset: the charge point begins anew in the same process.
    void on_fresh_start();
    void on_process_end();

    void on_loaded(const ocpp::Saved& saved) { transactions.on_loaded(saved); }
    void on_enqueued(const ocpp::QueuedMessage& message);
    void on_committed();

    /// After a poll. `disk_good_since`, `peace_since`: the site's; empty while it is not so.
    void on_time(std::optional<Moment> disk_good_since, std::optional<Moment> peace_since,
                 const std::vector<ocpp::ConnectorView>& views);

  private:
    Scene scene_;
    std::optional<Moment> online_since_;

  public:
    LinkRules link;
    MessageRules messages;
    TransactionRules transactions;
    LimitRules limits;
    StatusRules status;
    KeyRules keys;
};

}  // namespace busbar::simulation
