// SPDX-License-Identifier: Apache-2.0
// frames: the template of a frame that carries the limit, checked field by field.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "config/profile_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr TextRule kTemplate{"a frame such as \"5AA5 08 {limit*10:u16} {sum8}\"", kAnyText.accepts};
constexpr std::size_t kLongestFrame = 256;
constexpr int kLargestFactor = 1'000'000;

struct NumberType {
    std::string_view name;
    std::size_t bytes;
    double most;
};
constexpr std::array<NumberType, 4> kNumberTypes{
    {{"u16", 2, 65535.0}, {"u16le", 2, 65535.0}, {"u32", 4, 4294967295.0}, {"u32le", 4, 4294967295.0}}};

struct Checksum {
    std::string_view name;
    std::size_t bytes;
};
constexpr std::array<Checksum, 3> kChecksums{{{"sum8", 1}, {"xor8", 1}, {"crc16", 2}}};

/// What stands in braces: a number of bytes, or why not.
struct FieldSize {
    std::size_t bytes = 0;
    std::string wrong;
};

/// "*10": the factor; 1 without one.
std::optional<int> factor_of(std::string_view text) {
    if (text.empty()) return 1;
    int factor = 0;
    const char* end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data() + 1, end, factor);
    const bool sound =
        text.size() > 1 && text.front() == '*' && text[1] != '0' && error == std::errc() && last == end;
    if (!sound || factor < 1 || factor > kLargestFactor) return {};
    return factor;
}

/// "limit*10:u16" and the like.
FieldSize size_of_limit(std::string_view field, double max_a) {
    const auto colon = field.find(':');
    const auto type_name = colon == std::string_view::npos ? "" : field.substr(colon + 1);
    const auto type = std::find_if(kNumberTypes.begin(), kNumberTypes.end(),
                                   [&](const NumberType& each) { return each.name == type_name; });
    const auto factor = factor_of(field.substr(0, colon).substr(std::string_view("limit").size()));
    if (type == kNumberTypes.end() || !factor) {
        return {0,
                fmt::format("{{{}}} must be {{limit:TYPE}} or {{limit*NUMBER:TYPE}}, TYPE one of u16, u16le, "
                            "u32, u32le",
                            field)};
    }
    if (max_a * *factor > type->most) {
        return {0, fmt::format("{{{}}} cannot carry max_a ({} A): take a longer type", field, max_a)};
    }
    return {type->bytes, {}};
}

FieldSize size_of_field(std::string_view field, double max_a) {
    if (field.starts_with("limit")) return size_of_limit(field, max_a);
    const auto sum = std::find_if(kChecksums.begin(), kChecksums.end(),
                                  [&](const Checksum& each) { return each.name == field; });
    if (sum != kChecksums.end()) return {sum->bytes, {}};
    return {0, fmt::format(
                   "knows no {{{}}}: it must be {{limit:u16}} or the like, {{sum8}}, {{xor8}} or {{crc16}}",
                   field)};
}

/// Whole bytes as hex digits; what is left stands at a blank or a brace.
FieldSize take_bytes(std::string_view& rest) {
    const auto is_hex = [](unsigned char c) { return std::isxdigit(c) != 0; };
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_hex);
    const auto digits = static_cast<std::size_t>(end - rest.begin());
    if (digits == 0)
        return {0, fmt::format("must be hex digits, blanks and fields in braces, not '{}'", rest[0])};
    if (digits % 2 != 0) {
        return {0, fmt::format("must have two hex digits a byte, not '{}'", rest.substr(0, digits))};
    }
    rest.remove_prefix(digits);
    return {digits / 2, {}};
}

FieldSize take_field(std::string_view& rest, double max_a) {
    const auto close = rest.find('}');
    if (close == std::string_view::npos) return {0, "has a field without its closing brace"};
    const auto field = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    return size_of_field(field, max_a);
}

/// Why the template makes no frame; empty when it does.
std::string why_no_frame(std::string_view text, double max_a) {
    std::size_t bytes = 0;
    bool has_limit = false;
    for (auto rest = text; !rest.empty();) {
        if (rest.front() == ' ') {
            rest.remove_prefix(1);
            continue;
        }
        has_limit |= rest.starts_with("{limit");
        // cppcheck-suppress containerOutOfBounds  ; the loop ends where it is empty
        const FieldSize next = rest.front() == '{' ? take_field(rest, max_a) : take_bytes(rest);
        if (!next.wrong.empty()) return next.wrong;
        bytes += next.bytes;
    }
    if (!has_limit) return "carries no limit: add a field such as {limit*10:u16}";
    if (bytes > kLongestFrame) return fmt::format("must be at most {} bytes, not {}", kLongestFrame, bytes);
    return {};
}

}  // namespace

void read_frames(Section& section, Profile& profile) {
    FrameTemplate& out = profile.frames.emplace();
    const Value limit = section.need("limit");
    if (limit.text(out.limit, kTemplate)) {
        const double max_a = profile.limit ? profile.limit->max_a : 0;
        if (const auto why = why_no_frame(out.limit, max_a); !why.empty()) limit.problem(why);
    }
    section.may("repeat_ms").integer(out.repeat, {100, 600'000});
}

}  // namespace busbar::config
