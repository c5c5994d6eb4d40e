// SPDX-License-Identifier: Apache-2.0
// The lines of the first EVCC.
#include "adapters/sim/evcc1_frame.hpp"

#include <fmt/format.h>

namespace busbar::sim {

namespace {

constexpr std::size_t longest_line = 32;

}  // namespace

void Evcc1Framing::feed(const Bytes& bytes, SteadyTime /*now*/) {
    buffer_.append(bytes.begin(), bytes.end());
    if (buffer_.size() > 4 * longest_line) {
        buffer_.erase(0, buffer_.size() - longest_line);
    }
}

std::optional<Request> Evcc1Framing::next(SteadyTime /*now*/) {
    for (std::size_t end = buffer_.find("\r\n"); end != std::string::npos; end = buffer_.find("\r\n")) {
        const std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        const bool formed =
            line.size() >= 5 && line[0] == '!' && line[1] >= '0' && line[1] <= '8' && line[2] == ' ';
        if (formed) {
            return Request{line[1] - '0', Bytes(line.begin() + 3, line.end())};
        }
    }
    return std::nullopt;
}

Bytes Evcc1Framing::frame(const Request& request, const Bytes& answer) const {
    const std::string line =
        fmt::format(">{} {}\r\n", request.unit, std::string(answer.begin(), answer.end()));
    return {line.begin(), line.end()};
}

}  // namespace busbar::sim
