// SPDX-License-Identifier: Apache-2.0
// Modbus RTU, server side.
#include "adapters/sim/modbus_rtu_frame.hpp"

namespace busbar::sim {

namespace {

constexpr std::size_t longest_frame = 256;
constexpr std::size_t shortest_frame = 4;  // unit, function, CRC

// The standard's 3.5 characters are 1.8 ms at 19200 baud; a pty or USB adapter hands bytes over less evenly.
constexpr auto end_of_frame_silence = 5ms;

/// The length of a request that begins like this; 0: not known yet, or a function we do not know.
std::size_t expected_length(const Bytes& buffer) {
    if (buffer.size() < 2) {
        return 0;
    }
    switch (buffer[1]) {
        case 0x01:
        case 0x02:
        case 0x03:
        case 0x04:
        case 0x05:
        case 0x06:
            return 8;
        case 0x0F:
        case 0x10:
            return buffer.size() < 7 ? 0 : 9U + buffer[6];
        default:
            return 0;
    }
}

bool intact(const Bytes& buffer, std::size_t length) {
    if (length < shortest_frame || buffer.size() < length) {
        return false;
    }
    const std::uint16_t sent = static_cast<std::uint16_t>(buffer[length - 2] | (buffer[length - 1] << 8));
    return sent == modbus_crc(buffer, length - 2);
}

}  // namespace

std::uint16_t modbus_crc(const Bytes& bytes, std::size_t count) {
    std::uint16_t crc = 0xFFFF;
    for (std::size_t i = 0; i < count; ++i) {
        crc = static_cast<std::uint16_t>(crc ^ bytes[i]);
        for (int bit = 0; bit < 8; ++bit) {
            const bool carry = (crc & 1) != 0;
            crc = static_cast<std::uint16_t>(crc >> 1);
            if (carry) {
                crc = static_cast<std::uint16_t>(crc ^ 0xA001);
            }
        }
    }
    return crc;
}

void RtuFraming::feed(const Bytes& bytes, SteadyTime now) {
    if (!buffer_.empty() && now - last_byte_ >= end_of_frame_silence) {
        buffer_.clear();
    }
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    if (buffer_.size() > longest_frame) {
        buffer_.resize(longest_frame);  // nothing of it is a frame any more: the next silence drops it
    }
    last_byte_ = now;
}

std::optional<Request> RtuFraming::next(SteadyTime now) {
    std::size_t length = expected_length(buffer_);
    const bool silent = now - last_byte_ >= end_of_frame_silence;
    if (length == 0 && silent) {
        length = buffer_.size();
    }
    std::optional<Request> request;
    if (intact(buffer_, length)) {
        const auto end = buffer_.begin() + static_cast<std::ptrdiff_t>(length);
        request = Request{buffer_[0], Bytes(buffer_.begin() + 1, end - 2)};
        buffer_.erase(buffer_.begin(), end);
    } else if (silent) {
        buffer_.clear();
    }
    return request;
}

std::optional<SteadyTime> RtuFraming::deadline() const {
    if (buffer_.empty()) {
        return std::nullopt;
    }
    return last_byte_ + end_of_frame_silence;
}

Bytes RtuFraming::frame(const Request& request, const Bytes& answer) const {
    Bytes bytes{static_cast<std::uint8_t>(request.unit)};
    bytes.insert(bytes.end(), answer.begin(), answer.end());
    const std::uint16_t crc = modbus_crc(bytes, bytes.size());
    bytes.push_back(static_cast<std::uint8_t>(crc & 0xFF));
    bytes.push_back(static_cast<std::uint8_t>(crc >> 8));
    return bytes;
}

void RtuFraming::garble(Bytes& frame) const {
    frame[frame.size() / 2] ^= 0x10;
}

}  // namespace busbar::sim
