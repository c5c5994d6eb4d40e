// SPDX-License-Identifier: Apache-2.0
// charging: the gateway's own schedule, for all chargers and where one has it otherwise.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "config/config_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr Range kRandomDelay{0, 1800};
constexpr std::size_t kMostSpans = 50;
constexpr std::array<Name<std::size_t>, 7> kDays{
    {{"mon", 0}, {"tue", 1}, {"wed", 2}, {"thu", 3}, {"fri", 4}, {"sat", 5}, {"sun", 6}}};

int minutes_in(std::string_view clock) {
    const auto two = [&](std::size_t at) { return (clock[at] - '0') * 10 + (clock[at + 1] - '0'); };
    return two(0) * 60 + two(3);
}

bool is_clock(std::string_view text, int most) {
    constexpr std::string_view shape = "00:00";
    const auto fits = [](char sign, char like) {
        return like == ':' ? sign == ':' : sign >= '0' && sign <= '9';
    };
    return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), fits) && text[3] <= '5' &&
           minutes_in(text) <= most;
}

constexpr TextRule kFrom{"00:00 to 23:59", [](std::string_view text) { return is_clock(text, 1439); }};
constexpr TextRule kTo{"00:00 to 24:00", [](std::string_view text) { return is_clock(text, 1440); }};

// As the names in the IANA time zone database; whether it has one of that name is the gateway's to say.
constexpr TextRule kTimeZone{
    "the name of a time zone, such as Europe/London", [](std::string_view text) {
        return is_printable(text, 1, 64) && std::all_of(text.begin(), text.end(), [](unsigned char c) {
                   return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+';
               });
    }};

void read_clock(const Value& value, std::chrono::minutes& out, const TextRule& rule) {
    std::string text;
    if (value.text(text, rule)) out = std::chrono::minutes(minutes_in(text));
}

void read_span(Section& section, WeeklySpan& out) {
    section.need("days").one_or_each([&](const Value& item) {
        std::size_t day = 0;
        if (item.choice(day, kDays)) out.days.set(day);
    });
    read_clock(section.need("from"), out.from, kFrom);
    read_clock(section.need("to"), out.to, kTo);
}

void read_spans(const Value& value, std::vector<WeeklySpan>& out) {
    const bool is_list = value.each([&](const Value& item) {
        WeeklySpan& span = out.emplace_back();
        item.object([&](Section& section) { read_span(section, span); });
    });
    if (is_list && out.size() > kMostSpans) value.problem(fmt::format("must be at most {}", kMostSpans));
}

}  // namespace

void read_charging(Section& section, Charging& out) {
    section.may("random_delay_s").integer(out.random_delay, kRandomDelay);
    section.may("delay_central_system").flag(out.delay_central_system);
    read_spans(section.may("off_peak"), out.off_peak);
    section.may("time_zone").text(out.time_zone, kTimeZone);
}

void read_charging_exception(Section& section, ChargingException& out) {
    section.may("random_delay_s").integer(out.random_delay, kRandomDelay);
    section.may("delay_central_system").flag(out.delay_central_system);
    const Value off_peak = section.may("off_peak");
    if (off_peak.present()) read_spans(off_peak, out.off_peak.emplace());
}

Charging charging_of(const Config& config, const Charger& charger) {
    Charging charging = config.charging;
    const auto& own = charger.charging;
    charging.random_delay = own.random_delay.value_or(charging.random_delay);
    charging.delay_central_system = own.delay_central_system.value_or(charging.delay_central_system);
    charging.off_peak = own.off_peak.value_or(charging.off_peak);
    return charging;
}

}  // namespace busbar::config
