// SPDX-License-Identifier: Apache-2.0
// The charging profiles of one charge point and the current they allow (OCPP 1.6 section 3.13, R76 to R86).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/units.hpp"
#include "ocpp/date_time.hpp"
#include "ocpp/effect.hpp"
#include "ocpp/messages.hpp"
#include "ocpp/schedule.hpp"

namespace busbar::ocpp {

/// The transaction a limit is asked for.
struct TransactionContext {
    std::string local_id;  ///< message id of its StartTransaction
    Stamp start;
};

/// How W becomes A on this installation.
struct Supply {
    int phases = 3;
    Volts voltage{230};
};

struct AllowedCurrent {
    std::optional<Amperes> limit;        ///< per phase; empty: no profile says anything
    std::optional<UtcTime> next_change;  ///< when to ask again
};

class ChargingProfiles {
  public:
    static constexpr std::string_view record_kind = "charging_profile";

    explicit ChargingProfiles(const std::vector<Record>& saved);

    /// Replaces one of equal id, or of equal stack level, purpose and connector (R78), here and in the store.
    /// `transaction` is the local id a TxProfile belongs to, else "".
    void install(ConnectorId connector, ChargingProfile profile, const std::string& transaction, UtcTime now,
                 Effects& effects);

    /// R84; false: nothing matched.
    bool clear(const ClearChargingProfileReq& filter, Effects& effects);

    /// A TxProfile dies with its transaction.
    void forget_transaction(const std::string& transaction, Effects& effects);

    /// How many there would be with `profile` installed too.
    [[nodiscard]] std::size_t size_with(ConnectorId connector, const ChargingProfile& profile) const;

    /// The present limit for a transaction on `connector`. While UTC is unknown each schedule counts with its
    /// lowest limit: never too much.
    [[nodiscard]] AllowedCurrent allowed(ConnectorId connector, const TransactionContext& transaction,
                                         const Supply& supply, const Now& now) const;

  private:
    struct Installed {
        ConnectorId connector = 0;
        ChargingProfile profile;
        std::string transaction;
        UtcTime since;
    };

    [[nodiscard]] static bool replaces(ConnectorId connector, const ChargingProfile& profile,
                                       const Installed& earlier);
    template <class Predicate>
    bool erase_where(Predicate predicate, Effects& effects);

    struct Best {
        const Installed* profile = nullptr;
        ChargingSchedulePeriod period;
    };
    [[nodiscard]] Best best_of(ChargingProfilePurposeType purpose, ConnectorId connector,
                               const TransactionContext& transaction, const Now& now,
                               std::optional<UtcTime>& next_change) const;

    std::vector<Installed> installed_;
};

}  // namespace busbar::ocpp
