// SPDX-License-Identifier: Apache-2.0
#include "ocpp/date_time.hpp"

#include <fmt/format.h>

#include <charconv>

namespace busbar::ocpp {
namespace {

using std::chrono::day;
using std::chrono::duration_cast;
using std::chrono::minutes;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

/// Reads a text from left to right; once something did not fit, everything after it fails too.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    int digits(std::size_t count) {
        int value = 0;
        const char* end = rest_.data() + std::min(count, rest_.size());
        const auto [stop, error] = std::from_chars(rest_.data(), end, value);
        const bool good =
            ok_ && count <= rest_.size() && error == std::errc() && stop == end && rest_[0] != '-';
        ok_ = good;
        if (good) rest_.remove_prefix(count);
        return good ? value : 0;
    }

    bool skip_any_of(std::string_view choices) {
        if (!ok_ || rest_.empty() || choices.find(rest_[0]) == std::string_view::npos) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void expect_any_of(std::string_view choices) { ok_ = skip_any_of(choices); }

    milliseconds fraction() {
        if (!skip_any_of(".,")) return milliseconds(0);
        milliseconds value(0);
        int scale = 100;
        std::size_t length = 0;
        while (length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') {
            value += milliseconds(scale * (rest_[length] - '0'));
            scale /= 10;
            ++length;
        }
        ok_ = length > 0;
        rest_.remove_prefix(length);
        return value;
    }

    minutes offset() {
        if (rest_.empty() || skip_any_of("Zz")) return minutes(0);
        const bool west = rest_[0] == '-';
        expect_any_of("+-");
        int total = digits(2) * 60;
        skip_any_of(":");
        if (!rest_.empty()) total += digits(2);
        ok_ = ok_ && total <= farthest_offset;
        return minutes(west ? -total : total);
    }

    [[nodiscard]] bool finished() const { return ok_ && rest_.empty(); }

  private:
    static constexpr int farthest_offset = 14 * 60;  ///< minutes, of the Line Islands

    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace

std::string to_iso8601(UtcTime time) {
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const year_month_day date(midnight);
    const std::chrono::hh_mm_ss clock(time - midnight);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::optional<UtcTime> parse_iso8601(std::string_view text) {
    Scanner scan(text);
    const int years = scan.digits(4);
    scan.expect_any_of("-");
    const int months = scan.digits(2);
    scan.expect_any_of("-");
    const int days = scan.digits(2);
    scan.expect_any_of("Tt ");
    const int hours = scan.digits(2);
    scan.expect_any_of(":");
    const int mins = scan.digits(2);
    const int secs = scan.skip_any_of(":") ? scan.digits(2) : 0;
    const milliseconds fraction = scan.fraction();
    const minutes offset = scan.offset();

    const year_month_day date{year(years), month(static_cast<unsigned>(months)),
                              day(static_cast<unsigned>(days))};
    const bool in_range = years >= 1970 && hours < 24 && mins < 60 && secs <= 60;
    if (!scan.finished() || !date.ok() || !in_range) return std::nullopt;
    return UtcTime(sys_days(date)) + std::chrono::hours(hours) + minutes(mins) + seconds(secs) + fraction -
           offset;
}

Stamp stamp(SteadyTime at, const Now& now) {
    if (!now.utc) return {at, std::nullopt};
    return {at, *now.utc - duration_cast<milliseconds>(now.steady - at)};
}

std::optional<UtcTime> utc_of(const Stamp& earlier, const Now& now) {
    return earlier.utc ? earlier.utc : stamp(earlier.steady, now).utc;
}

}  // namespace busbar::ocpp
