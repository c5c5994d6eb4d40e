// SPDX-License-Identifier: Apache-2.0
// The gateway's own schedule on one connector: the default charging hours, and the random delay that keeps a
// street from switching at once.
//
// It is made for The Electric Vehicles (Smart Charge Points) Regulations 2021 (SI 2021/1467), of which
// regulation 10 is about the hours and regulation 11 about the delay. It only ever holds back: whatever
// anybody else allows less counts at once. A transaction starts, is metered and ends as it does without.
//
// Hours: outside them a transaction gets 0 A. They do not count where the central system has its say, by a
// TxProfile or TxDefaultProfile that says something at the moment or by RemoteStartTransaction; nor after
// charge_now(); nor while UTC is unknown, for a building without network still charges cars.
//
// Delay: drawn anew, evenly and to the second, from 0 to `random_delay`, each time that more current would
// flow than does: at the start of a transaction, after a loss of power, when the hours begin, when charging
// profiles allow more. Until it is over what flowed goes on to flow. When the hours end it keeps the current
// on likewise; a lower limit of the central system is a limit and is never put off, though regulation 11
// would have it delayed: it may spread those itself. A change that is taken back meanwhile is forgotten, one
// that becomes another keeps the delay that runs. What a person allows (a local limit), what others on the
// feed leave and what the charger can are no changes in this sense.
#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/units.hpp"
#include "ocpp/charging_hours.hpp"
#include "ocpp/transaction_ledger.hpp"

namespace busbar::ocpp {

/// Of one charge point.
struct ChargingTimes {
    static constexpr seconds longest_delay{1800};  ///< regulation 11(1)(a)

    seconds random_delay{0};  ///< the longest; 0: none
    /// False: what the central system starts and allows is not delayed, because it does that itself or
    /// responds to the grid (regulation 11(2)(b) and (c)).
    bool delay_central_system = true;
    ChargingHours off_peak{};
    /// From 0 to below 1, asked once a delay; needed where random_delay is not 0.
    std::function<double()> random{};

    [[nodiscard]] bool any() const { return random_delay > seconds(0) || off_peak.any(); }
};

class OwnSchedule {
  public:
    static constexpr std::string_view record_kind = "own_schedule";

    /// What others allow the transaction of the connector.
    struct Goal {
        Amperes limit;            ///< per phase
        bool by_profile = false;  ///< a TxProfile or TxDefaultProfile is in force
    };
    struct Held {
        Amperes limit;
        bool off_peak = false;              ///< the hours hold it back; else a delay
        std::optional<SteadyTime> until{};  ///< empty: nobody knows
    };

    /// `saved`: the record; "": none. `resumed`: local id of the transaction that is open already; "": none.
    explicit OwnSchedule(std::string_view saved = {}, std::string resumed = {});

    /// Once before held() is asked. `boot`: of the machine; where it is another than before, the power was
    /// lost, and the current starts anew. Else a delay that runs goes on, also in another process.
    void update(const ChargingTimes& times, const Transaction& transaction, const Goal& goal,
                const std::string& boot, const Now& now);

    /// For the rest of this transaction neither hours nor delays count: the override of regulations 10
    /// and 11.
    void charge_now(const Transaction& transaction, const std::string& boot);
    [[nodiscard]] bool overridden(const Transaction& transaction) const;

    /// Empty: it holds nothing back.
    [[nodiscard]] const std::optional<Held>& held() const { return held_; }
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return next_deadline_; }
    /// The record, where it has to be saved; once.
    [[nodiscard]] std::optional<std::string> take_record();

    /// The hours count for it, as far as no charging profile is in force.
    [[nodiscard]] bool keeps_hours(const Transaction& transaction) const;

  private:
    /// The hours at an instant, and how long that stays true.
    struct Look {
        UtcTime from;
        std::optional<UtcTime> change;
        bool open = true;
    };
    void follow(const Transaction& transaction, const std::string& boot);
    const Look& look(const ChargingHours& hours, UtcTime now);
    void pass(Amperes target, seconds longest, const ChargingTimes& times, SteadyTime now);

    std::string transaction_;  ///< local id of the one that all below is about
    std::string boot_;         ///< "": of the transaction's start
    Amperes passed_{std::numeric_limits<double>::max()};
    std::optional<SteadyTime> until_;  ///< a delay runs
    bool overridden_ = false;
    bool unsaved_ = false;

    std::optional<Look> look_;
    std::optional<Held> held_;
    std::optional<SteadyTime> next_deadline_;
};

}  // namespace busbar::ocpp
