// SPDX-License-Identifier: Apache-2.0
// Lines of hex digits, box side.
#include "adapters/sim/ascii_frame.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>

namespace busbar::sim {

namespace {

constexpr std::size_t longest_line = 513;
constexpr std::size_t shortest_request = 3;

/// Empty: not pairs of hex digits.
Bytes decode(const std::string& digits) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        if (std::isxdigit(static_cast<unsigned char>(digits[i])) == 0 ||
            std::isxdigit(static_cast<unsigned char>(digits[i + 1])) == 0) {
            return {};
        }
        bytes.push_back(static_cast<std::uint8_t>(std::strtoul(digits.substr(i, 2).c_str(), nullptr, 16)));
    }
    return digits.size() % 2 == 0 ? bytes : Bytes{};
}

std::uint8_t sum_of(const Bytes& bytes) {
    std::uint8_t sum = 0;
    for (const std::uint8_t byte : bytes) {
        sum = static_cast<std::uint8_t>(sum + byte);
    }
    return sum;
}

}  // namespace

void AsciiFraming::feed(const Bytes& bytes, SteadyTime now) {
    if (now - last_byte_ > longest_pause_) {
        buffer_.clear();
    }
    buffer_.append(bytes.begin(), bytes.end());
    if (buffer_.size() > 2 * longest_line) {
        buffer_.erase(0, buffer_.size() - longest_line);
    }
    last_byte_ = now;
}

std::optional<Request> AsciiFraming::next(SteadyTime /*now*/) {
    for (std::size_t end = buffer_.find("\r\n"); end != std::string::npos; end = buffer_.find("\r\n")) {
        const std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        const std::size_t start = line.rfind(':');
        if (start == std::string::npos) {
            continue;
        }
        const Bytes bytes = decode(line.substr(start + 1));
        if (bytes.size() >= shortest_request && sum_of(bytes) == 0) {
            return Request{bytes[0], Bytes(bytes.begin() + 1, bytes.end() - 1)};
        }
    }
    return std::nullopt;
}

Bytes AsciiFraming::frame(const Request& request, const Bytes& answer) const {
    Bytes bytes{static_cast<std::uint8_t>(request.unit)};
    bytes.insert(bytes.end(), answer.begin(), answer.end());
    bytes.push_back(static_cast<std::uint8_t>(0x100 - sum_of(bytes)));
    std::string line(1, answer_start_);
    for (const std::uint8_t byte : bytes) {
        line += fmt::format("{:02X}", byte);
    }
    line += "\r\n";
    return {line.begin(), line.end()};
}

void AsciiFraming::garble(Bytes& frame) const {
    std::uint8_t& digit = frame[frame.size() / 2];
    digit = digit == '0' ? '1' : '0';
}

}  // namespace busbar::sim
