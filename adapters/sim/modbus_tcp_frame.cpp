// SPDX-License-Identifier: Apache-2.0
// Modbus TCP, server side.
#include "adapters/sim/modbus_tcp_frame.hpp"

namespace busbar::sim {

namespace {

constexpr std::size_t header = 7;              // up to and including the unit
constexpr std::size_t counted_from = 6;        // the length field counts what follows it
constexpr std::uint16_t shortest_counted = 2;  // unit, function
constexpr std::uint16_t longest_counted = 254;
constexpr std::size_t most_buffered = 2048;  // pipelined requests; a master that sends more is not one

}  // namespace

void MbapFraming::feed(const Bytes& bytes, SteadyTime /*now*/) {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    broken_ = broken_ || buffer_.size() > most_buffered;
}

std::optional<Request> MbapFraming::next(SteadyTime /*now*/) {
    if (broken_ || buffer_.size() < header) {
        return std::nullopt;
    }
    const std::uint16_t counted = word_at(buffer_, 4);
    if (word_at(buffer_, 2) != 0 || counted < shortest_counted || counted > longest_counted) {
        broken_ = true;
        return std::nullopt;
    }
    if (buffer_.size() < counted_from + counted) {
        return std::nullopt;
    }
    const auto end = buffer_.begin() + static_cast<std::ptrdiff_t>(counted_from + counted);
    Request request{buffer_[6], Bytes(buffer_.begin() + header, end), word_at(buffer_, 0)};
    buffer_.erase(buffer_.begin(), end);
    return request;
}

Bytes MbapFraming::frame(const Request& request, const Bytes& answer) const {
    Bytes bytes;
    append_word(bytes, request.transaction);
    append_word(bytes, 0);
    append_word(bytes, static_cast<std::uint16_t>(answer.size() + 1));
    bytes.push_back(static_cast<std::uint8_t>(request.unit));
    bytes.insert(bytes.end(), answer.begin(), answer.end());
    return bytes;
}

void MbapFraming::garble(Bytes& frame) const {
    frame[1] ^= 0x10;  // nothing protects the payload; a foreign transaction id every master must notice
}

}  // namespace busbar::sim
