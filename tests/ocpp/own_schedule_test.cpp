// SPDX-License-Identifier: Apache-2.0
#include "ocpp/own_schedule.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using test::now_at;

class OwnScheduleTest : public testing::Test {
  protected:
    OwnScheduleTest() {
        transaction.local_id = "run-1";
        transaction.boot_id = boot;
        times.random_delay = 600s;
        times.random = [this] { return drawn; };
    }
    /// What flows, and "d" or "o" with the second until which delay or hours hold it back.
    std::string at(seconds time, double goal, bool by_profile = false) {
        own.update(times, transaction, {Amperes(goal), by_profile}, boot, now_at(time));
        if (auto body = own.take_record()) record = *body;
        const auto& held = own.held();
        std::string text = fmt::format("{}", held ? held->limit.value() : goal);
        if (held) text += held->off_peak ? " o" : " d";
        if (held && held->until)
            text += fmt::format("{}", std::chrono::duration<double>(*held->until - test::test_start).count());
        return text;
    }
    void open_from(int from, int to) {
        times.off_peak = ChargingHours({{0x7F, std::chrono::minutes(from), std::chrono::minutes(to)}},
                                       [](UtcTime) { return 0s; });
    }
    void restart() { own = OwnSchedule(record, transaction.local_id); }

    std::string boot = "boot";
    double drawn = 0.5;
    ChargingTimes times;
    Transaction transaction;
    std::string record;
    OwnSchedule own;
};

TEST_F(OwnScheduleTest, DrawsWholeSecondsFromNothingToTheLongest) {
    std::set<std::string> seen;
    for (const double one : {0.0, 0.4999, 0.9999999}) {
        own = OwnSchedule();
        drawn = one;
        seen.insert(at(0s, 16));
    }
    EXPECT_EQ(seen, (std::set<std::string>{"16", "0 d300", "0 d600"}));
}

TEST_F(OwnScheduleTest, HoldsARiseBackAndNeverAFall) {
    EXPECT_EQ(at(0s, 16), "0 d300");
    EXPECT_EQ(at(299s, 16), "0 d300");
    EXPECT_EQ(at(300s, 16), "16");
    EXPECT_EQ(at(310s, 10), "10");
    EXPECT_EQ(at(320s, 32), "10 d620");
    EXPECT_EQ(at(330s, 8), "8");
    EXPECT_EQ(at(340s, 12), "8 d640");
    EXPECT_EQ(at(350s, 20), "8 d640");
    EXPECT_EQ(at(640s, 20), "20");
}

TEST_F(OwnScheduleTest, ForgetsARiseThatIsTakenBack) {
    at(0s, 16);
    at(300s, 16);
    EXPECT_EQ(at(310s, 20), "16 d610");
    EXPECT_EQ(at(320s, 16), "16");
    EXPECT_FALSE(own.next_deadline());
    EXPECT_EQ(at(330s, 20), "16 d630");
}

TEST_F(OwnScheduleTest, LeavesTheCentralSystemAloneWhereItDelaysItself) {
    times.delay_central_system = false;
    EXPECT_EQ(at(0s, 16, true), "16");
    EXPECT_EQ(at(10s, 20, false), "16 d310");
    EXPECT_EQ(at(20s, 20, true), "20");
    transaction.local_id = "run-2";
    transaction.remote = true;
    EXPECT_EQ(at(30s, 20), "20");
}

TEST_F(OwnScheduleTest, HoldsByTheHoursOnlyWhileNobodyElseHasASayAndTheTimeIsKnown) {
    times.random_delay = 0s;
    open_from(13 * 60, 14 * 60);  // in an hour
    EXPECT_EQ(at(0s, 16), "0 o3600");
    EXPECT_EQ(at(1s, 16, true), "16");
    EXPECT_EQ(at(2s, 16), "0 o3600");
    own.update(times, transaction, {Amperes(16)}, boot, {test::test_start, std::nullopt});
    EXPECT_FALSE(own.held());
    own.charge_now(transaction, boot);
    EXPECT_EQ(at(3s, 16), "16");
    transaction.local_id = "run-2";
    EXPECT_EQ(at(4s, 16), "0 o3600");
    transaction.remote = true;
    EXPECT_EQ(at(5s, 16), "16");
}

TEST_F(OwnScheduleTest, DelaysBothEndsOfTheHours) {
    open_from(13 * 60, 14 * 60);
    EXPECT_EQ(at(0s, 16), "0 o3600");
    EXPECT_EQ(at(3600s, 16), "0 d3900");
    EXPECT_EQ(at(3900s, 16), "16");
    EXPECT_EQ(own.next_deadline(), now_at(7200s).steady);
    EXPECT_EQ(at(7200s, 16), "16");
    EXPECT_EQ(own.next_deadline(), now_at(7500s).steady);
    EXPECT_EQ(at(7300s, 10), "10") << "a limit counts meanwhile";
    EXPECT_EQ(at(7500s, 10).substr(0, 3), "0 o");
}

TEST_F(OwnScheduleTest, FollowsAClockThatIsPutBack) {
    times.random_delay = 0s;
    open_from(13 * 60, 14 * 60);
    EXPECT_EQ(at(3600s, 16), "16");
    const Now earlier{now_at(3601s).steady, now_at(0s).utc};
    own.update(times, transaction, {Amperes(16)}, boot, earlier);
    ASSERT_TRUE(own.held());
    EXPECT_EQ(own.held()->until, now_at(7201s).steady);
}

TEST_F(OwnScheduleTest, GoesOnWithADelayAfterARestartOfTheProcess) {
    at(0s, 16);
    drawn = 0.0;
    restart();
    record.clear();
    EXPECT_EQ(at(100s, 16), "0 d300");
    EXPECT_EQ(record, "") << "nothing new to save";
    EXPECT_EQ(at(300s, 16), "16");
}

TEST_F(OwnScheduleTest, WaitsNoLongerThanAShorterSettingAllows) {
    at(0s, 16);
    restart();
    times.random_delay = 60s;
    EXPECT_EQ(at(100s, 16), "0 d160");
}

TEST_F(OwnScheduleTest, DrawsAnewAfterALossOfPower) {
    at(0s, 16);
    at(300s, 16);
    restart();
    boot = "another";
    EXPECT_EQ(at(400s, 16), "0 d700");
    restart();
    EXPECT_EQ(at(500s, 16), "0 d700");
}

TEST_F(OwnScheduleTest, LeavesARunningTransactionAloneWhereItHasNoRecord) {
    own = OwnSchedule({}, transaction.local_id);
    EXPECT_EQ(at(0s, 16), "16");
    own = OwnSchedule({}, transaction.local_id);
    boot = "another";
    EXPECT_EQ(at(0s, 16), "0 d300");
    own = OwnSchedule("{damaged", transaction.local_id);
    boot = "boot";
    EXPECT_EQ(at(0s, 16), "16");
}

TEST_F(OwnScheduleTest, KnowsAfterARestartThatNothingFlowed) {
    open_from(12 * 60, 13 * 60);
    at(0s, 16);
    at(300s, 16);
    at(3600s, 16);
    EXPECT_EQ(at(3900s, 16).substr(0, 3), "0 o");
    restart();
    EXPECT_EQ(at(24h, 16), "0 d86700") << "the hours began while the process was dead";
}

}  // namespace
}  // namespace busbar::ocpp
