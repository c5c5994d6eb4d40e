// SPDX-License-Identifier: Apache-2.0
// One connector: what the charger says of it, the transaction on it, what it may offer, and what is told of
// all that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "ocpp/authorization.hpp"
#include "ocpp/connector_status.hpp"
#include "ocpp/context.hpp"
#include "ocpp/energy_register.hpp"
#include "ocpp/limiter.hpp"
#include "ocpp/measurands.hpp"
#include "ocpp/meter_sampler.hpp"
#include "ocpp/status_reporter.hpp"

namespace busbar::ocpp {

/// For status pages.
struct ConnectorView {
    ConnectorId id = 1;
    std::optional<ConnectorStatus> status;
    const Transaction* transaction = nullptr;  ///< the open one
    Amperes wanted;
    std::optional<Amperes> applied;
    std::optional<Watts> power;
    std::optional<WattHours> energy;
    EnergyOrigin energy_origin = EnergyOrigin::none;
};

class Connector {
  public:
    static constexpr std::string_view record_kind = "connector";
    static constexpr std::string_view energy_record_kind = "energy";

    Connector(ConnectorId id, Context& context, const std::vector<Record>& saved);

    void start(const Now& now);
    void on_reading(const Reading& reading, const Now& now);
    void on_failure(const Error& error, const Now& now);
    void on_done(EffectId id, const Result<void>& result) { limiter_.on_done(id, result); }

    /// Follows up whatever has changed, the time included. Called after every event.
    void settle(const Now& now);
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

    // ---- what the central system asks for
    [[nodiscard]] bool can_start_remotely() const;
    /// `ask`: Authorize first (AuthorizeRemoteTxRequests).
    void authorize(std::string id_tag, std::optional<ChargingProfile> profile, bool ask, const Now& now);
    void stop(Reason reason, const Now& now, bool cable_was_out = false);
    [[nodiscard]] bool in_transaction() const { return transaction() != nullptr; }
    /// Once there is one: the first reading, or the charger lost.
    void send_status(const Now& now);
    /// A Reset makes a car that is still plugged start anew.
    void forget_finished() { set_finishing(false); }
    /// Once they are fresh, at the latest after meter_freshness.
    void send_meter_values(const Now& now);

    // ---- answers to our calls
    /// Empty: no answer was to be had; the offline rules decide.
    void on_authorize_answer(const std::optional<IdTagInfo>& info, const Now& now);
    void on_start_answer(const IdTagInfo& info, const Now& now);
    void on_status_answered() { reporter_.on_answered(); }
    void on_link_lost(const Now& now);
    void on_registered() { reporter_.on_registered(); }

    [[nodiscard]] ConnectorId id() const { return id_; }
    [[nodiscard]] ConnectorView view() const;

  private:
    struct Stopping {
        Reason reason;
        SteadyTime since;
        bool refreshed;
        bool cable_was_out;  ///< a car that is plugged in by the time we have stopped came anew
    };

    [[nodiscard]] Transaction* transaction() const { return context_.ledger.find_open(id_); }
    [[nodiscard]] bool plugged() const { return reading_ && is_plugged(reading_->state); }
    [[nodiscard]] bool faulted() const;
    [[nodiscard]] bool energy_is_fresh(SteadyTime now) const;
    [[nodiscard]] MeterSnapshot snapshot(const Now& now) const;

    // connector.cpp
    void check_lost(SteadyTime now);
    void update_status(const Now& now);
    void report_status(const Now& now);
    void push_status(const StatusReporter::Report& report, bool triggered, const Now& now);
    [[nodiscard]] ConnectorFacts facts(SteadyTime now) const;
    void set_finishing(bool finishing);
    void save_energy();

    // connector_authorization.cpp
    void watch_card(const Reading& reading, const Now& now);
    void expire_authorization(SteadyTime now);

    // connector_transaction.cpp
    void watch_cable(const Reading& reading, const Now& now);
    void try_start(const Now& now);
    void start_transaction(const Now& now);
    void try_finish_stop(const Now& now);
    void stop_transaction(const Now& now);
    void sample_meter(const Now& now);
    void send_wanted_values(const Now& now);
    void collect_stop_data(const MeterSnapshot& meter, const std::string& context, const Now& now);
    [[nodiscard]] int meter_stop(const Transaction& transaction) const;

    const ConnectorId id_;
    Context& context_;

    std::optional<Reading> reading_;
    bool cable_known_ = false;  ///< a reading since the start of this charge point told whether a car is in
    SteadyTime heard_at_;       ///< last good reading, or start
    std::string last_error_;
    std::optional<std::string> lost_cause_;

    FlowDetector flow_;
    EnergyRegister energy_;
    Limiter limiter_;
    StatusReporter reporter_;
    ChargePointStatus before_fault_ = ChargePointStatus::Available;  ///< the last status but Faulted
    bool status_wanted_ = false;                                     ///< TriggerMessage(StatusNotification)
    MeterSampler sampler_;

    std::optional<Authorization> authorization_;
    std::string card_;  ///< at the reader at the last reading
    bool finishing_ = false;
    std::optional<Stopping> stop_;
    std::optional<SteadyTime> start_refresh_;   ///< fresh energy was asked for before StartTransaction
    std::optional<SteadyTime> starting_until_;  ///< the status waits this long for the first current
    std::optional<SteadyTime> values_wanted_;   ///< TriggerMessage(MeterValues) waits for fresh values since
    SteadyTime settled_at_;                     ///< deadlines up to here have been seen to
    std::vector<MeterValue> stop_data_;         ///< transactionData so far
};

}  // namespace busbar::ocpp
