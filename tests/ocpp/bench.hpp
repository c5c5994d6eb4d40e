// SPDX-License-Identifier: Apache-2.0
// A charge point on a bench: its clock, store, link and charger are in the test's hands, and all that it does
// to the outside lies in `seen`. Carries effects out as a host does: commands, one commit, frames.
#pragma once

#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ocpp/charge_point.hpp"
#include "tests/ocpp/fake_charger.hpp"
#include "tests/ocpp/fake_store.hpp"

namespace busbar::ocpp::test {

/// Time 0 of every test: the steady clock stands at 1000 s, UTC at 2026-11-22T12:00:00Z.
constexpr SteadyTime test_start{seconds(1000)};
UtcTime utc_at(SteadyTime at);
/// `since_start` after time 0, with UTC known.
Now now_at(SteadyEpoch::duration since_start);

/// What leaves the charge point: a frame, a command, a file transfer, or that it wants to be made anew.
struct Seen {
    SteadyTime at;
    std::variant<std::string, Command, Transfer, Restart> what;
};

class Bench {
  public:
    /// `security_events` are told: most tests are about something else, and are easier to read without.
    explicit Bench(Settings settings, bool security_events = false);

    Capabilities capabilities;
    DeviceIdentity identity;
    SimIdentity sim;
    std::optional<seconds> poll_interval = seconds(1);  ///< empty: readings come by look() alone
    bool clock_known = true;  ///< false: UTC comes from the central system's currentTime
    bool unlock_fails = false;
    int failing_reboots = 0;   ///< so many fail before one works
    int failing_switches = 0;  ///< of phases, likewise
    std::deque<FakeCharger> chargers;
    FakeStore store;

    std::deque<Seen> seen;
    std::vector<std::string> notes;       ///< event names
    std::vector<std::string> complaints;  ///< broken promises of the core, e.g. a deadline in the past
    std::optional<seconds> ping_interval;
    std::string password;  ///< the key the central system gave
    LinkSecurity link;     ///< what the link shows; told before each connection
    UseSecurityProfile profile{2, std::nullopt, false};
    std::deque<AskCertificates> questions;  ///< that wait for an answer
    std::vector<SecurityEvent> logged;      ///< in the gateway's security log
    std::size_t ticks = 0;

    /// Steps (a command, a commit, a frame) until the process dies; then dead() until the next power_up().
    std::size_t steps_left = std::numeric_limits<std::size_t>::max();
    std::size_t steps_done = 0;
    [[nodiscard]] bool dead() const { return charge_point_ == nullptr; }

    /// Makes the charge point from what the store holds. `machine_too`: the machine lost its power as well.
    void power_up(bool machine_too = false);

    void connect();
    void disconnect();
    [[nodiscard]] bool linked() const { return linked_; }
    void receive(const std::string& frame);
    /// The transfer that was last begun has ended.
    void end_transfer(const Result<void>& result);
    /// One reading of the connector, now.
    void look(ConnectorId connector);
    /// The answer to the oldest of `questions`.
    void answer_certificates(const CertificateAnswer& answer);
    void raise(SecurityEvent event);
    /// The clock is set by `step`.
    void set_clock(seconds step);
    /// Somebody at the gateway overrides the own schedule.
    void charge_now(ConnectorId connector);
    /// Time goes on to `when`; what falls due on the way happens.
    void advance_to(SteadyTime when);

    [[nodiscard]] SteadyTime time() const { return steady_; }
    [[nodiscard]] Now now() const;
    [[nodiscard]] ChargePoint& charge_point() { return *charge_point_; }

  private:
    bool step();
    void settle();
    bool carry_out(const Effects& effects);
    bool carry_out_commands(const Effects& effects);
    bool carry_out_frames(const Effects& effects, bool before_commit);
    Result<void> outcome(const Command& command);
    void carry_out_rest(const Effects& effects);
    void check_deadline();

    Settings settings_;
    int runs_ = 0;
    int boots_ = 1;
    SteadyTime steady_ = test_start;
    SteadyTime next_poll_ = test_start;
    std::optional<UtcTime::duration> utc_offset_;  ///< from the central system, to steady time
    seconds clock_off_{0};
    bool linked_ = false;
    std::optional<Transfer> transfer_;  ///< last begun
    std::unique_ptr<ChargePoint> charge_point_;
};

}  // namespace busbar::ocpp::test
