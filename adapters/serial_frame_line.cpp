// SPDX-License-Identifier: Apache-2.0
// Cuts the stream of a serial device into messages.
#include "adapters/serial_frame_line.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters {
namespace {

constexpr std::string_view line_ends = "\r\n";

}  // namespace

SerialFrameLine::SerialFrameLine(const config::Bus& bus, TraceTap tap, const Log& log)
    : FrameLine(bus.id, std::move(tap), &steady_now), port_(bus, log.with("bus", bus.id)) {}

/// Empty: no message is complete.
std::string SerialFrameLine::take_message() {
    const auto begin = received_.find_first_not_of(line_ends);
    const auto end = received_.find_first_of(line_ends, begin);
    if (begin == std::string::npos || end == std::string::npos) return {};
    auto message = received_.substr(begin, end - begin);
    received_.erase(0, end + 1);
    return message;
}

std::size_t SerialFrameLine::unfinished() const {
    const auto begin = received_.find_first_not_of(line_ends);
    return begin == std::string::npos ? 0 : received_.size() - begin;
}

Exchange<std::string> SerialFrameLine::receive(SteadyTime deadline) {
    for (;;) {
        if (auto message = take_message(); !message.empty()) return message;
        if (received_.size() > kLongestMessage) {
            received_.clear();
            return ExchangeError{
                {Errc::garbled, "noise without an end; check shielding, termination, baud and parity"}};
        }
        const auto bytes = port_.receive(deadline);
        if (!bytes) {
            // Half a message from before the device vanished is not the beginning of one after it.
            if (bytes.error().code == Errc::unreachable) received_.clear();
            return bytes.error();
        }
        received_ += *bytes;
    }
}

Result<std::vector<std::uint8_t>> SerialFrameLine::listen(milliseconds time) {
    if (const auto opened = open(); !opened) return opened.error();
    constexpr std::size_t most = 256;
    std::vector<std::uint8_t> heard;
    const auto until = now() + time;
    while (heard.size() < most) {
        const auto bytes = port_.receive(until);
        if (!bytes && bytes.error().code == Errc::timeout) break;
        if (!bytes) return bytes.error();
        heard.insert(heard.end(), bytes->begin(), bytes->end());
        if (received_.size() < kLongestMessage) received_ += *bytes;
    }
    heard.resize(std::min(heard.size(), most));
    return heard;
}

}  // namespace busbar::adapters
