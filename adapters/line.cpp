// SPDX-License-Identifier: Apache-2.0
// The bookkeeping around every exchange: counters, the time of the last answer, the trace.
#include "adapters/line.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters {
namespace {

std::uint64_t* counter_of(UnitCounters& counters, Errc code) {
    switch (code) {
        case Errc::timeout:
            return &counters.timeouts;
        case Errc::garbled:
            return &counters.garbled;
        case Errc::refused:
            return &counters.exceptions;
        case Errc::unreachable:
            return &counters.hang_ups;
        default:
            return nullptr;
    }
}

}  // namespace

Line::Line(std::string bus, TraceTap tap, Clock clock)
    : bus_(std::move(bus)), tap_(std::move(tap)), clock_(std::move(clock)) {}

std::optional<Line::LastAnswer> Line::last_answer(int unit) const {
    const auto found = last_answers_.find(unit);
    if (found == last_answers_.end()) return std::nullopt;
    return found->second;
}

std::optional<SteadyTime> Line::last_answer_of_others(int unit) const {
    std::optional<SteadyTime> latest;
    for (const auto& [other, answer] : last_answers_) {
        if (other != unit) latest = std::max(latest.value_or(answer.at), answer.at);
    }
    return latest;
}

void Line::conclude(int unit, SteadyTime began, bool was_write, const std::optional<ExchangeError>& error,
                    Answer answer) {
    const auto ended = now();
    auto& counters = counters_[unit];
    ++counters.exchanges;
    counters.load.add(began, ended);
    if (error) {
        counters.last_error = error->detail;
        if (auto* counter = counter_of(counters, error->code)) ++*counter;
    } else if (answer == Answer::expected) {
        counters.reply_times.add(std::chrono::duration_cast<std::chrono::microseconds>(ended - began));
    }
    const bool answered = !error || error->code == Errc::refused || error->code == Errc::garbled;
    if (answered) last_answers_[unit] = {ended, was_write};
}

void Line::trace(TraceKind kind, SteadyTime began, std::string text, const Cause& cause) const {
    if (tap_) tap_({kind, now(), bus_, std::move(text), cause, began});
}

}  // namespace busbar::adapters
