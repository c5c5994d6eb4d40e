// SPDX-License-Identifier: Apache-2.0
// One profile on the time line, by example and against a schedule worked out second by second.
#include "ocpp/schedule.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

#include "ocpp/date_time.hpp"

namespace busbar::ocpp {
namespace {

using Kind = ChargingProfileKindType;
using Purpose = ChargingProfilePurposeType;
using std::chrono::hours;
using std::chrono::sys_days;
using std::chrono::year;

const UtcTime noon = sys_days(year(2026) / 11 / 22) + hours(12);

/// Absolute from noon: 6 A, after a minute 10 A, after two 8 A.
ChargingProfile three_steps() {
    ChargingProfile profile;
    profile.chargingProfilePurpose = Purpose::TxDefaultProfile;
    profile.chargingSchedule.startSchedule = noon;
    profile.chargingSchedule.chargingSchedulePeriod = {
        {0, 6, std::nullopt}, {60, 10, std::nullopt}, {120, 8, std::nullopt}};
    return profile;
}

constexpr double no_limit = -1;

double limit_at(const ChargingProfile& profile, UtcTime at, const ScheduleAnchor& anchor = {noon, noon}) {
    const auto state = state_at(profile, anchor, at);
    return state.period ? state.period->limit : no_limit;
}

std::optional<UtcTime> change_after(const ChargingProfile& profile, UtcTime at,
                                    const ScheduleAnchor& anchor = {noon, noon}) {
    return state_at(profile, anchor, at).next_change;
}

TEST(Schedule, AbsolutePeriodsFollowEachOther) {
    const auto profile = three_steps();
    EXPECT_EQ(limit_at(profile, noon - 1s), no_limit);
    EXPECT_EQ(change_after(profile, noon - 1s), noon);
    EXPECT_EQ(limit_at(profile, noon), 6);
    EXPECT_EQ(change_after(profile, noon), noon + 60s);
    EXPECT_EQ(limit_at(profile, noon + milliseconds(59'999)), 6);
    EXPECT_EQ(limit_at(profile, noon + 60s), 10);
    EXPECT_EQ(limit_at(profile, noon + hours(1000)), 8);  // the last one stays
    EXPECT_EQ(change_after(profile, noon + hours(1000)), std::nullopt);
}

TEST(Schedule, DurationCutsPeriodsAndHoldsTheLastOne) {
    auto profile = three_steps();
    profile.chargingSchedule.duration = 90;
    EXPECT_EQ(limit_at(profile, noon + 89s), 10);
    EXPECT_EQ(change_after(profile, noon + 60s), noon + 90s);
    EXPECT_EQ(limit_at(profile, noon + 90s), no_limit);
    EXPECT_EQ(change_after(profile, noon + 90s), std::nullopt);
    profile.chargingSchedule.duration = 600;
    EXPECT_EQ(limit_at(profile, noon + 599s), 8);
    EXPECT_EQ(change_after(profile, noon + 120s), noon + 600s);
}

TEST(Schedule, RelativeCountsFromTheStartOfTheTransaction) {
    auto profile = three_steps();
    profile.chargingProfileKind = Kind::Relative;
    const ScheduleAnchor anchor{noon, noon + 500s};
    EXPECT_EQ(limit_at(profile, noon + 559s, anchor), 6);
    EXPECT_EQ(limit_at(profile, noon + 560s, anchor), 10);
    EXPECT_EQ(limit_at(profile, noon + 560s, {noon, std::nullopt}), no_limit);
}

TEST(Schedule, AClockPutBackToBeforeTheAnchorLeavesTheFirstPeriodInForce) {
    auto profile = three_steps();
    profile.chargingProfileKind = Kind::Relative;
    profile.chargingSchedule.duration = 90;
    const ScheduleAnchor anchor{noon, noon + 500s};
    EXPECT_EQ(limit_at(profile, noon - hours(1), anchor), 6);
    EXPECT_EQ(change_after(profile, noon - hours(1), anchor), noon + 560s);
    profile.chargingProfilePurpose = Purpose::ChargePointMaxProfile;
    EXPECT_EQ(limit_at(profile, noon - hours(1), anchor), 6);
    profile.validFrom = noon;  // says itself when it begins, and is taken by its word
    EXPECT_EQ(limit_at(profile, noon - hours(1), anchor), no_limit);
}

TEST(Schedule, ARelativeOneIgnoresAStartSchedule) {
    auto profile = three_steps();
    profile.chargingProfileKind = Kind::Relative;
    EXPECT_EQ(limit_at(profile, noon + 560s, {noon, noon + 500s}), 10);
}

TEST(Schedule, AChargePointMaxProfileWithoutAStartCountsFromItsInstallation) {
    auto profile = three_steps();
    profile.chargingSchedule.startSchedule.reset();
    profile.chargingProfilePurpose = Purpose::ChargePointMaxProfile;
    EXPECT_EQ(limit_at(profile, noon + 560s, {noon + 500s, noon}), 10);
    profile.chargingProfileKind = Kind::Relative;
    EXPECT_EQ(limit_at(profile, noon + 560s, {noon + 500s, noon}), 10);
}

TEST(Schedule, AnAbsoluteTransactionProfileWithoutAStartCountsFromTheTransaction) {
    auto profile = three_steps();
    profile.chargingSchedule.startSchedule.reset();
    EXPECT_EQ(limit_at(profile, noon + 560s, {noon, noon + 500s}), 10);
}

TEST(Schedule, DailyAndWeeklyComeRoundAgain) {
    auto profile = three_steps();
    profile.chargingProfileKind = Kind::Recurring;
    profile.recurrencyKind = RecurrencyKindType::Daily;
    EXPECT_EQ(limit_at(profile, noon - 1s), no_limit);
    EXPECT_EQ(limit_at(profile, noon + hours(23)), 8);
    EXPECT_EQ(change_after(profile, noon + hours(23)), noon + hours(24));
    EXPECT_EQ(limit_at(profile, noon + hours(240)), 6);
    EXPECT_EQ(limit_at(profile, noon + hours(240) + 60s), 10);

    profile.recurrencyKind = RecurrencyKindType::Weekly;
    EXPECT_EQ(limit_at(profile, noon + hours(24)), 8);
    EXPECT_EQ(limit_at(profile, noon + hours(7 * 24)), 6);

    profile.chargingSchedule.duration = 3600;
    EXPECT_EQ(limit_at(profile, noon + hours(2)), no_limit);
    EXPECT_EQ(change_after(profile, noon + hours(2)), noon + hours(7 * 24));
    EXPECT_EQ(limit_at(profile, noon + hours(7 * 24)), 6);
}

TEST(Schedule, ALongRecurringScheduleIsCutWhenItComesRound) {
    auto profile = three_steps();
    profile.chargingProfileKind = Kind::Recurring;
    profile.recurrencyKind = RecurrencyKindType::Daily;
    profile.chargingSchedule.duration = 3 * 86'400;
    profile.chargingSchedule.chargingSchedulePeriod.push_back({90'000, 16, std::nullopt});
    EXPECT_EQ(limit_at(profile, noon + hours(25)), 8);
}

TEST(Schedule, ARecurringOneBeginsWithItsStartAndNotBefore) {
    auto profile = three_steps();
    profile.chargingProfileKind = Kind::Recurring;
    profile.recurrencyKind = RecurrencyKindType::Daily;
    profile.chargingSchedule.startSchedule = noon + hours(72);
    EXPECT_EQ(limit_at(profile, noon + 30s), no_limit);
    EXPECT_EQ(change_after(profile, noon + 30s), noon + hours(72));
    EXPECT_EQ(limit_at(profile, noon + hours(72)), 6);
}

TEST(Schedule, APeriodAtOrAfterTheRecurrenceIsNeverReached) {
    auto profile = three_steps();
    profile.chargingProfileKind = Kind::Recurring;
    profile.recurrencyKind = RecurrencyKindType::Daily;
    profile.chargingSchedule.chargingSchedulePeriod.push_back({86'399, 20, std::nullopt});
    profile.chargingSchedule.chargingSchedulePeriod.push_back({86'400, 30, std::nullopt});
    EXPECT_EQ(limit_at(profile, noon + 86'399s), 20);
    EXPECT_EQ(change_after(profile, noon + 86'399s), noon + 86'400s);
    EXPECT_EQ(limit_at(profile, noon + 86'400s), 6);
}

TEST(Schedule, FractionsOfASecondCount) {
    auto profile = three_steps();
    profile.chargingSchedule.startSchedule = noon + milliseconds(500);
    profile.chargingSchedule.duration = 90;
    EXPECT_EQ(limit_at(profile, noon + milliseconds(499)), no_limit);
    EXPECT_EQ(limit_at(profile, noon + milliseconds(500)), 6);
    EXPECT_EQ(limit_at(profile, noon + milliseconds(60'499)), 6);
    EXPECT_EQ(change_after(profile, noon + 30s), noon + milliseconds(60'500));
    EXPECT_EQ(limit_at(profile, noon + milliseconds(60'500)), 10);
    EXPECT_EQ(limit_at(profile, noon + milliseconds(90'499)), 10);
    EXPECT_EQ(limit_at(profile, noon + milliseconds(90'500)), no_limit);
}

/// The second of one day of UTC, counted from `day`, at which a daily profile has its first step.
long step_of_day(const ChargingProfile& profile, UtcTime day) {
    for (int second = 0; second < 86'400; second += 60) {
        if (limit_at(profile, day + seconds(second)) == 10) return second;
    }
    return -1;
}

TEST(Schedule, ADayIs86400SecondsOfUtcWhateverOffsetTheStartWasWrittenWith) {
    auto profile = three_steps();
    profile.chargingProfileKind = Kind::Recurring;
    profile.recurrencyKind = RecurrencyKindType::Daily;
    for (const auto* start :
         {"2026-03-27T23:30:00+01:00", "2026-03-28T04:00:00+05:30", "2026-03-27T22:30:00Z"}) {
        profile.chargingSchedule.startSchedule = parse_iso8601(start);
        // Europe puts its clocks forward on 2026-03-29 and back on 2026-10-25, America on 2026-11-01.
        for (const auto day :
             {year(2026) / 3 / 28, year(2026) / 3 / 29, year(2026) / 3 / 30, year(2026) / 10 / 25,
              year(2026) / 10 / 26, year(2026) / 11 / 1, year(2026) / 11 / 2}) {
            EXPECT_EQ(step_of_day(profile, sys_days(day)), 22 * 3600 + 31 * 60) << start;
        }
    }
}

TEST(Schedule, DaysAndWeeksGoOnOverMonthEndsLeapDaysAndYears) {
    auto profile = three_steps();
    profile.chargingProfileKind = Kind::Recurring;
    profile.recurrencyKind = RecurrencyKindType::Daily;
    profile.chargingSchedule.startSchedule = sys_days(year(2024) / 1 / 31);
    for (const auto day : {year(2024) / 2 / 28, year(2024) / 2 / 29, year(2024) / 3 / 1, year(2024) / 12 / 31,
                           year(2025) / 1 / 1, year(2025) / 2 / 28, year(2025) / 3 / 1}) {
        EXPECT_EQ(step_of_day(profile, sys_days(day)), 60);
    }
    profile.recurrencyKind = RecurrencyKindType::Weekly;  // 2024-01-31 was a Wednesday
    EXPECT_EQ(step_of_day(profile, sys_days(year(2024) / 2 / 28)), 60);
    EXPECT_EQ(step_of_day(profile, sys_days(year(2024) / 2 / 29)), -1);
    EXPECT_EQ(step_of_day(profile, sys_days(year(2024) / 3 / 6)), 60);
    EXPECT_EQ(step_of_day(profile, sys_days(year(2025) / 1 / 1)), 60);
}

TEST(Schedule, AbsurdTimesAndNumbersAreFollowedAllTheSame) {
    constexpr int most = std::numeric_limits<int>::max();
    const UtcTime first = *parse_iso8601("1970-01-01T00:00:00Z");
    const UtcTime last = *parse_iso8601("9999-12-31T23:59:59.999Z");
    auto profile = three_steps();
    auto& schedule = profile.chargingSchedule;
    schedule.chargingSchedulePeriod = {{0, 6, std::nullopt}, {most, 1e308, std::nullopt}};
    schedule.duration = most;
    for (const UtcTime start : {first, last}) {
        schedule.startSchedule = start;
        EXPECT_EQ(limit_at(profile, start), 6);
        EXPECT_EQ(change_after(profile, start), start + seconds(most));
        EXPECT_EQ(limit_at(profile, start + seconds(most)), no_limit);
    }
    profile.chargingProfileKind = Kind::Recurring;
    for (const auto kind : {RecurrencyKindType::Daily, RecurrencyKindType::Weekly}) {
        profile.recurrencyKind = kind;
        schedule.startSchedule = first;
        EXPECT_EQ(limit_at(profile, last), 6);
        schedule.startSchedule = last;
        EXPECT_EQ(limit_at(profile, first), no_limit);
    }
}

TEST(Schedule, IsSilentOutsideItsValidity) {
    auto profile = three_steps();
    profile.validFrom = noon + 70s;
    profile.validTo = noon + 130s;
    EXPECT_EQ(limit_at(profile, noon + 69s), no_limit);
    EXPECT_EQ(change_after(profile, noon + 69s), noon + 70s);
    EXPECT_EQ(limit_at(profile, noon + 70s), 10);
    EXPECT_EQ(change_after(profile, noon + 120s), noon + 130s);
    EXPECT_EQ(limit_at(profile, noon + 130s), no_limit);
    EXPECT_EQ(change_after(profile, noon + 130s), std::nullopt);
}

TEST(Schedule, RefusesWhatCanNeverBeFollowed) {
    const auto refused = [](auto spoil, int most = 100) {
        ChargingProfile profile = three_steps();
        spoil(profile);
        return schedule_problem(profile, most).has_value();
    };
    EXPECT_FALSE(refused([](auto&) {}));
    EXPECT_FALSE(refused([](auto&) {}, 3));
    EXPECT_FALSE(refused([](auto& p) { p.chargingSchedule.chargingSchedulePeriod[1].numberPhases = 4; }));
    EXPECT_FALSE(refused([](auto& p) { p.chargingSchedule.duration = 60; }));  // cuts, and says so nowhere
    EXPECT_FALSE(refused([](auto& p) { p.validTo = noon - hours(1); }));       // over, not impossible
    EXPECT_TRUE(refused([](auto&) {}, 2));
    EXPECT_TRUE(refused([](auto& p) { p.chargingSchedule.chargingSchedulePeriod.clear(); }));
    EXPECT_TRUE(refused([](auto& p) { p.chargingSchedule.chargingSchedulePeriod[0].startPeriod = 1; }));
    EXPECT_TRUE(refused([](auto& p) { p.chargingSchedule.chargingSchedulePeriod[2].startPeriod = 60; }));
    EXPECT_TRUE(refused([](auto& p) { p.chargingSchedule.chargingSchedulePeriod[1].limit = -0.1; }));
    EXPECT_TRUE(refused([](auto& p) { p.chargingSchedule.duration = -1; }));
    EXPECT_TRUE(refused([](auto& p) { p.chargingSchedule.minChargingRate = -0.1; }));
    EXPECT_TRUE(refused([](auto& p) { p.chargingSchedule.chargingSchedulePeriod[1].numberPhases = 0; }));
    EXPECT_TRUE(refused([](auto& p) { p.chargingSchedule.chargingSchedulePeriod[1].limit = std::nan(""); }));
    EXPECT_TRUE(refused([](auto& p) { p.validFrom = p.validTo = noon; }));
    EXPECT_TRUE(refused([](auto& p) { p.recurrencyKind = RecurrencyKindType::Daily; }));
    EXPECT_TRUE(refused([](auto& p) { p.chargingProfileKind = Kind::Recurring; }));
    EXPECT_TRUE(refused([](auto& p) {
        p.chargingProfileKind = Kind::Recurring;
        p.recurrencyKind = RecurrencyKindType::Daily;
        p.chargingSchedule.startSchedule.reset();
    }));
}

/// The limit at `second` after noon, worked out from the definition: which of the schedule's seconds it is.
double brute_force(const ChargingProfile& profile, int second) {
    const UtcTime at = noon + seconds(second);
    if (profile.validFrom && at < *profile.validFrom) return no_limit;
    if (profile.validTo && at >= *profile.validTo) return no_limit;
    auto into = std::chrono::duration_cast<seconds>(at - *profile.chargingSchedule.startSchedule).count();
    if (into < 0) return no_limit;
    if (profile.recurrencyKind) into %= 86'400;
    if (profile.chargingSchedule.duration && into >= *profile.chargingSchedule.duration) return no_limit;
    double limit = no_limit;
    for (const auto& period : profile.chargingSchedule.chargingSchedulePeriod) {
        if (into >= period.startPeriod) limit = period.limit;
    }
    return limit;
}

ChargingProfile random_profile() {
    const auto below = [](int most) { return *rc::gen::inRange(0, most); };
    ChargingProfile profile = three_steps();
    auto& schedule = profile.chargingSchedule;
    schedule.startSchedule = noon + seconds(below(2000) - 1000);
    schedule.chargingSchedulePeriod.clear();
    int start = 0;
    for (int i = 0; i <= below(6); ++i) {
        schedule.chargingSchedulePeriod.push_back({start, double(below(32)), std::nullopt});
        start += 1 + below(40'000);
    }
    if (below(2) == 0) schedule.duration = below(100'000);
    if (below(2) == 0) {
        profile.chargingProfileKind = Kind::Recurring;
        profile.recurrencyKind = RecurrencyKindType::Daily;
    }
    if (below(3) == 0) profile.validFrom = noon + seconds(below(200'000));
    if (below(3) == 0) profile.validTo = noon + seconds(below(200'000));
    return profile;
}

TEST(Schedule, AgreesWithEachSecondWorkedOutByItself) {
    EXPECT_TRUE(rc::check("limit and next change", [] {
        const ChargingProfile profile = random_profile();
        for (int second = *rc::gen::inRange(0, 997); second < 200'000; second += 997) {
            const double limit = limit_at(profile, noon + seconds(second));
            RC_ASSERT(limit == brute_force(profile, second));
            const auto change = change_after(profile, noon + seconds(second));
            RC_ASSERT(!change || *change > noon + seconds(second));
            const int until = change ? int((*change - noon) / 1s) : 200'000;
            for (int later = second; later < until; later += 499) {
                RC_ASSERT(brute_force(profile, later) == limit);
            }
            if (until > 0 && until < 200'000) RC_ASSERT(brute_force(profile, until - 1) == limit);
        }
    }));
}

}  // namespace
}  // namespace busbar::ocpp
