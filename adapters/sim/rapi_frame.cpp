// SPDX-License-Identifier: Apache-2.0
// RAPI frames: a '$' begins anew whatever came before, a command too long is dropped without a word.
#include "adapters/sim/rapi_frame.hpp"

#include <fmt/format.h>

namespace busbar::sim {

namespace {

constexpr std::size_t buffer_size = 32;  // with '$' and the end

}  // namespace

std::string rapi_frame(std::string_view text, bool bare) {
    std::string frame = fmt::format("${}", text);
    if (!bare) {
        unsigned sum = 0;
        for (const char byte : frame) {
            sum ^= static_cast<unsigned char>(byte);
        }
        frame += fmt::format("^{:02X}", sum);
    }
    return frame + '\r';
}

void RapiFraming::feed(const Bytes& bytes, SteadyTime /*now*/) {
    received_.append(bytes.begin(), bytes.end());
}

std::optional<Request> RapiFraming::next(SteadyTime /*now*/) {
    for (auto end = received_.find('\r'); end != std::string::npos; end = received_.find('\r')) {
        const std::string line = received_.substr(0, end);
        received_.erase(0, end + 1);
        const auto start = line.rfind('$');
        if (start != std::string::npos && line.size() - start < buffer_size) {
            return Request{1, Bytes(line.begin() + static_cast<std::ptrdiff_t>(start) + 1, line.end())};
        }
    }
    if (received_.size() > buffer_size) {
        received_.clear();
    }
    return std::nullopt;
}

Bytes RapiFraming::frame(const Request& /*request*/, const Bytes& answer) const {
    return answer;  // the box knows whether its firmware has checksums
}

void RapiFraming::garble(Bytes& frame) const {
    frame[1] ^= 0x01;
}

const Protocol rapi_protocol{"RAPI",
                             []() -> std::unique_ptr<Framing> { return std::make_unique<RapiFraming>(); },
                             []() -> std::unique_ptr<Framing> { return std::make_unique<RapiFraming>(); }};

}  // namespace busbar::sim
