// SPDX-License-Identifier: Apache-2.0
// Whose turn it is, at literal times.
#include "gateway/bus_schedule.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace busbar::gateway {
namespace {

using adapters::Next;

constexpr SteadyTime at(milliseconds time) {
    return SteadyTime(time);
}

const Error silence{Errc::timeout, "no answer"};

Order limit(std::uint64_t id, ConnectorId connector = 1, double amperes = 10) {
    return {id, SetLimit{connector, Amperes(amperes)}, {}, {}};
}

/// A whole poll cycle in one exchange; the next one in a second.
void answer(BusSchedule& schedule, std::size_t charger, SteadyTime now) {
    schedule.polled(charger, Next{true, now + 1s}, {now, now + 20ms});
}

TEST(BusSchedule, TakesTurnsAmongDuePolls) {
    BusSchedule schedule(3);
    std::vector<std::size_t> order;
    for (int i = 0; i < 6; ++i) {
        const auto turn = schedule.next(at(0ms));
        ASSERT_TRUE(turn);
        EXPECT_FALSE(turn->order);
        order.push_back(turn->charger);
        schedule.polled(turn->charger, Next{false, at(0ms)}, {at(0ms), at(0ms)});
    }
    EXPECT_EQ(order, (std::vector<std::size_t>{1, 2, 0, 1, 2, 0}));
}

/// One exchange of a cycle that goes on, with news that is not whole yet.
void answer_with_news(BusSchedule& schedule, std::size_t charger, SteadyTime now, SteadyTime again) {
    schedule.polled(charger, Next{false, again, true}, {now, now, Took::Heard::answer});
}

TEST(BusSchedule, FinishesTheLookThatHasNewsBeforeOthersPolls) {
    BusSchedule schedule(3);
    ASSERT_EQ(schedule.next(at(0ms))->charger, 1U);
    answer_with_news(schedule, 1, at(0ms), at(0ms));
    EXPECT_EQ(schedule.next(at(0ms))->charger, 1U);
    answer_with_news(schedule, 1, at(0ms), at(0ms));
    schedule.add(2, limit(7));
    EXPECT_EQ(schedule.next(at(0ms))->order, 7U) << "never before a command";
    schedule.executed(2, 7, Next{true, at(0ms)});
    EXPECT_EQ(schedule.next(at(0ms))->charger, 1U);
    schedule.polled(1, Next{true, at(0ms)}, {at(0ms), at(0ms), Took::Heard::answer});
    EXPECT_EQ(schedule.next(at(0ms))->charger, 2U) << "its next look takes turns again";
}

TEST(BusSchedule, NewsThatWaitsForAGapLeavesTheLineToOthersMeanwhile) {
    BusSchedule schedule(2);
    answer_with_news(schedule, 1, at(0ms), at(100ms));
    EXPECT_EQ(schedule.next(at(0ms))->charger, 0U);
    EXPECT_EQ(schedule.next(at(100ms))->charger, 1U);
}

TEST(BusSchedule, NewsEndsWithTheFirstExchangeThatGoesUnanswered) {
    BusSchedule schedule(3);
    answer_with_news(schedule, 1, at(0ms), at(0ms));
    schedule.polled(1, Next{false, at(0ms), true}, {at(0ms), at(300ms), Took::Heard::silence});
    for (auto now = at(1200ms); now <= at(2400ms); now += 300ms) {
        const auto turn = schedule.next(now);
        ASSERT_TRUE(turn);
        if (turn->charger != 1) return;
        schedule.polled(1, Next{false, now, true}, {now, now + 300ms, Took::Heard::silence});
    }
    FAIL() << "the others never got a turn";
}

TEST(BusSchedule, WaitsForTheFirstThatIsDue) {
    BusSchedule schedule(2);
    answer(schedule, 0, at(0ms));
    answer(schedule, 1, at(300ms));
    EXPECT_FALSE(schedule.next(at(999ms)));
    EXPECT_EQ(schedule.wake_at(), at(1000ms));
    EXPECT_EQ(schedule.next(at(1000ms))->charger, 0U);
}

TEST(BusSchedule, PutsCommandsBeforePollsAtEveryExchange) {
    BusSchedule schedule(2);
    schedule.polled(0, Next{false, at(0ms)}, {at(0ms), at(0ms)});
    schedule.add(1, limit(7));
    auto turn = schedule.next(at(0ms));
    EXPECT_EQ(turn->charger, 1U);
    EXPECT_EQ(turn->order, 7U);
    schedule.executed(1, 7, Next{false, at(0ms)});
    EXPECT_EQ(schedule.next(at(0ms))->order, 7U) << "until it is done";
    schedule.executed(1, 7, Next{true, at(0ms)});
    EXPECT_FALSE(schedule.next(at(0ms))->order);
    EXPECT_EQ(schedule.find(1, 7), nullptr);
}

TEST(BusSchedule, PollsAndCommandsOthersWhileACommandWaits) {
    BusSchedule schedule(1);
    schedule.add(0, {1, WakeUp{1}, {}, {}});
    EXPECT_EQ(schedule.next(at(0ms))->order, 1U);
    schedule.executed(0, 1, Next{false, at(3000ms)});
    schedule.add(0, limit(2));
    EXPECT_EQ(schedule.next(at(0ms))->order, 2U);
    schedule.executed(0, 2, Next{true, at(0ms)});
    EXPECT_FALSE(schedule.next(at(0ms))->order);
    answer(schedule, 0, at(2900ms));
    EXPECT_FALSE(schedule.next(at(2999ms)));
    EXPECT_EQ(schedule.next(at(3000ms))->order, 1U);
}

TEST(BusSchedule, ReplacesAnOlderLimitOfTheSameConnectorOnly) {
    BusSchedule schedule(1);
    EXPECT_FALSE(schedule.add(0, limit(1, 1, 16)));
    EXPECT_FALSE(schedule.add(0, limit(2, 2, 16)));
    EXPECT_FALSE(schedule.add(0, {3, Refresh{1}, {}, {}}));
    EXPECT_EQ(schedule.add(0, limit(4, 1, 0)), 1U);
    EXPECT_EQ(schedule.find(0, 1), nullptr);
    EXPECT_EQ(schedule.next(at(0ms))->order, 4U) << "in the older one's place";
}

TEST(BusSchedule, AsksASilentChargerEverLessOften) {
    BusSchedule schedule(1);
    auto now = at(0ms);
    std::vector<milliseconds> pauses;
    for (int i = 0; i < 9; ++i) {
        schedule.polled(0, silence, {now, now});
        pauses.push_back(std::chrono::duration_cast<milliseconds>(schedule.wake_at() - now));
        now = schedule.wake_at();
    }
    EXPECT_EQ(pauses, (std::vector<milliseconds>{500ms, 500ms, 1s, 2s, 4s, 5s, 5s, 5s, 5s}));
    EXPECT_EQ(schedule.health(0).failures, 9);
    EXPECT_FALSE(schedule.health(0).last_success);
    answer(schedule, 0, now);
    EXPECT_FALSE(schedule.silent(0));
    EXPECT_EQ(schedule.health(0).last_success, now + 20ms);
}

TEST(BusSchedule, LeavesThreeQuartersOfTheBusToTheLivingHoweverManyAreDead) {
    BusSchedule schedule(9);
    auto now = at(0ms);
    milliseconds dead{0};
    while (now < at(100s)) {
        const auto turn = schedule.next(now);
        if (!turn) {
            now = schedule.wake_at();
            continue;
        }
        const auto began = now;
        if (turn->charger == 0) {
            now += 20ms;
            schedule.polled(0, Next{false, now}, {began, now});
        } else {
            now += 500ms;
            if (began > at(20s)) dead += 500ms;
            schedule.polled(turn->charger, silence, {began, now});
        }
    }
    EXPECT_LE(dead, 21s) << "of 80 s";
    EXPECT_GE(dead, 18s) << "and they are asked";
}

TEST(BusSchedule, ARetryWaitsForOthersOnlyWhereOthersAnswer) {
    const Took lost{at(0ms), at(500ms), Took::Heard::silence};
    BusSchedule alone(1);
    for (int i = 0; i < 2; ++i) alone.polled(0, Next{false, at(500ms)}, lost);
    EXPECT_EQ(alone.wake_at(), at(500ms));

    BusSchedule pair(2);
    answer(pair, 1, at(0ms));
    pair.polled(0, Next{false, at(500ms)}, lost);
    EXPECT_EQ(pair.wake_at(), at(1000ms)) << "the other's poll";
    EXPECT_EQ(pair.next(at(1999ms))->charger, 1U);
    answer(pair, 1, at(1999ms));
    EXPECT_EQ(pair.next(at(2000ms))->charger, 0U) << "three times what it took";
}

TEST(BusSchedule, WhatWasLostOnceIsRepeatedWhileTheDeadUseUpTheirQuarter) {
    BusSchedule schedule(3);
    answer(schedule, 0, at(0ms));
    const auto lose = [&](std::size_t charger, milliseconds began) {
        schedule.polled(charger, Next{false, at(began)},
                        {at(began), at(began + 500ms), Took::Heard::silence});
    };
    for (const auto began : {0ms, 2000ms}) lose(2, began);
    lose(1, 2500ms);
    lose(2, 4400ms);
    answer(schedule, 0, at(4900ms));
    EXPECT_EQ(schedule.next(at(5000ms))->charger, 1U);
    lose(1, 5000ms);
    answer(schedule, 0, at(6000ms));
    EXPECT_FALSE(schedule.next(at(6900ms))) << "twice is as good as dead";
}

TEST(BusSchedule, ThreeThatDieAtOnceCostTheLivingOneReplyTimeEachBeforeTheyYield) {
    BusSchedule schedule(5);
    auto now = at(0ms);
    std::vector<SteadyTime> last(5);
    auto longest = SteadyEpoch::duration::zero();
    std::uint64_t samples = 0;
    for (auto next_sample = at(0ms); now < at(60s);) {
        if (now >= next_sample) {
            schedule.add(4, {++samples, Refresh{1}, {}, {}});
            next_sample += 2s;
        }
        const auto turn = schedule.next(now);
        if (!turn) {
            now = std::min(schedule.wake_at(), next_sample);
            continue;
        }
        const auto began = now;
        if (turn->charger < 2) {
            now += 20ms;
            longest = std::max(longest, now - std::exchange(last[turn->charger], now));
            schedule.polled(turn->charger, Next{true, now + 1s}, {began, now});
            continue;
        }
        now += 500ms;
        const Took lost{began, now, Took::Heard::silence};
        if (turn->order) {
            schedule.executed(turn->charger, *turn->order, Next{false, now}, lost);
        } else {
            schedule.polled(turn->charger, Next{false, now}, lost);
        }
    }
    EXPECT_LE(longest, 3s) << "with a sample due of one of the dead each two seconds";
}

TEST(BusSchedule, AmongTheDoubtfulTheOneWithFewestSilencesGoesFirstThenTheOldest) {
    BusSchedule schedule(4);
    answer(schedule, 0, at(0ms));
    const auto lose = [&](std::size_t charger, milliseconds began) {
        schedule.polled(charger, Next{false, at(began)},
                        {at(began), at(began + 100ms), Took::Heard::silence});
    };
    for (const auto began : {0ms, 100ms, 200ms}) lose(3, began);
    for (const auto began : {300ms, 400ms, 500ms}) lose(2, began);
    for (const auto began : {500ms, 600ms}) lose(1, began);
    EXPECT_FALSE(schedule.next(at(999ms))) << "the pause is for all of them";
    EXPECT_EQ(schedule.next(at(1000ms))->charger, 1U);
    lose(1, 1400ms);
    EXPECT_EQ(schedule.next(at(1800ms))->charger, 3U) << "now as dead as the others, and not the oldest";
}

TEST(BusSchedule, ACommandForADeadChargerTakesItsTurnAmongTheDead) {
    BusSchedule schedule(3);
    answer(schedule, 0, at(0ms));
    schedule.add(1, limit(7));
    for (const auto began : {0ms, 500ms}) {
        EXPECT_EQ(schedule.next(at(began))->order, 7U);
        schedule.executed(1, 7, Next{false, at(began)}, {at(began), at(began + 500ms), Took::Heard::silence});
    }
    EXPECT_FALSE(schedule.has_order(at(2499ms))) << "a command is no more urgent than a probe";
    for (int i = 0; i < 3; ++i) schedule.polled(2, silence, {at(1000ms), at(1100ms), Took::Heard::silence});
    schedule.executed(1, 7, Next{false, at(1600ms)}, {at(1600ms), at(2100ms), Took::Heard::silence});
    answer(schedule, 0, at(3500ms));
    EXPECT_EQ(schedule.next(at(3600ms))->charger, 2U) << "it waits longer than the one with the command";
}

TEST(BusSchedule, ATurnWithoutAnExchangeOrWithACheapFailureChangesNothing) {
    BusSchedule schedule(2);
    answer(schedule, 1, at(0ms));
    for (int i = 0; i < 2; ++i)
        schedule.polled(0, Next{false, at(500ms)}, {at(0ms), at(500ms), Took::Heard::silence});
    schedule.polled(0, Next{false, at(500ms)}, {at(500ms), at(500ms), Took::Heard::nothing});
    schedule.polled(0, Next{false, at(500ms)}, {at(500ms), at(520ms), Took::Heard::silence});
    answer(schedule, 1, at(1000ms));
    EXPECT_FALSE(schedule.next(at(1900ms))) << "it still waits";
}

TEST(BusSchedule, DoesNotHoldBackAChargerThatAnswersAgain) {
    BusSchedule schedule(2);
    for (int i = 0; i < 3; ++i) schedule.polled(0, silence, {at(0ms), at(500ms)});
    schedule.polled(0, Next{false, at(6000ms)}, {at(5500ms), at(5520ms)});
    for (int i = 0; i < 3; ++i) schedule.polled(1, silence, {at(5500ms), at(5900ms)});
    EXPECT_EQ(schedule.next(at(6000ms))->charger, 0U) << "though the other one used up what the silent have";
}

TEST(BusSchedule, CountsAFailedCycleButNotTheStepsBetween) {
    BusSchedule schedule(1);
    schedule.polled(0, silence, {at(0ms), at(500ms)});
    schedule.polled(0, Next{false, at(600ms)}, {at(500ms), at(520ms)});
    EXPECT_EQ(schedule.health(0).failures, 1);
    answer(schedule, 0, at(600ms));
    EXPECT_EQ(schedule.health(0).failures, 0);
}

}  // namespace
}  // namespace busbar::gateway
