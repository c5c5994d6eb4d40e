// SPDX-License-Identifier: Apache-2.0
// Counts to sentences.
#include "adapters/scan_findings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace busbar::adapters {
namespace {

constexpr std::size_t most_kept = 256;
constexpr std::size_t request_size = 8;  // of a read, and of a write of one value
constexpr std::size_t shown = 16;

/// MODBUS over Serial Line V1.02, appendix B.
std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
    std::uint16_t crc = 0xFFFF;
    for (const auto byte : bytes) {
        crc = static_cast<std::uint16_t>(crc ^ byte);
        for (int bit = 0; bit < 8; ++bit) {
            const bool carry = (crc & 1U) != 0;
            crc = static_cast<std::uint16_t>(crc >> 1U);
            if (carry) crc = static_cast<std::uint16_t>(crc ^ 0xA001U);
        }
    }
    return crc;
}

/// The unit ids that somebody asks, from requests of the usual length with a good checksum.
std::set<int> units_asked(std::span<const std::uint8_t> bytes) {
    std::set<int> units;
    for (std::size_t at = 0; at + request_size <= bytes.size(); ++at) {
        const auto frame = bytes.subspan(at, request_size);
        const bool known_function = frame[1] >= 1 && frame[1] <= 6;
        const auto crc = frame[6] | frame[7] << 8;
        if (known_function && crc == crc16(frame.first(6))) units.insert(frame[0]);
    }
    return units;
}

std::string garbled_places(const ScanFindings& findings) {
    std::vector<std::string> places;
    for (const auto& count : findings.settings) {
        if (count.garbled == 0) continue;
        places.push_back(
            fmt::format("{} (unit {})", to_text(count.setting), fmt::join(count.garbled_units, ", ")));
    }
    return fmt::format("{}", fmt::join(places, "; "));
}

int total(const ScanFindings& findings, int SettingCount::*member) {
    int sum = 0;
    for (const auto& count : findings.settings) sum += count.*member;
    return sum;
}

}  // namespace

void Heard::add(std::span<const std::uint8_t> more) {
    bytes += more.size();
    const auto room = std::min(more.size(), most_kept - first.size());
    first.insert(first.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(room));
}

bool Heard::somebody() const {
    return bytes >= request_size;
}

std::string to_text(const Heard& heard) {
    if (heard.bytes == 0) return "nothing";
    const auto begin = std::span(heard.first).first(std::min(shown, heard.first.size()));
    const auto sample = fmt::format("{} byte{}: {:02X}{}", heard.bytes, heard.bytes == 1 ? "" : "s",
                                    fmt::join(begin, " "), heard.bytes > begin.size() ? " ..." : "");
    const auto units = units_asked(heard.first);
    if (!units.empty())
        return fmt::format("another master, which asks unit {} ({})", fmt::join(units, ", "), sample);
    if (!heard.somebody()) return fmt::format("a short disturbance ({})", sample);
    return fmt::format("a master at another speed, or a device that talks unasked ({})", sample);
}

std::vector<std::string> advice(const ScanFindings& findings) {
    std::vector<std::string> sentences;
    if (findings.end == ScanEnd::line_in_use) {
        sentences.push_back(
            "Somebody else talks on this line. Two masters disturb each other: take the other one off "
            "the line, or scan all the same with --anyway.");
    }
    if (findings.end == ScanEnd::unreachable) sentences.push_back(findings.problem + ".");
    if (total(findings, &SettingCount::garbled) > 0) {
        sentences.push_back("Garbled answers at " + garbled_places(findings) +
                            ": a device with other parity, two devices with one unit id, or wiring "
                            "without termination.");
    }
    if (total(findings, &SettingCount::hung_up) > 0) {
        sentences.push_back(
            "The peer closed the connection on some requests: something is there, and it dislikes "
            "being asked for what it does not know.");
    }
    if (findings.usual_units_only) {
        sentences.push_back(
            "Only the usual unit ids were asked. Behind a converter there may be more: --thorough asks all.");
    }
    const bool nobody = findings.found.empty() && total(findings, &SettingCount::silent) > 0;
    if (nobody && total(findings, &SettingCount::garbled) == 0) {
        sentences.push_back(
            "Nobody answered: check that the charger has power, that its bus interface is switched on, "
            "and try A and B of the line the other way round.");
    }
    return sentences;
}

}  // namespace busbar::adapters
