// SPDX-License-Identifier: Apache-2.0
// When a connector is told another number of phases, and what is known of it in between.
#include "ocpp/phase_choice.hpp"

#include <gtest/gtest.h>

namespace busbar::ocpp {
namespace {

constexpr SteadyTime start{1000s};

Reading reading_at(SteadyTime at, std::optional<int> phases, double others = 0) {
    Reading reading;
    reading.taken_at = at;
    reading.phases = phases;
    reading.current = {Measured<Amperes>{Amperes(10), at}, Measured<Amperes>{Amperes(others), at},
                       Measured<Amperes>{Amperes(0), at}};
    return reading;
}

/// Tells and succeeds at once.
void switch_to(PhaseChoice& choice, int phases, SteadyTime now) {
    choice.tell(phases, 1);
    choice.on_done(1, {});
    choice.follow_up(now);
}

TEST(PhaseChoice, AChargerThatWasNeverToldAnythingIsOnThree) {
    const PhaseChoice choice("");
    EXPECT_FALSE(choice.differs(3));
    EXPECT_TRUE(choice.differs(1));
    EXPECT_FALSE(choice.ever_told());
    EXPECT_FALSE(choice.on_one());
}

TEST(PhaseChoice, IsOnOneOnlyOnceThatIsConfirmed) {
    PhaseChoice choice("");
    choice.tell(1, 5);
    EXPECT_TRUE(choice.switching());
    choice.on_done(4, {});
    EXPECT_FALSE(choice.follow_up(start));
    choice.on_done(5, {});
    EXPECT_FALSE(choice.on_one());
    EXPECT_TRUE(choice.follow_up(start)->has_value());
    EXPECT_TRUE(choice.on_one());
    EXPECT_FALSE(choice.follow_up(start));
}

TEST(PhaseChoice, TwoSwitchesAreAMinuteApart) {
    PhaseChoice choice("");
    switch_to(choice, 1, start);
    EXPECT_TRUE(choice.differs(3));
    EXPECT_FALSE(choice.may_tell(3, start + 59s));
    EXPECT_TRUE(choice.may_tell(3, start + 60s));
    EXPECT_EQ(choice.may_tell_at(3), start + 60s);
}

TEST(PhaseChoice, WhatFailsIsTriedAgainEverLaterUpToAnHour) {
    PhaseChoice choice("");
    auto now = start;
    for (const auto rest : {60s, 120s, 240s, 480s, 960s, 1920s, 3600s, 3600s}) {
        choice.tell(1, 1);
        choice.on_done(1, Error{Errc::refused, "no"});
        EXPECT_TRUE(choice.follow_up(now)->has_error());
        EXPECT_FALSE(choice.on_one());
        EXPECT_EQ(choice.may_tell_at(1), now + rest);
        now = choice.may_tell_at(1);
    }
    EXPECT_TRUE(choice.differs(3)) << "nobody knows what it is on";
    EXPECT_TRUE(choice.differs(1));
}

TEST(PhaseChoice, SavesOneBeforeItIsToldAndThreeOnceThatIsConfirmed) {
    PhaseChoice choice("");
    choice.tell(1, 1);
    EXPECT_EQ(choice.take_record(), R"({"phases":1})");
    EXPECT_FALSE(choice.take_record());
    choice.on_done(1, {});
    choice.follow_up(start);
    choice.tell(3, 2);
    EXPECT_FALSE(choice.take_record());
    choice.on_done(2, {});
    choice.follow_up(start + 60s);
    EXPECT_EQ(choice.take_record(), R"({"phases":3})");
}

TEST(PhaseChoice, AfterARestartTheSameNumberIsToldAtOnceAndAnotherAMinuteLater) {
    PhaseChoice choice(R"({"phases":1})");
    choice.follow_up(start);
    EXPECT_TRUE(choice.ever_told());
    EXPECT_FALSE(choice.on_one());
    EXPECT_TRUE(choice.differs(1));
    EXPECT_TRUE(choice.differs(3));
    EXPECT_TRUE(choice.may_tell(1, start));
    EXPECT_FALSE(choice.may_tell(3, start + 59s));
    EXPECT_TRUE(choice.may_tell(3, start + 60s));
}

TEST(PhaseChoice, ACorruptRecordCountsAsThree) {
    EXPECT_FALSE(PhaseChoice("{").differs(3));
}

TEST(PhaseChoice, WhatTheDriverDoesNotKnowAnyMoreIsToldAgain) {
    PhaseChoice choice("");
    switch_to(choice, 1, start);
    EXPECT_FALSE(choice.contradicted(reading_at(start + 1s, 1), start + 1s));
    EXPECT_FALSE(choice.contradicted(reading_at(start - 1s, {}), start + 1s)) << "older than the switch";
    EXPECT_TRUE(choice.contradicted(reading_at(start + 90s, {}), start + 90s));
    EXPECT_FALSE(choice.on_one());
    EXPECT_TRUE(choice.differs(1));
    EXPECT_TRUE(choice.may_tell(1, start + 90s));
    EXPECT_FALSE(choice.contradicted(reading_at(start + 91s, {}), start + 91s)) << "told once";
}

TEST(PhaseChoice, CurrentOnASecondPhaseIsBelievedMoreThanTheSwitch) {
    PhaseChoice choice("");
    switch_to(choice, 1, start);
    EXPECT_FALSE(choice.contradicted(reading_at(start + 1s, 1, 0.9), start + 1s));
    EXPECT_TRUE(choice.contradicted(reading_at(start + 90s, 1, 9), start + 90s));
    EXPECT_FALSE(choice.on_one());
    EXPECT_EQ(choice.may_tell_at(1), start + 150s);
}

}  // namespace
}  // namespace busbar::ocpp
