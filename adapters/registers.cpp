// SPDX-License-Identifier: Apache-2.0
// The bookkeeping around every exchange: counters, the time of the last answer, the trace.
#include "adapters/registers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

namespace busbar::adapters {
namespace {

std::string_view name(config::Table table) {
    static constexpr std::array<std::string_view, 4> names{"input", "holding", "coil", "discrete"};
    return names.at(static_cast<std::size_t>(table));
}

}  // namespace

std::string to_text(const Span& span) {
    auto text = fmt::format("unit {} {} {}", span.unit, name(span.table), span.address);
    if (span.count > 1) text += fmt::format("..{}", span.address + span.count - 1);
    return text;
}

Registers::Registers(std::string bus, TraceTap tap, Clock clock)
    : bus_(std::move(bus)), tap_(std::move(tap)), clock_(std::move(clock)) {}

Exchange<Words> Registers::read(const Span& span, const Terms& terms) {
    const auto began = now();
    auto answer = transfer_read(span, terms.reply_timeout);
    const auto error = error_of(answer);
    count(span.unit, began, error);
    note_answer(span.unit, false, error);
    trace(TraceKind::bus_read,
          error ? fmt::format("{}: {}", to_text(span), error->detail)
                : fmt::format("{} = {:04X}", to_text(span), fmt::join(*answer, " ")),
          terms.cause);
    return answer;
}

Exchange<void> Registers::write(const Span& span, const Words& words, config::WriteFunction function,
                                const Terms& terms) {
    const auto began = now();
    auto answer = transfer_write(span, words, function, terms.reply_timeout);
    const auto error = error_of(answer);
    count(span.unit, began, error);
    note_answer(span.unit, true, error);
    auto text = fmt::format("{} <- {:04X}", to_text(span), fmt::join(words, " "));
    if (error) text += ": " + error->detail;
    trace(TraceKind::bus_write, std::move(text), terms.cause);
    return answer;
}

std::optional<Registers::LastAnswer> Registers::last_answer(int unit) const {
    const auto found = last_answers_.find(unit);
    if (found == last_answers_.end()) return std::nullopt;
    return found->second;
}

void Registers::count(int unit, SteadyTime began, const std::optional<ExchangeError>& error) {
    auto& counters = counters_[unit];
    ++counters.exchanges;
    counters.last_reply_time = now() - began;
    if (!error) return;
    counters.last_error = error->detail;
    switch (error->code) {
        case Errc::timeout:
            ++counters.timeouts;
            break;
        case Errc::garbled:
            ++counters.garbled;
            break;
        case Errc::refused:
            ++counters.exceptions;
            break;
        case Errc::unreachable:
            ++counters.hang_ups;
            break;
        default:
            break;
    }
}

void Registers::note_answer(int unit, bool was_write, const std::optional<ExchangeError>& error) {
    const bool answered = !error || error->code == Errc::refused || error->code == Errc::garbled;
    if (answered) last_answers_[unit] = {now(), was_write};
}

void Registers::trace(TraceKind kind, std::string text, const Cause& cause) const {
    if (tap_) tap_({kind, now(), bus_, std::move(text), cause});
}

}  // namespace busbar::adapters
