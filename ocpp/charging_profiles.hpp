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
    int drawn_on = 1;  ///< W are divided by at least so many: on which the charger is now
};

/// The connectors that draw from the ChargePointMaxProfile, as one of them sees it.
struct Sharing {
    int sharers = 1;     ///< with a transaction, this one included
    int before = 0;      ///< of them, began earlier
    Amperes minimum{0};  ///< with which a charger charges at all
};

struct AllowedCurrent {
    std::optional<Amperes> limit;        ///< per phase; empty: no profile says anything
    std::optional<UtcTime> next_change;  ///< until then it stays so
    int phases = 3;  ///< to draw it on: the fewest of the supply and the profiles in force
    std::optional<Amperes> efficient_from;  ///< per phase: the highest minChargingRate of those in force
    bool of_transaction = false;  ///< one of the transaction is in force, not a ChargePointMaxProfile alone
};

class ChargingProfiles {
  public:
    static constexpr std::string_view record_kind = "charging_profile";

    explicit ChargingProfiles(const std::vector<Record>& saved);

    /// Replaces one of equal id, or of equal stack level, purpose and connector (R78), here and in the store.
    /// `transaction` is the local id a TxProfile belongs to, else "". `now` empty: UTC is unknown, date()
    /// tells.
    void install(ConnectorId connector, ChargingProfile profile, const std::string& transaction,
                 std::optional<UtcTime> now, Effects& effects);

    /// UTC is known: whatever was installed while it was not counts as installed now.
    void date(UtcTime now, Effects& effects);

    /// R84; false: nothing matched.
    bool clear(const ClearChargingProfileReq& filter, Effects& effects);

    /// A TxProfile dies with its transaction.
    void forget_transaction(const std::string& transaction, Effects& effects);

    /// How many there would be with `profile` installed too.
    [[nodiscard]] std::size_t size_with(ConnectorId connector, const ChargingProfile& profile) const;

    /// The present limit for a transaction on `connector`: what the highest stack level that says something
    /// allows, of its TxProfiles, else of the connector's TxDefaultProfiles, else of connector 0's; at most
    /// an equal share of the ChargePointMaxProfile (R79). Where the shares would be below the minimum, those
    /// that began last wait with 0 A. While UTC is unknown the lowest limit in any of these profiles counts:
    /// never too much.
    [[nodiscard]] AllowedCurrent allowed(ConnectorId connector, const TransactionContext& transaction,
                                         const Supply& supply, const Now& now,
                                         const Sharing& sharing = {}) const;

    /// The ChargePointMaxProfile alone, undivided.
    [[nodiscard]] AllowedCurrent ceiling(const Supply& supply, UtcTime at) const;

  private:
    struct Installed {
        ConnectorId connector = 0;
        ChargingProfile profile;
        std::string transaction;
        UtcTime since;  ///< 1970: installed while UTC was unknown
    };
    static void save(const Installed& entry, Effects& effects);

    [[nodiscard]] static bool replaces(ConnectorId connector, const ChargingProfile& profile,
                                       const Installed& earlier);
    [[nodiscard]] static bool rules_over(const Installed& a, const Installed& b);
    [[nodiscard]] static bool concerns(const Installed& entry, ConnectorId connector,
                                       const std::string& transaction);
    template <class Predicate>
    bool erase_where(Predicate predicate, Effects& effects);
    void insert(Installed entry);

    /// A profile and the period of it that counts.
    struct InForce {
        const ChargingProfile* profile = nullptr;
        ChargingSchedulePeriod period;
    };
    struct Prevailing {
        InForce of_transaction;
        InForce ceiling;
        std::optional<UtcTime> next_change;
    };
    template <class Predicate>
    [[nodiscard]] Prevailing prevailing(Predicate concerned, std::optional<UtcTime> transaction_start,
                                        UtcTime at) const;
    static void lower(AllowedCurrent& allowed, const InForce& rule, const Supply& supply,
                      const Sharing& sharing);
    [[nodiscard]] AllowedCurrent lowest(ConnectorId connector, const std::string& transaction,
                                        const Supply& supply, const Sharing& sharing) const;

    std::vector<Installed> installed_;  ///< whoever rules over another stands before it
};

}  // namespace busbar::ocpp
