// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/uplink_health.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace busbar::gateway {
namespace {

constexpr std::array<std::string_view, 9> words{"absent",  "no_link", "no_address", "probing",      "online",
                                                "suspect", "offline", "portal",     "server_silent"};

constexpr ProbePace unmetered_active{3s, 500ms, 3s, 2s, 3, 3, 10s};
constexpr ProbePace unmetered_standby{10s, 1s, 5s, 2s, 6, 3, 10s};
constexpr ProbePace metered_active{60s, 5s, 15s, 10s, 10, 2, 0s};
constexpr ProbePace metered_standby{300s, 5s, 60s, 10s, 12, 2, 0s};

constexpr int failures_to_offline = 3;
/// A lossy line is offline too: so many of the last ten failed.
constexpr std::size_t remembered = 10;
constexpr std::ptrdiff_t too_many_of_them = 5;

std::string_view passed_steps(DialStep failed) {
    constexpr std::array<std::string_view, 3> texts{"", "passed DNS but not TCP", "passed TCP but not TLS"};
    return texts[static_cast<std::size_t>(failed)];
}

}  // namespace

std::string_view to_string(UplinkState state) {
    return words[static_cast<std::size_t>(state)];
}

ProbePace probe_pace(bool metered, bool closely) {
    if (metered) return closely ? metered_active : metered_standby;
    return closely ? unmetered_active : unmetered_standby;
}

void UplinkHealth::enter(UplinkState state, SteadyTime now) {
    if (state == state_ && since_ != SteadyTime{}) return;
    state_ = state;
    since_ = now;
}

void UplinkHealth::forget() {
    recent_.clear();
    failures_in_row_ = passes_in_row_ = shallow_probes_ = 0;
    last_good_.reset();
    failing_since_.reset();
    last_failure_.reset();
    connect_time_.reset();
    deep_ = true;
    lossy_ = false;
    newest_ = {};
}

void UplinkHealth::on_interface(const InterfaceFacts& facts, SteadyTime now) {
    const bool same_way = facts.usable() && facts_.usable() && keeps_addresses(facts_, facts);
    facts_ = facts;
    if (same_way) return;
    outcome_is_void_ = probe_under_way_;
    forget();
    due_ = now;
    enter(!facts.present            ? UplinkState::absent
          : !facts.carrier          ? UplinkState::no_link
          : facts.addresses.empty() ? UplinkState::no_address
                                    : UplinkState::probing,
          now);
}

void UplinkHealth::probe_begun() {
    probe_under_way_ = true;
    outcome_is_void_ = false;
    bytes_came_ = false;
    shallow_probes_ = deep_ ? 0 : shallow_probes_ + 1;
}

void UplinkHealth::on_probe(const ProbeOutcome& outcome, SteadyTime now) {
    probe_under_way_ = false;
    if (outcome_is_void_ || !facts_.usable()) return;
    if (!outcome.passed() && bytes_came_) return;  // it was lost or late, not the uplink
    newest_ = outcome;
    if (outcome.took > 0ms) connect_time_ = outcome.took;
    recent_.push_back(outcome.passed());
    if (recent_.size() > remembered) recent_.pop_front();
    if (outcome.passed()) {
        passed(now);
    } else {
        failed(now);
    }
    deep_ = state_ != UplinkState::online || shallow_probes_ + 1 >= pace().tls_every;
}

void UplinkHealth::passed(SteadyTime now) {
    if (passes_in_row_++ == 0) first_pass_ = now;
    failures_in_row_ = 0;
    last_good_ = now;
    const bool enough = passes_in_row_ >= pace().passes_to_online && now - first_pass_ >= pace().passes_over;
    const bool at_once = !is_down() || state_ == UplinkState::server_silent;
    if (at_once || enough) {
        become_online(now);
    } else {
        due_ = now + pace().recovery;
    }
}

void UplinkHealth::become_online(SteadyTime now) {
    if (is_down()) recent_.clear();
    failing_since_.reset();
    enter(UplinkState::online, now);
    due_ = now + pace().interval;
}

void UplinkHealth::failed(SteadyTime now) {
    passes_in_row_ = 0;
    ++failures_in_row_;
    if (!failing_since_) failing_since_ = now;
    last_failure_ = now;
    if (is_down() || failures_in_row_ >= failures_to_offline || is_lossy()) {
        if (!is_down()) lossy_ = failures_in_row_ < failures_to_offline;
        enter(down_state(), now);
    } else if (state_ == UplinkState::online) {
        enter(UplinkState::suspect, now);
    }
    due_ = now + (is_down() ? pace().recovery : pace().retry);
}

bool UplinkHealth::is_lossy() const {
    return std::count(recent_.begin(), recent_.end(), false) >= too_many_of_them;
}

UplinkState UplinkHealth::down_state() const {
    if (newest_.intercepted) return UplinkState::portal;
    return newest_.neutral_answers.value_or(false) ? UplinkState::server_silent : UplinkState::offline;
}

void UplinkHealth::on_bytes(SteadyTime now) {
    if (!facts_.usable()) return;
    last_good_ = now;
    failures_in_row_ = 0;
    bytes_came_ = true;
    become_online(now);
}

void UplinkHealth::on_doubt(SteadyTime now) {
    deep_ = true;
    if (!failing_since_) due_ = std::min(due_, now);
}

void UplinkHealth::watch_closely(bool closely, SteadyTime now) {
    if (std::exchange(closely_, closely) == closely || !closely) return;
    due_ = std::min(due_, now + (is_down() ? pace().recovery : pace().interval));
}

std::optional<UplinkHealth::Due> UplinkHealth::next_probe() const {
    if (probe_under_way_ || !facts_.usable()) return std::nullopt;
    return Due{due_, deep_ ? DialStep::tls : DialStep::tcp, pace().timeout};
}

std::string UplinkHealth::words() const {
    if (!facts_.usable() && !facts_.hindrance.empty()) return facts_.hindrance;
    switch (state_) {
        case UplinkState::absent:
            return "has no such interface";
        case UplinkState::no_link:
            return "has no link";
        case UplinkState::no_address:
            return "has a link but no address";
        case UplinkState::probing:
            if (!failing_since_) return "has an address and is being tried";
            break;
        case UplinkState::online:
            return newest_.stale_address ? "reaches the central system, but its name servers do not answer"
                                         : "reaches the central system";
        case UplinkState::portal:
            return newest_.portal.empty() ? "is answered by somebody else"
                                          : "is answered by somebody else at " + newest_.portal;
        case UplinkState::server_silent:
            return "reaches neutral targets, but not the central system";
        case UplinkState::suspect:
        case UplinkState::offline:
            break;
    }
    if (newest_.passed()) return "answers again and has to prove itself";
    if (lossy_ && is_down()) return "loses too much";
    if (newest_.step == DialStep::dns) return "gets no answer about the name";
    return std::string(passed_steps(newest_.step));
}

bool UplinkHealth::is_lasting() const {
    if (!facts_.usable() || !failing_since_ || state_ == UplinkState::online) return false;
    return state_ >= UplinkState::portal || !newest_.passed();
}

std::string UplinkHealth::reason(SteadyTime now) const {
    if (!is_lasting()) return words();
    if (lossy_ && state_ == UplinkState::offline) {
        return fmt::format("{}: {} of the last {} probes failed", words(),
                           std::count(recent_.begin(), recent_.end(), false), recent_.size());
    }
    return fmt::format("{} for {} s", words(), std::chrono::floor<seconds>(now - *failing_since_).count());
}

}  // namespace busbar::gateway
