// SPDX-License-Identifier: Apache-2.0
// Each protocol's way to be recognised from the outside.
#include "adapters/heard.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>

#include "adapters/ascii_frame.hpp"
#include "adapters/evcc1_frame.hpp"
#include "adapters/openevse_rapi.hpp"

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

/// What the lines of text among the bytes are.
struct Lines {
    std::set<int> ascii_units;  ///< of Modbus ASCII, and of ABL's requests
    std::set<int> abl_units;    ///< of ABL's answers
    std::set<int> evcc1_units;
    bool rapi_asked = false;
    std::string rapi_report;
};

/// "GS", "OK", "T0": noise has a '$' somewhere too.
bool is_rapi_word(std::string_view word) {
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    return word.size() == 2 && is_letter(word[0]) &&
           (is_letter(word[1]) || (word[1] >= '0' && word[1] <= '9'));
}

void take_rapi(Lines& lines, std::string_view line) {
    const auto message = rapi::parse(line);
    if (!message || !message->intact || !is_rapi_word(message->words[0])) return;
    static constexpr std::array<std::string_view, 5> reports{"AB", "AT", "AN", "WF", "ST"};
    if (std::find(reports.begin(), reports.end(), message->words[0]) == reports.end()) {
        lines.rapi_asked = true;
    } else {
        lines.rapi_report = message->words[0];
    }
}

/// "!1 02": the request is the reply with another first character.
std::optional<int> evcc1_unit(std::string_view line) {
    const auto start = line.find_last_of("!>");
    if (start == std::string_view::npos) return std::nullopt;
    const auto frame = parse_evcc1_reply(">" + std::string(line.substr(start + 1)));
    return frame && frame->address <= 8 ? std::optional(frame->address) : std::nullopt;
}

void take(Lines& lines, std::string_view line) {
    if (const auto frame = parse_ascii_answer(line, AsciiDialect::modbus)) {
        lines.ascii_units.insert(frame->unit);
    } else if (const auto answer = parse_ascii_answer(line, AsciiDialect::abl)) {
        lines.abl_units.insert(answer->unit);
    } else if (const auto unit = evcc1_unit(line)) {
        lines.evcc1_units.insert(*unit);
    } else {
        take_rapi(lines, line);
    }
}

/// The first and the last may be parts of lines: they make no sense, and do no harm.
Lines lines_of(std::span<const std::uint8_t> bytes) {
    Lines lines;
    std::string line;
    for (const auto byte : bytes) {
        if (byte != '\r' && byte != '\n') {
            line += static_cast<char>(byte);
        } else if (!line.empty()) {
            take(lines, line);
            line.clear();
        }
    }
    return lines;
}

struct Verdict {
    Talker talker;
    std::string words;
};

Verdict master(const char* of, const std::set<int>& units) {
    return {Talker::master, fmt::format("another {}master, which asks unit {}", of, fmt::join(units, ", "))};
}

Verdict judge(const Heard& heard) {
    if (heard.bytes == 0) return {Talker::nobody, "nothing"};
    const auto units = units_asked(heard.first);
    if (!units.empty()) return master("Modbus RTU ", units);
    const auto lines = lines_of(heard.first);
    if (!lines.abl_units.empty()) return master("ABL ", lines.abl_units);
    if (!lines.ascii_units.empty()) return master("Modbus ASCII ", lines.ascii_units);
    if (!lines.evcc1_units.empty()) return master("ABL EVCC ", lines.evcc1_units);
    if (lines.rapi_asked) return {Talker::master, "another program, which asks an OpenEVSE controller"};
    if (!lines.rapi_report.empty()) {
        return {Talker::device,
                fmt::format("an OpenEVSE controller, which reports by itself (${})", lines.rapi_report)};
    }
    if (heard.bytes < request_size) return {Talker::nobody, "a short disturbance"};
    return {Talker::unknown, "a master at another speed, or a device that talks unasked"};
}

}  // namespace

void Heard::add(std::span<const std::uint8_t> more) {
    bytes += more.size();
    const auto room = std::min(more.size(), most_kept - first.size());
    first.insert(first.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(room));
}

Talker Heard::talker() const {
    return judge(*this).talker;
}

bool Heard::somebody() const {
    const auto who = talker();
    return who == Talker::master || who == Talker::unknown;
}

std::string to_text(const Heard& heard) {
    const auto verdict = judge(heard);
    if (heard.bytes == 0) return verdict.words;
    const auto begin = std::span(heard.first).first(std::min(shown, heard.first.size()));
    return fmt::format("{}{}{} ({} byte{}: {:02X}{})", verdict.words, heard.at.empty() ? "" : ", at ",
                       heard.at, heard.bytes, heard.bytes == 1 ? "" : "s", fmt::join(begin, " "),
                       heard.bytes > begin.size() ? " ..." : "");
}

}  // namespace busbar::adapters
