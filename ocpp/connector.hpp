// SPDX-License-Identifier: Apache-2.0
// One connector: what the charger says of it, the transaction on it, what it may offer, and what is told of
// all that.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "ocpp/authorization.hpp"
#include "ocpp/clock_sampler.hpp"
#include "ocpp/connector_status.hpp"
#include "ocpp/context.hpp"
#include "ocpp/energy_register.hpp"
#include "ocpp/limiter.hpp"
#include "ocpp/measurands.hpp"
#include "ocpp/meter_sampler.hpp"
#include "ocpp/status_reporter.hpp"
#include "ocpp/transaction_data.hpp"

namespace busbar::ocpp {

/// For status pages.
struct ConnectorView {
    ConnectorId id = 1;
    std::optional<ConnectorStatus> status;
    const Transaction* transaction = nullptr;  ///< the open one
    Amperes demand;                            ///< wanted, if no feed were shared
    Amperes wanted;
    std::optional<Amperes> applied;           ///< confirmed by the charger last
    bool confirmed = false;                   ///< `wanted` is in force
    std::string limit_refusal{};              ///< why the charger does not obey it; empty while it does
    Amperes minimum;                          ///< with which the charger charges at all
    bool lost = false;                        ///< the charger does not answer
    std::optional<LimitedBy> limited_by{};    ///< in a transaction
    std::optional<SteadyTime> limit_until{};  ///< when charging profiles or the own schedule change it next
    bool charge_now = false;                  ///< the own schedule is overridden
    LocalLimit local{};
    std::optional<Amperes> current{};  ///< of the phase that takes most
    std::array<std::optional<Amperes>, 3> currents{};
    std::optional<bool> plugged{};  ///< a car hangs on it; empty: the charger does not say
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
    /// Its connector may be kept for somebody else.
    [[nodiscard]] Admission admission(const Presented& who) const;
    /// `ask_first`: only a tag that is known, or that the central system accepts.
    void authorize(std::string id_tag, std::optional<ChargingProfile> profile, bool ask_first, const Now& now,
                   bool remote = false);
    void stop(Reason reason, const Now& now, bool cable_was_out = false);
    /// See OwnSchedule. Without a transaction nothing.
    void charge_now(const Now& now);
    [[nodiscard]] bool in_transaction() const { return transaction() != nullptr; }
    /// A transaction runs or is about to.
    [[nodiscard]] bool busy() const { return in_transaction() || authorization_; }
    /// Once there is one: the first reading, or the charger lost.
    void send_status(const Now& now);
    /// A Reset makes a car that is still plugged start anew.
    void forget_finished() { set_finishing(false); }
    /// Once they are fresh, at the latest after meter_freshness.
    void send_meter_values(const Now& now);

    // ---- answers to our calls
    /// The tag of the Authorize.req of this message id; empty: not asked, or not any more.
    [[nodiscard]] std::optional<std::string> asked_about(const std::string& call) const;
    /// To the Authorize.req of this message id. Empty: no answer was to be had; the offline rules decide.
    void on_authorize_answer(const std::string& call, const std::optional<IdTagInfo>& info, const Now& now);
    /// The tag of the open transaction was refused.
    void deauthorize(AuthorizationStatus status, const Now& now);
    void on_status_answered() { reporter_.on_answered(); }
    void on_status_unanswered() { reporter_.on_unanswered(); }
    void on_link_lost(const Now& now);
    void on_registered() { reporter_.on_registered(); }

    /// All that is fresh; empty while energy is not.
    [[nodiscard]] std::optional<MeterSnapshot> fresh_snapshot(const Now& now) const;

    [[nodiscard]] ConnectorId id() const { return id_; }
    [[nodiscard]] ConnectorView view() const;
    [[nodiscard]] const OwnSchedule& own_schedule() const { return limiter_.own_schedule(); }

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
    [[nodiscard]] bool operative() const { return context_.availability.operative(id_); }

    // connector.cpp
    [[nodiscard]] std::optional<LimitedBy> limited_by() const;
    void check_lost(SteadyTime now);
    void update_status(const Now& now);
    void report_status(const Now& now);
    void push_status(const StatusReporter::Report& report, bool triggered, const Now& now);
    [[nodiscard]] ConnectorFacts facts(SteadyTime now) const;
    void set_finishing(bool finishing);
    void save_energy();

    // connector_authorization.cpp
    void watch_card(const Reading& reading, const Now& now);
    void on_card(const std::string& card, const Now& now);
    void ask(const std::string& id_tag, Question::Purpose purpose);
    void admit(const Presented& who, const Now& now);
    void refuse(std::string_view why);
    void on_start_answered(const Question& question, const std::optional<IdTagInfo>& info, const Now& now);
    void on_stop_answered(const Question& question, const std::optional<IdTagInfo>& info, const Now& now);
    void stop_by_tag(const std::string& id_tag, const Now& now);
    void expire_authorization(SteadyTime now);

    // connector_transaction.cpp
    void watch_cable(const Reading& reading, const Now& now);
    void try_start(const Now& now);
    [[nodiscard]] bool starts_by_itself() const;
    void start_transaction(const Now& now);
    void end_deauthorized(const Now& now);
    [[nodiscard]] bool held_back() const;
    void begin_stop(Reason reason, const Now& now, bool cable_was_out);
    void resume_stop(const Now& now);
    void try_finish_stop(const Now& now);
    void stop_transaction(const Now& now);
    void free_cable(Reason reason);
    [[nodiscard]] int meter_stop(const Transaction& transaction) const;

    // connector_metering.cpp
    [[nodiscard]] bool energy_is_fresh(SteadyTime now) const;
    [[nodiscard]] bool can_be_sampled() const;
    [[nodiscard]] MeterSnapshot snapshot(const Now& now) const;
    void refresh();
    void queue_values(const SentTime& timestamp, std::vector<SampledValue> values, const Now& now);
    void sample_interval(const Now& now);
    void sample_clock(const Now& now);
    void send_wanted_values(const Now& now);
    void collect(const MeterSnapshot& meter, Key measurands, const std::string& context,
                 const SentTime& timestamp);
    void collect_boundary(const MeterSnapshot& meter, const std::string& context, const Now& now);

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
    ClockSampler clock_sampler_;
    TransactionData data_;

    std::optional<Authorization> authorization_;
    std::optional<Question> question_;
    std::string card_;  ///< at the reader at the last reading
    bool finishing_ = false;
    std::optional<Stopping> stop_;
    std::optional<SteadyTime> start_refresh_;   ///< fresh energy was asked for before StartTransaction
    std::optional<SteadyTime> starting_until_;  ///< the status waits this long for the first current
    std::optional<SteadyTime> values_wanted_;   ///< TriggerMessage(MeterValues) waits for fresh values since
    SteadyTime settled_at_;                     ///< deadlines up to here have been seen to
};

}  // namespace busbar::ocpp
