// SPDX-License-Identifier: Apache-2.0
// ISO 8601 in and out.
#include "ocpp/date_time.hpp"

#include <gtest/gtest.h>

namespace busbar::ocpp {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

const UtcTime noon = sys_days(year(2026) / 11 / 22) + std::chrono::hours(12);

TEST(DateTime, IsSentInUtcWithMilliseconds) {
    EXPECT_EQ(to_iso8601(noon), "2026-11-22T12:00:00.000Z");
    EXPECT_EQ(to_iso8601(noon + milliseconds(7)), "2026-11-22T12:00:00.007Z");
    EXPECT_EQ(to_iso8601(sys_days(year(2028) / 2 / 29) + milliseconds(86'399'999)),
              "2028-02-29T23:59:59.999Z");
}

TEST(DateTime, IsReadWithFractionsAndOffsets) {
    const auto at = [](std::string_view text) { return parse_iso8601(text).value_or(UtcTime()); };
    EXPECT_EQ(at("2026-11-22T12:00:00Z"), noon);
    EXPECT_EQ(at("2026-11-22t12:00:00z"), noon);
    EXPECT_EQ(at("2026-11-22 12:00:00"), noon);
    EXPECT_EQ(at("2026-11-22T12:00Z"), noon);
    EXPECT_EQ(at("2026-11-22T12:00:00.5Z"), noon + milliseconds(500));
    EXPECT_EQ(at("2026-11-22T12:00:00,123456789Z"), noon + milliseconds(123));
    EXPECT_EQ(at("2026-11-22T13:00:00+01:00"), noon);
    EXPECT_EQ(at("2026-11-22T13:00:00+0100"), noon);
    EXPECT_EQ(at("2026-11-22T06:30:00-05:30"), noon);
    EXPECT_EQ(at("2026-11-23T02:00:00.250+14:00"), noon + milliseconds(250));
}

TEST(DateTime, KnowsLeapYearsAndLeapSeconds) {
    EXPECT_TRUE(parse_iso8601("2028-02-29T00:00:00Z"));
    EXPECT_FALSE(parse_iso8601("2026-02-29T00:00:00Z"));
    EXPECT_TRUE(parse_iso8601("2000-02-29T00:00:00Z"));
    EXPECT_FALSE(parse_iso8601("2100-02-29T00:00:00Z"));
    EXPECT_EQ(parse_iso8601("2016-12-31T23:59:60Z"), parse_iso8601("2017-01-01T00:00:00Z"));
}

TEST(DateTime, RefusesGarbage) {
    for (const char* text : {"",
                             "now",
                             "2026",
                             "2026-11-22",
                             "2026-11-22T",
                             "2026-11-22T12",
                             "2026-13-01T00:00:00Z",
                             "2026-00-10T00:00:00Z",
                             "2026-11-31T00:00:00Z",
                             "2026-11-22T24:00:00Z",
                             "2026-11-22T12:60:00Z",
                             "2026-11-22T12:00:61Z",
                             "2026-11-22T12:00:00.Z",
                             "2026-11-22T12:00:00Zulu",
                             "2026-11-22T12:00:00+1",
                             "2026-11-22T12:00:00+99:99",
                             "2026-11-22T12:00:00+14:01",
                             "-026-11-22T12:00:00Z",
                             "2026-11-22T-2:00:00Z",
                             "1969-12-31T23:59:59Z",
                             " 2026-11-22T12:00:00Z",
                             "2026/11/22T12:00:00Z",
                             "\xFF\xFE"}) {
        EXPECT_FALSE(parse_iso8601(text)) << text;
    }
}

TEST(Stamp, ConvertsAnEarlierInstantOnceTheTimeIsKnown) {
    const Now unknown{SteadyTime(seconds(100)), std::nullopt};
    const Stamp early = stamp(unknown.steady, unknown);
    EXPECT_FALSE(early.utc);
    EXPECT_FALSE(utc_of(early, unknown));

    const Now known{SteadyTime(seconds(160)), noon};
    EXPECT_EQ(utc_of(early, known), noon - seconds(60));
    EXPECT_EQ(stamp(SteadyTime(milliseconds(159'750)), known).utc, noon - milliseconds(250));
}

TEST(Stamp, KeepsTheTimeItHadWhenTheClockIsSetLater) {
    const Stamp early = stamp(SteadyTime(seconds(100)), {SteadyTime(seconds(100)), noon});
    EXPECT_EQ(utc_of(early, {SteadyTime(seconds(160)), noon + seconds(7200)}), noon);
}

}  // namespace
}  // namespace busbar::ocpp
