// SPDX-License-Identifier: Apache-2.0
// One exchange each way, told to the line's books.
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
    : Line(std::move(bus), std::move(tap), std::move(clock)) {}

Exchange<Words> Registers::read(const Span& span, const Terms& terms) {
    const auto began = now();
    auto answer = transfer_read(span, terms.reply_timeout);
    const auto error = error_of(answer);
    conclude(span.unit, began, false, error);
    trace(TraceKind::bus_read, began,
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
    conclude(span.unit, began, true, error);
    auto text = fmt::format("{} <- {:04X}", to_text(span), fmt::join(words, " "));
    if (error) text += ": " + error->detail;
    trace(TraceKind::bus_write, began, std::move(text), terms.cause);
    return answer;
}

}  // namespace busbar::adapters
