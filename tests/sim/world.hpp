// SPDX-License-Identifier: Apache-2.0
// What everything in a simulated life shares: chance, time, what comes when, what was seen and what was
// wrong.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/timekeeper.hpp"
#include "tests/sim/random.hpp"

namespace busbar::simulation {

/// True time since the life began. No clock inside shows it.
using Moment = std::chrono::microseconds;

/// The clocks of the machine and the true time behind them.
class Clock {
  public:
    [[nodiscard]] Moment now() const { return now_; }
    void advance_to(Moment when) { now_ = when; }

    /// Counts from the last boot of the machine.
    [[nodiscard]] SteadyTime steady() const { return SteadyTime(now_ - steady_origin_); }
    [[nodiscard]] Moment moment_of(SteadyTime steady) const {
        return steady.time_since_epoch() + steady_origin_;
    }
    void reboot(Moment up_since) { steady_origin_ = now_ - up_since; }

    /// What a central system knows.
    [[nodiscard]] UtcTime true_utc() const {
        using std::chrono::sys_days, std::chrono::year, std::chrono::hours;
        return sys_days(year(2026) / 11 / 22) + hours(12) + std::chrono::floor<milliseconds>(now_);
    }
    /// What the machine shows; 1970 until something sets its clock.
    [[nodiscard]] gateway::SystemClock system() const {
        if (!known_) return {UtcTime(std::chrono::duration_cast<milliseconds>(now_ - steady_origin_)), false};
        return {true_utc() + error_, true};
    }
    void set_known(bool known) { known_ = known; }
    void step(milliseconds error) { error_ = error; }

  private:
    Moment now_{0};
    Moment steady_origin_{0};
    bool known_ = true;
    milliseconds error_{0};
};

/// What is to happen, in the order of time, and of asking at the same time.
class Agenda {
  public:
    explicit Agenda(Clock& clock) : clock_(clock) {}

    void after(Moment delay, std::function<void()> action) {
        const Moment when = clock_.now() + std::max(delay, Moment(0));
        entries_.emplace(std::pair(when, ++last_), std::move(action));
    }
    [[nodiscard]] std::optional<Moment> next() const {
        if (entries_.empty()) return std::nullopt;
        return entries_.begin()->first.first;
    }
    void run_next() {
        auto entry = entries_.extract(entries_.begin());
        clock_.advance_to(std::max(clock_.now(), entry.key().first));
        entry.mapped()();
    }

  private:
    Clock& clock_;
    std::map<std::pair<Moment, std::uint64_t>, std::function<void()>> entries_;
    std::uint64_t last_ = 0;
};

/// Everything that passed between the parts of the life. Its hash tells whether two lives were the same.
class Transcript {
  public:
    Transcript(const Clock& clock, bool keep) : clock_(clock), keep_(keep) {}

    void add(std::string_view who, std::string_view what, std::string_view text = {});

    [[nodiscard]] std::uint64_t hash() const { return hash_; }
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

  private:
    void mix(std::string_view text);

    const Clock& clock_;
    bool keep_;
    std::uint64_t hash_ = 0xcbf29ce484222325U;
    std::vector<std::string> lines_;
};

/// The first broken invariant; the life ends with it.
class Verdict {
  public:
    explicit Verdict(Transcript& transcript) : transcript_(transcript) {}

    void broken(std::string_view invariant, std::string_view who, const std::string& detail) {
        transcript_.add(who, "BROKEN", std::string(invariant) + ": " + detail);
        if (!reason_) reason_ = std::string(invariant) + ": " + std::string(who) + ": " + detail;
    }
    [[nodiscard]] const std::optional<std::string>& reason() const { return reason_; }

  private:
    Transcript& transcript_;
    std::optional<std::string> reason_;
};

struct World {
    World(std::uint64_t seed, bool keep_transcript) : random(seed), transcript(clock, keep_transcript) {}

    Random random;
    Clock clock;
    Agenda agenda{clock};
    Transcript transcript;
    Verdict verdict{transcript};

    Moment between(Moment least, Moment most) { return Moment(random.between(least.count(), most.count())); }
};

}  // namespace busbar::simulation
