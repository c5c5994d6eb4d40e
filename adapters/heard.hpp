// SPDX-License-Identifier: Apache-2.0
// What was on a line before anything was sent, and who that is. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace busbar::adapters {

enum class Talker {
    nobody,   ///< nothing, or a short disturbance
    unknown,  ///< bytes that make no sense as they were heard: another speed, or noise
    master,   ///< somebody asks the devices
    device,   ///< a device tells by itself: nobody is in the way
};

struct Heard {
    std::size_t bytes = 0;
    std::vector<std::uint8_t> first;  ///< the beginning of it, 256 bytes at most
    std::string at;                   ///< the settings at which it was heard, when it was not the line's own
    void add(std::span<const std::uint8_t> more);
    [[nodiscard]] Talker talker() const;
    /// Who asks on the line is in it at least once: two masters disturb each other.
    [[nodiscard]] bool somebody() const;
};

/// "nothing", or who seems to talk: a master that asks units 1 and 2, a controller that reports by itself, or
/// noise, with its first bytes.
std::string to_text(const Heard& heard);

}  // namespace busbar::adapters
