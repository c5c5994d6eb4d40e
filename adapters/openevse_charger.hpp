// SPDX-License-Identifier: Apache-2.0
// An OpenEVSE controller on its serial line (protocol rapi): what to send next, and what the answers mean.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/charger.hpp"
#include "adapters/frame_line.hpp"
#include "adapters/openevse_energy.hpp"
#include "adapters/openevse_limit.hpp"
#include "adapters/openevse_rapi.hpp"
#include "adapters/openevse_state.hpp"
#include "adapters/profile_charger.hpp"
#include "config/profile.hpp"
#include "gateway/base/log.hpp"

namespace busbar::adapters {

/// From silence to service: one GV until it answers; then what is read once, the heartbeat supervision, the
/// wanted limit, and only then the boot lock is lifted; then cycles. Three failed exchanges in a row lead
/// back to silence; a boot notification ($AB) leads back to the bring-up.
///
/// Never sent: SC without V (it would wear the EEPROM), SC with M (it cannot be undone), FD (it opens the
/// contactor under load), FF (it switches safety checks off).
class OpenEvseCharger final : public Charger {
  public:
    /// `line` outlives this. The profile has a limit.
    OpenEvseCharger(config::Profile profile, Placement placement, FrameLine& line, Log log);

    [[nodiscard]] Capabilities capabilities() const override;
    [[nodiscard]] DeviceIdentity identity() const override { return identity_; }
    Result<Next> poll(SteadyTime now) override;
    Result<Next> execute(const Command& command, const Cause& cause, SteadyTime now) override;
    [[nodiscard]] std::vector<Reading> snapshot() const override;

  private:
    using Step = std::optional<Result<Next>>;  ///< empty: there is nothing to do here
    using Take = void (OpenEvseCharger::*)(const rapi::Message& reply, SteadyTime now);

    /// One command and what its answer is for.
    struct Job {
        std::string command;
        Take take;
        Intent intent = Intent::write;
        bool essential = false;  ///< any other that stays unanswered counts as refused
    };
    struct Query {
        std::string_view command;
        config::PollClass poll;
        bool early;  ///< asked at bring-up, before the limit
        Take take;
    };
    struct Asked {
        std::optional<SteadyTime> at;
        bool refused = false;  ///< the firmware does not know it
    };
    /// The controller limits itself to a fallback current when it misses our pulse.
    struct Heartbeat {
        seconds interval{0};  ///< 0: not supported, or not yet known
        bool right = true;    ///< its settings are what they should be, or were tried once
        bool missed = false;  ///< to be acknowledged before it lets go of the fallback
        SteadyTime pulse_at{};
    };
    static const std::array<Query, 10> queries;
    static constexpr seconds heartbeat_interval{60};

    Result<Next> set_limit(const SetLimit& command, const Cause& cause, SteadyTime now);
    Result<Next> wake_up(const Cause& cause, SteadyTime now);
    Result<Next> give_orders(std::deque<std::string> orders, const Cause& cause, SteadyTime now);
    Result<Next> refresh(const Cause& cause, SteadyTime now);
    [[nodiscard]] bool goes_on(const Step& step) const;

    Step become_ready(const Cause& cause, SteadyTime now);
    void restart(SteadyTime now);
    void forget();
    std::optional<Job> next_duty(SteadyTime now);
    std::optional<Job> next_heartbeat(SteadyTime now) const;
    [[nodiscard]] int fallback_amps() const;
    std::optional<Job> next_query(SteadyTime from, bool early_only) const;
    [[nodiscard]] bool due(std::size_t query, SteadyTime from, bool early_only) const;
    Next end_cycle(SteadyTime now);
    [[nodiscard]] SteadyTime wake_time(SteadyTime now) const;

    Step send(const std::optional<Job>& job, const Cause& cause, SteadyTime now);
    Result<Next> exchange(const Job& job, const Cause& cause, SteadyTime now);
    Result<Next> answered(const Job& job, const rapi::Message& reply, SteadyTime now);
    bool try_again();
    Result<Next> failed(const Error& error, const Job& job, SteadyTime now);
    [[nodiscard]] SteadyTime ready_at(const Job& job, SteadyTime opened) const;
    void heed(SteadyTime now);
    void conclude(const Job& job, const rapi::Message& reply, SteadyTime now);

    void take_version(const rapi::Message& reply, SteadyTime now);
    void take_serial(const rapi::Message& reply, SteadyTime now);
    void take_lock(const rapi::Message& reply, SteadyTime now);
    void take_heartbeat(const rapi::Message& reply, SteadyTime now);
    void take_state(const rapi::Message& reply, SteadyTime now);
    void take_capacity(const rapi::Message& reply, SteadyTime now);
    void take_current(const rapi::Message& reply, SteadyTime now);
    void take_energy(const rapi::Message& reply, SteadyTime now);
    void take_temperature(const rapi::Message& reply, SteadyTime now);
    void take_connected(const rapi::Message& reply, SteadyTime now);
    void take_fault_counters(const rapi::Message& reply, SteadyTime now);
    void take_pulse(const rapi::Message& reply, SteadyTime now);
    void take_acknowledged(const rapi::Message& reply, SteadyTime now);
    void take_supervision(const rapi::Message& reply, SteadyTime now);
    void take_voltage_set(const rapi::Message& reply, SteadyTime now);
    void take_limit(const rapi::Message& reply, SteadyTime now);
    void take_boot_lock(const rapi::Message& reply, SteadyTime now);
    void take_automatic_lock(const rapi::Message& reply, SteadyTime now);
    void take_order(const rapi::Message& reply, SteadyTime now);
    void take_status(long state, std::optional<long> flags, SteadyTime now);

    const config::Profile profile_;
    const Placement placement_;
    FrameLine& line_;
    Log log_;

    OpenEvseFacts facts_;
    OpenEvseEnergy energy_;
    OpenEvseLimit limit_;
    DeviceIdentity identity_;
    std::array<Asked, 10> asked_;
    Heartbeat heartbeat_;
    bool has_lock_ = false;
    bool lock_is_manual_ = false;               ///< by us; automatic again when the car is gone
    bool voltage_is_set_ = false;               ///< tried since it answers
    bool voltage_is_ours_ = false;              ///< it has no voltmeter and tells what we set
    std::optional<SteadyTime> boot_unlock_at_;  ///< next attempt; empty: none is needed

    bool present_ = false;  ///< it answers
    bool bringing_up_ = false;
    SteadyTime bring_up_from_{};
    SteadyTime quiet_until_{};                  ///< it starts anew
    int failures_ = 0;                          ///< exchanges in a row, after their retries
    int retries_ = 0;                           ///< of the present exchange
    std::optional<std::uint8_t> sequence_ = 0;  ///< of the last command; empty: the firmware has none
    std::string late_command_;                  ///< its answer may still come ...
    SteadyTime late_until_{};                   ///< ... until then

    std::optional<SteadyTime> cycle_;
    bool cycle_answered_ = false;
    SteadyTime next_cycle_{};
    std::optional<Reading> reading_;

    std::optional<Amperes> limit_under_way_;
    Cause limit_cause_;  ///< until the limit is in force
    bool waking_ = false;
    std::deque<std::string> orders_;  ///< of the command under way
    bool ordered_ = false;
    std::optional<Error> order_refusal_;
    std::optional<SteadyTime> refresh_;
};

}  // namespace busbar::adapters
