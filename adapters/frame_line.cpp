// SPDX-License-Identifier: Apache-2.0
// Telling replies from what came by itself, and the line's books.
#include "adapters/frame_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace busbar::adapters {
namespace {

constexpr std::size_t most_kept = 32;
constexpr seconds longest_patience{2};
constexpr int most_collected = 64;  // a line that never falls silent must not hold us

/// Text as it is, without its line end; anything else as hex digits.
std::string printable(std::string_view bytes) {
    while (bytes.ends_with('\r') || bytes.ends_with('\n')) bytes.remove_suffix(1);
    const bool text =
        std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte >= ' ' && byte <= '~'; });
    if (text) return std::string(bytes);
    std::string hex;
    for (const char byte : bytes) hex += fmt::format("{:02X}", static_cast<unsigned char>(byte));
    return hex;
}

}  // namespace

Exchange<std::string> FrameLine::converse(int unit, std::string_view request, const IsReply& is_reply,
                                          const Terms& terms, Intent intent, const IsReply& is_intact,
                                          milliseconds pause) {
    const auto began = now();
    auto answer = exchange(request, is_reply, terms.reply_timeout, pause);
    if (answer && is_intact && !is_intact(*answer)) {
        answer = ExchangeError{
            {Errc::garbled, "the answer's checksum is wrong; check shielding, termination, baud and parity"}};
    }
    const auto error = error_of(answer);
    const bool is_write = intent == Intent::write;
    conclude(unit, began, is_write, error);
    trace(
        is_write ? TraceKind::bus_write : TraceKind::bus_read, began,
        fmt::format("unit {} {} = {}", unit, printable(request), error ? error->detail : printable(*answer)),
        terms.cause);
    return answer;
}

Exchange<std::string> FrameLine::exchange(std::string_view request, const IsReply& is_reply,
                                          milliseconds reply_timeout, milliseconds pause) {
    collect();
    const auto stale = unfinished();
    const auto sent = transmit(request);
    if (!sent) return sent.error();
    const auto deadline = *sent + reply_timeout;
    for (;;) {
        auto message = patient(deadline, pause, stale);
        if (!message || is_reply(*message)) return message;
        keep(std::move(*message));
    }
}

/// The next message, `deadline` being where its beginning must have come. `stale` bytes were there before the
/// request: they are no beginning.
Exchange<std::string> FrameLine::patient(SteadyTime deadline, milliseconds pause, std::size_t stale) {
    auto message = receive(deadline);
    auto seen = stale;
    const auto ends = [&] { return message || message.error().code != Errc::timeout; };
    while (pause > 0ms && !ends() && unfinished() > seen && now() < deadline + longest_patience) {
        seen = unfinished();
        message = receive(std::min(now() + pause, deadline + longest_patience));
    }
    return message;
}

Exchange<void> FrameLine::tell(int unit, std::string_view request, const Terms& terms) {
    const auto began = now();
    const auto sent = transmit(request);
    const auto error = error_of(sent);
    conclude(unit, began, true, error, Answer::none);
    trace(TraceKind::bus_write, began,
          fmt::format("unit {} {}{}", unit, printable(request), error ? ": " + error->detail : ""),
          terms.cause);
    if (error) return *error;
    return {};
}

std::vector<std::string> FrameLine::take_others() {
    collect();
    std::vector<std::string> taken(std::make_move_iterator(others_.begin()),
                                   std::make_move_iterator(others_.end()));
    others_.clear();
    return taken;
}

void FrameLine::collect() {
    for (int i = 0; i < most_collected; ++i) {
        auto message = receive(SteadyTime{});
        if (!message) return;
        keep(std::move(*message));
    }
}

void FrameLine::keep(std::string message) {
    if (others_.size() == most_kept) others_.pop_front();
    others_.push_back(std::move(message));
}

}  // namespace busbar::adapters
