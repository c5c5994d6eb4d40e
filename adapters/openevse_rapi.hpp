// SPDX-License-Identifier: Apache-2.0
// RAPI, the serial protocol of OpenEVSE controllers: frames to and from text. Pure.
//
// Source: the protocol description at the head of rapi_proc.h in OpenEVSE's firmware, protocol 5.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::adapters::rapi {

/// The controller's buffer is 32 bytes with its terminator: longer commands are dropped without an answer.
inline constexpr std::size_t longest_command = 31;

/// `command` is "GS" or "SC 16 V". Gives "$SC 16 V^65\r", with a sequence id " :05" before the checksum
/// where there is one (1 to 255; firmware from 3.0 on echoes it). Empty: longer than the controller takes.
std::string frame(std::string_view command, std::optional<std::uint8_t> sequence = std::nullopt);

/// One message from the controller.
struct Message {
    std::vector<std::string> words;  ///< "OK", "01", "0": the sequence id is taken off
    std::optional<std::uint8_t> sequence;
    bool intact = true;  ///< its checksum, if it has one, is right

    [[nodiscard]] bool is_reply() const { return words[0] == "OK" || words[0] == "NK"; }
    [[nodiscard]] bool ok() const { return words[0] == "OK"; }
    /// The parameters behind the first word as numbers; empty where there is none, or it is none.
    [[nodiscard]] std::optional<long> decimal(std::size_t parameter) const;
    [[nodiscard]] std::optional<long> hex(std::size_t parameter) const;
};

/// `text` is a line without its end; what stands before the last '$' is noise. With XOR (^), additive (*) or,
/// as firmware before 2.0 answers, no checksum. Empty: no message, or one with more than ten words.
std::optional<Message> parse(std::string_view text);

}  // namespace busbar::adapters::rapi
