// SPDX-License-Identifier: Apache-2.0
// Which statuses are told, when, and again.
#include "ocpp/status_reporter.hpp"

#include <gtest/gtest.h>

namespace busbar::ocpp {
namespace {

using enum ChargePointStatus;

SteadyTime at(int since_start) {
    return SteadyTime(seconds(1000 + since_start));
}

class Reports : public testing::Test {
  protected:
    void becomes(ChargePointStatus status, int since) {
        reporter.update({status, ChargePointErrorCode::NoError, {}, {}}, {at(since), std::nullopt});
    }
    std::string due(int now, seconds minimum = 0s) {
        const auto report = reporter.take_due(at(now), minimum);
        return report ? std::string(name_of(report->status.status)) : "none";
    }

    StatusReporter reporter;
};

TEST_F(Reports, TheFirstStatusAtOnceAndEveryChangeOnce) {
    EXPECT_EQ(due(0), "none");
    becomes(Available, 0);
    EXPECT_EQ(reporter.next_deadline(60s), at(0));
    EXPECT_EQ(due(0, 60s), "Available");
    EXPECT_EQ(due(1), "none");
    becomes(Available, 5);
    EXPECT_EQ(due(5), "none");
    becomes(Preparing, 6);
    EXPECT_EQ(due(7), "Preparing");
    EXPECT_EQ(reporter.next_deadline(0s), std::nullopt);
}

TEST_F(Reports, KeepsTheTimeOfTheChange) {
    becomes(Available, 0);
    becomes(Available, 9);
    EXPECT_EQ(reporter.take_due(at(20), 0s)->since.steady, at(0));
}

TEST_F(Reports, AnotherErrorIsAChangeToo) {
    becomes(Available, 0);
    due(0);
    reporter.update({Available, ChargePointErrorCode::HighTemperature, "hot", "7"}, {at(1), std::nullopt});
    EXPECT_EQ(due(1), "Available");
}

TEST_F(Reports, MinimumDurationDelaysAndNeverLosesTheFinalStatus) {
    becomes(Available, 0);
    due(0);
    becomes(Preparing, 10);
    EXPECT_EQ(due(14, 5s), "none");
    becomes(Charging, 14);
    EXPECT_EQ(reporter.next_deadline(5s), at(19));
    EXPECT_EQ(due(15, 5s), "none");
    EXPECT_EQ(due(19, 5s), "Charging");
}

TEST_F(Reports, AFlapIsNotTold) {
    becomes(Available, 0);
    due(0);
    becomes(Preparing, 10);
    becomes(Available, 12);
    EXPECT_EQ(due(100, 5s), "none");
    EXPECT_EQ(reporter.next_deadline(5s), std::nullopt);
}

TEST_F(Reports, WhatWasUnderWayWhenTheLinkWentIsToldAgain) {
    becomes(Available, 0);
    due(0);
    reporter.on_answered();
    becomes(Preparing, 1);
    due(1);
    reporter.on_link_lost();
    EXPECT_EQ(due(2), "Preparing");
    reporter.on_answered();
    reporter.on_link_lost();
    EXPECT_EQ(due(3), "none");
}

TEST_F(Reports, WhatWasUnderWayMayHaveBeenHeardSoTheOneBeforeItIsToldAgainToo) {
    becomes(Available, 0);
    due(0);
    reporter.on_answered();
    becomes(Preparing, 1);
    due(1);
    becomes(Charging, 2);
    due(2);
    reporter.on_answered();  // of Preparing
    reporter.on_link_lost();
    becomes(Preparing, 3);
    EXPECT_EQ(due(3), "Preparing");
}

TEST_F(Reports, OneThatGotNoAnswerIsToldAgainOnTheNextLink) {
    becomes(Available, 0);
    due(0);
    reporter.on_unanswered();
    EXPECT_EQ(due(50), "none");
    reporter.on_link_lost();
    EXPECT_EQ(due(60), "Available");
}

TEST_F(Reports, ARegistrationBeginsFromNothing) {
    becomes(Available, 0);
    due(0);
    reporter.on_answered();
    reporter.on_registered();
    EXPECT_EQ(due(1, 60s), "Available");
}

TEST_F(Reports, AnAnswerTooManyDoesNoHarm) {
    reporter.on_answered();
    becomes(Available, 0);
    EXPECT_EQ(due(0), "Available");
}

TEST_F(Reports, TheListOfThoseUnderWayIsBounded) {
    for (int i = 0; i < 1000; ++i) {
        becomes(i % 2 == 0 ? Available : Preparing, i);
        due(i);
    }
    for (std::size_t i = 0; i < StatusReporter::most_under_way; ++i) reporter.on_answered();
    reporter.on_link_lost();
    EXPECT_EQ(due(1000), "none");  // the last one was among those answered
}

}  // namespace
}  // namespace busbar::ocpp
