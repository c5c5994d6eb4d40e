// SPDX-License-Identifier: Apache-2.0
#include "ocpp/charging_hours.hpp"

#include <gtest/gtest.h>

#include "ocpp/date_time.hpp"

namespace busbar::ocpp {
namespace {

UtcTime at(const std::string& text) {
    return *parse_iso8601(text);
}

/// London in 2026: summer time from March 29 to October 25, 01:00 UTC each.
seconds london(UtcTime time) {
    return time >= at("2026-03-29T01:00Z") && time < at("2026-10-25T01:00Z") ? seconds(3600) : seconds(0);
}

constexpr unsigned long weekdays = 0b0011111;
constexpr unsigned long every_day = 0b1111111;

WeeklySpan span(unsigned long days, int from, int to) {
    return {days, std::chrono::minutes(from), std::chrono::minutes(to)};
}

std::string change(const ChargingHours& hours, const std::string& from) {
    const auto next = hours.next_change(at(from));
    return next ? to_iso8601(*next).substr(0, 16) : "never";
}

TEST(ChargingHours, AreAlwaysOpenWhereNoneAreGiven) {
    EXPECT_TRUE(ChargingHours().open_at(at("2026-11-23T17:00Z")));
    EXPECT_EQ(change(ChargingHours(), "2026-11-23T17:00Z"), "never");
}

TEST(ChargingHours, GoOnOverMidnightAlsoIntoADayThatIsNotNamed) {
    const ChargingHours hours({span(weekdays, 23 * 60 + 30, 5 * 60 + 30)}, london);
    EXPECT_FALSE(hours.open_at(at("2026-11-23T05:29:59Z")));  // Monday: Sunday is not named
    EXPECT_FALSE(hours.open_at(at("2026-11-23T23:29:59.999Z")));
    EXPECT_TRUE(hours.open_at(at("2026-11-23T23:30Z")));
    EXPECT_TRUE(hours.open_at(at("2026-11-28T05:29Z")));  // Saturday, from Friday on
    EXPECT_FALSE(hours.open_at(at("2026-11-28T05:30Z")));
    EXPECT_EQ(change(hours, "2026-11-23T12:00Z"), "2026-11-23T23:30");
    EXPECT_EQ(change(hours, "2026-11-23T23:30Z"), "2026-11-24T05:30");
    EXPECT_EQ(change(hours, "2026-11-28T05:30Z"), "2026-11-30T23:30");
}

TEST(ChargingHours, ThatTouchAreOne) {
    const ChargingHours hours({span(weekdays, 22 * 60, 0), span(every_day, 0, 7 * 60)}, london);
    EXPECT_EQ(change(hours, "2026-11-23T22:00Z"), "2026-11-24T07:00");
}

TEST(ChargingHours, OfAWholeDayAreOneWithTheSameTimeTwiceOrTwentyFourHours) {
    for (const int to : {0, 1440}) {
        const ChargingHours weekend({span(0b1100000, 0, to)}, london);
        EXPECT_EQ(change(weekend, "2026-11-27T12:00Z"), "2026-11-28T00:00");
        EXPECT_EQ(change(weekend, "2026-11-28T00:00Z"), "2026-11-30T00:00");
    }
    EXPECT_EQ(change(ChargingHours({span(every_day, 480, 480)}, london), "2026-11-27T12:00Z"), "never");
}

TEST(ChargingHours, AreThoseOfTheClockOnTheWall) {
    const ChargingHours hours({span(every_day, 90, 6 * 60)}, london);
    EXPECT_EQ(change(hours, "2026-07-01T12:00Z"), "2026-07-02T00:30");
    EXPECT_EQ(change(hours, "2026-11-01T12:00Z"), "2026-11-02T01:30");
    // Put forward from 01:00 to 02:00: half past one never comes.
    EXPECT_EQ(change(hours, "2026-03-28T12:00Z"), "2026-03-29T01:00");
    EXPECT_EQ(change(hours, "2026-03-29T01:00Z"), "2026-03-29T05:00");
    // Put back from 02:00 to 01:00: half past one comes twice, and the hour is closed again until then.
    EXPECT_EQ(change(hours, "2026-10-24T12:00Z"), "2026-10-25T00:30");
    EXPECT_EQ(change(hours, "2026-10-25T00:30Z"), "2026-10-25T01:00");
    EXPECT_EQ(change(hours, "2026-10-25T01:00Z"), "2026-10-25T01:30");
    EXPECT_EQ(change(hours, "2026-10-25T01:30Z"), "2026-10-25T06:00");
}

}  // namespace
}  // namespace busbar::ocpp
