// SPDX-License-Identifier: Apache-2.0
// The transactions the central system may not know everything about yet, as they are kept across a loss of
// power.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ocpp/date_time.hpp"
#include "ocpp/effect.hpp"
#include "ocpp/types.hpp"

namespace busbar::ocpp {

struct Transaction {
    std::string local_id;  ///< message id of its StartTransaction
    ConnectorId connector = 1;
    std::string id_tag;
    Stamp start;
    WattHours meter_start;
    std::optional<int> id;          ///< from StartTransaction.conf; -1 when that was given up (R34)
    bool open = true;               ///< no StopTransaction yet
    bool deauthorized = false;      ///< the tag was refused and the transaction goes on without energy (R38)
    std::string boot_id;            ///< of the machine that started it
    std::optional<IdToken> parent;  ///< parentIdTag of id_tag, where known
    std::optional<WattHours> energy_until;  ///< of a deauthorized one: it may draw up to here yet
    std::optional<Reason> stopping;         ///< a stop was decided, StopTransaction is not made yet
    std::string stopped_by;                 ///< tag that asked for it; "": its own
    bool remote = false;                    ///< RemoteStartTransaction began it
};

class TransactionLedger {
  public:
    static constexpr std::string_view record_kind = "transaction";

    explicit TransactionLedger(const std::vector<Record>& saved);

    /// Pointers stay good until the next add() or forget().
    Transaction& add(Transaction transaction, Effects& effects);
    Transaction* find(std::string_view local_id);
    [[nodiscard]] const Transaction* find(std::string_view local_id) const;
    Transaction* find_open(ConnectorId connector);
    Transaction* find_open_by_id(int id);
    [[nodiscard]] int count_open() const;
    /// How many open transactions began before that of `connector`.
    [[nodiscard]] int open_before(ConnectorId connector) const;

    /// Saves what the caller changed in one of ours.
    static void save(const Transaction& transaction, Effects& effects);

    /// Its StopTransaction is done with.
    void forget(std::string_view local_id, Effects& effects);

  private:
    std::vector<Transaction> transactions_;
};

}  // namespace busbar::ocpp
