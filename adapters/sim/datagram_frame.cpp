// SPDX-License-Identifier: Apache-2.0
// Datagrams as requests.
#include "adapters/sim/datagram_frame.hpp"

namespace busbar::sim {

namespace {

constexpr std::size_t most_waiting = 32;

}  // namespace

void DatagramFraming::feed(const Bytes& bytes, SteadyTime /*now*/) {
    if (waiting_.size() < most_waiting) {
        waiting_.push_back(bytes);
    }
}

std::optional<Request> DatagramFraming::next(SteadyTime /*now*/) {
    if (waiting_.empty()) {
        return std::nullopt;
    }
    Request request{1, std::move(waiting_.front())};
    waiting_.pop_front();
    return request;
}

Bytes DatagramFraming::frame(const Request& /*request*/, const Bytes& answer) const {
    return answer;
}

}  // namespace busbar::sim
