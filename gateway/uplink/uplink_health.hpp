// SPDX-License-Identifier: Apache-2.0
// How well one uplink reaches the central system, judged from its interface, from probes and from the bytes
// of its sessions; and when it is to be probed next. Pure: it is told the time.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/time.hpp"
#include "gateway/uplink/interface_facts.hpp"
#include "gateway/uplink/probe_outcome.hpp"

namespace busbar::gateway {

/// None is final: what has an address is probed again and again, the hopeless too.
enum class UplinkState : std::uint8_t {
    absent,         ///< no such interface
    no_link,        ///< no carrier
    no_address,     ///< carrier, no address
    probing,        ///< has all it needs, nothing is known yet
    online,         ///< reaches the central system
    suspect,        ///< was online; the newest evidence is against it
    offline,        ///< does not reach the central system
    portal,         ///< somebody else answers for the central system
    server_silent,  ///< reaches neutral targets, but not the central system
};

/// The words of the state file and the API: "no_link".
std::string_view to_string(UplinkState state);

/// How eagerly an uplink is watched.
struct ProbePace {
    milliseconds interval;     ///< between evidence and the next probe while online
    milliseconds retry;        ///< after a failure, until it is offline
    milliseconds recovery;     ///< between probes while offline
    milliseconds timeout;      ///< of each step of a probe
    int tls_every;             ///< while online each n-th probe climbs to TLS, the others stop at TCP
    int passes_to_online;      ///< in a row, from offline ...
    milliseconds passes_over;  ///< ... and the last of them at least this long after the first
};

/// An unmetered uplink that is watched closely is judged every 3 s with 2 s of patience: three failures in a
/// row take 10 s at most, also where a portal accepts every connection and only TLS tells. On a metered one
/// each probe costs money.
ProbePace probe_pace(bool metered, bool closely);

class UplinkHealth {
  public:
    explicit UplinkHealth(bool metered) : metered_(metered) {}

    void on_interface(const InterfaceFacts& facts, SteadyTime now);
    /// The probe that was due is under way: none is due until its outcome is told.
    void probe_begun();
    /// The interface changed since the probe began: its outcome will tell nothing.
    [[nodiscard]] bool probe_is_void() const { return probe_under_way_ && outcome_is_void_; }
    /// The outcome of a void probe is dropped.
    void on_probe(const ProbeOutcome& outcome, SteadyTime now);
    /// Bytes came from the central system through this uplink: better than a probe that passed.
    void on_bytes(SteadyTime now);
    /// A session of it lost its pong or could not connect, or another uplink fails: probe at once, up to TLS.
    /// An uplink that fails already keeps its pace, however many sessions complain.
    void on_doubt(SteadyTime now);
    /// It carries the sessions, or may have to soon.
    void watch_closely(bool closely, SteadyTime now);

    [[nodiscard]] UplinkState state() const { return state_; }
    [[nodiscard]] SteadyTime since() const { return since_; }
    /// Of the newest proof that it reaches the central system.
    [[nodiscard]] std::optional<SteadyTime> last_good() const { return last_good_; }
    /// Of the first failure since it last was online, and of the newest.
    [[nodiscard]] std::optional<SteadyTime> failing_since() const { return failing_since_; }
    [[nodiscard]] std::optional<SteadyTime> last_failure() const { return last_failure_; }
    /// It fails, and the newest probe found neutral targets answering: the central system may be down.
    [[nodiscard]] bool suspects_server() const {
        return failing_since_ && newest_.neutral_answers.value_or(false) && !newest_.intercepted;
    }
    /// How long the newest TCP connect to the central system took.
    [[nodiscard]] std::optional<milliseconds> connect_time() const { return connect_time_; }
    /// For people, without the uplink's name: "passed DNS but not TLS".
    [[nodiscard]] std::string words() const;
    /// It began to fail at failing_since() and the words are about that: "since then" makes sense with them.
    [[nodiscard]] bool is_lasting() const;
    /// The words as they are true now: "passed DNS but not TLS for 31 s".
    [[nodiscard]] std::string reason(SteadyTime now) const;

    struct Due {
        SteadyTime at;
        DialStep depth = DialStep::tcp;
        milliseconds timeout{0};
    };
    /// Empty: one is under way, or none helps until the interface changes.
    [[nodiscard]] std::optional<Due> next_probe() const;

  private:
    void enter(UplinkState state, SteadyTime now);
    void forget();
    void passed(SteadyTime now);
    void become_online(SteadyTime now);
    void failed(SteadyTime now);
    [[nodiscard]] bool is_down() const { return state_ > UplinkState::suspect; }
    [[nodiscard]] bool is_lossy() const;
    [[nodiscard]] UplinkState down_state() const;
    [[nodiscard]] ProbePace pace() const { return probe_pace(metered_, closely_); }

    bool metered_;
    bool closely_ = false;
    InterfaceFacts facts_;
    UplinkState state_ = UplinkState::absent;
    SteadyTime since_{};
    bool probe_under_way_ = false;
    bool outcome_is_void_ = false;  ///< the interface changed under the probe
    bool bytes_came_ = false;       ///< during the probe
    bool lossy_ = false;            ///< why it is offline
    SteadyTime due_{};
    bool deep_ = true;  ///< the next probe climbs to TLS
    int shallow_probes_ = 0;
    std::deque<bool> recent_;  ///< outcomes, newest last: true passed
    int failures_in_row_ = 0;
    int passes_in_row_ = 0;
    SteadyTime first_pass_{};
    std::optional<SteadyTime> last_good_;
    std::optional<SteadyTime> failing_since_;
    std::optional<SteadyTime> last_failure_;
    std::optional<milliseconds> connect_time_;
    ProbeOutcome newest_;
};

}  // namespace busbar::gateway
