// SPDX-License-Identifier: Apache-2.0
// Which uplink is chosen, when it is left, and when the sessions go back.
#include "gateway/uplink/selection.hpp"

#include <gmock/gmock.h>

namespace busbar::gateway {
namespace {

constexpr SteadyTime start{10'000s};
const FailoverPolicy policy;

UplinkView wifi(UplinkState state, SteadyTime since = start) {
    return {.id = "wifi",
            .name = "WiFi",
            .priority = 2,
            .state = state,
            .since = since,
            .last_good = {},
            .failing_since = {},
            .last_failure = {},
            .reason = "does badly"};
}
UplinkView gsm(UplinkState state, SteadyTime since = start) {
    return {.id = "gsm",
            .name = "GSM",
            .priority = 3,
            .state = state,
            .since = since,
            .last_good = {},
            .failing_since = {},
            .last_failure = {},
            .reason = "does badly"};
}
UplinkView good_at(UplinkView view, SteadyTime last_good) {
    view.last_good = last_good;
    return view;
}
UplinkView failing_from(UplinkView view, SteadyTime failing_since) {
    view.failing_since = failing_since;
    view.last_failure = failing_since + 10s;
    return view;
}

/// WiFi carries the sessions since `start`.
Selection on_wifi() {
    return select({}, {wifi(UplinkState::online), gsm(UplinkState::online)}, policy, start);
}
/// It failed at start + 10 s; GSM carries them.
Selection on_gsm() {
    return select(on_wifi(), {wifi(UplinkState::no_link), gsm(UplinkState::online)}, policy, start + 10s);
}

TEST(Selection, BeginsWithTheBestThatMayWork) {
    EXPECT_EQ(on_wifi().active, "wifi");
    EXPECT_EQ(select({}, {wifi(UplinkState::no_link), gsm(UplinkState::probing)}, policy, start).active,
              "gsm");
    EXPECT_EQ(select({}, {wifi(UplinkState::offline), gsm(UplinkState::probing)}, policy, start).active,
              "gsm");
    EXPECT_EQ(select({}, {wifi(UplinkState::absent), gsm(UplinkState::absent)}, policy, start).active,
              "wifi");
}

TEST(Selection, LeavesAnUplinkWithoutLinkAtOnce) {
    const Selection choice = on_gsm();
    EXPECT_EQ(choice.active, "gsm");
    EXPECT_EQ(choice.move, Move::forced);
    EXPECT_EQ(choice.reason, "GSM: WiFi does badly");
}

TEST(Selection, LeavesAnUplinkWithoutLinkEvenForOneThatIsUnproved) {
    const auto choice =
        select(on_wifi(), {wifi(UplinkState::no_address), gsm(UplinkState::probing)}, policy, start + 10s);
    EXPECT_EQ(choice.active, "gsm");
}

TEST(Selection, KeepsASuspectUplink) {
    const auto choice =
        select(on_wifi(), {wifi(UplinkState::suspect), gsm(UplinkState::online)}, policy, start + 10s);
    EXPECT_EQ(choice.active, "wifi");
    EXPECT_EQ(choice.move, Move::none);
}

TEST(Selection, LeavesAnOfflineUplinkOnlyForOneProvedGoodSinceItFailed) {
    const auto dead = failing_from(wifi(UplinkState::offline, start + 10s), start + 5s);
    EXPECT_EQ(
        select(on_wifi(), {dead, good_at(gsm(UplinkState::online), start + 4s)}, policy, start + 10s).active,
        "wifi");
    const auto choice =
        select(on_wifi(), {dead, good_at(gsm(UplinkState::online), start + 6s)}, policy, start + 10s);
    EXPECT_EQ(choice.active, "gsm");
    EXPECT_EQ(choice.move, Move::forced);
}

TEST(Selection, NobodyMovesWhenTheCentralSystemComesBackAndTheOtherHearsItFirst) {
    const auto dead = failing_from(wifi(UplinkState::offline), start + 5s);
    const auto back_first = good_at(gsm(UplinkState::online), start + 16s);
    EXPECT_EQ(select(on_wifi(), {dead, back_first}, policy, start + 17s).active, "wifi")
        << "WiFi has not failed since";
}

TEST(Selection, TakesWhatAnswersThoughItHasYetToProveItself) {
    const auto dead = failing_from(wifi(UplinkState::offline), start + 5s);
    UplinkView coming = failing_from(gsm(UplinkState::offline), start + 1s);
    coming.last_failure = start + 6s;
    coming.last_good = start + 8s;
    EXPECT_EQ(select(on_wifi(), {dead, coming}, policy, start + 10s).active, "gsm");
    coming.last_failure = start + 9s;
    EXPECT_EQ(select(on_wifi(), {dead, coming}, policy, start + 10s).active, "wifi");
    UplinkView second = good_at(gsm(UplinkState::online), start + 6s);
    second.id = "gsm2";
    second.priority = 9;
    coming.last_failure = start + 6s;
    EXPECT_EQ(select(on_wifi(), {dead, coming, second}, policy, start + 10s).active, "gsm2")
        << "one that is online goes before";
}

TEST(Selection, TakesTheBestRankedOfTwoRescues) {
    UplinkView second = good_at(gsm(UplinkState::online), start + 6s);
    second.id = "gsm2";
    second.priority = 9;
    const auto dead = failing_from(wifi(UplinkState::offline), start + 5s);
    const auto choice =
        select(on_wifi(), {second, dead, good_at(gsm(UplinkState::online), start + 6s)}, policy, start + 10s);
    EXPECT_EQ(choice.active, "gsm");
}

TEST(Selection, StaysWhereItIsWhenNothingIsBetter) {
    const auto dead = failing_from(wifi(UplinkState::offline), start + 5s);
    EXPECT_EQ(select(on_wifi(), {dead, gsm(UplinkState::offline)}, policy, start + 10s).active, "wifi");
    EXPECT_EQ(
        select(on_wifi(), {wifi(UplinkState::absent), gsm(UplinkState::no_link)}, policy, start + 10s).active,
        "wifi");
}

TEST(Selection, ASilentServerIsNoReasonToGoButAnUplinkThatReachesItIs) {
    const auto silent = failing_from(wifi(UplinkState::server_silent), start + 5s);
    const auto stays =
        select(on_wifi(), {silent, failing_from(gsm(UplinkState::suspect), start + 6s)}, policy, start + 10s);
    EXPECT_EQ(stays.active, "wifi");
    EXPECT_TRUE(stays.server_down);
    const auto goes =
        select(on_wifi(), {silent, good_at(gsm(UplinkState::online), start + 6s)}, policy, start + 10s);
    EXPECT_EQ(goes.active, "gsm");
    EXPECT_FALSE(goes.server_down);
}

TEST(Selection, GoesBackAfterTheHoldAndPolitely) {
    const std::vector<UplinkView> healed{wifi(UplinkState::online, start + 100s), gsm(UplinkState::online)};
    EXPECT_EQ(next_choice(on_gsm(), healed, policy), start + 160s);
    EXPECT_EQ(select(on_gsm(), healed, policy, start + 159s).active, "gsm");
    const auto choice = select(on_gsm(), healed, policy, start + 160s);
    EXPECT_EQ(choice.active, "wifi");
    EXPECT_EQ(choice.move, Move::planned);
    EXPECT_EQ(choice.reason, "WiFi: online for 60 s and preferred to GSM");
}

TEST(Selection, FlappingOfEightSecondsNeverComesBack) {
    Selection choice = on_gsm();
    for (SteadyTime now = start + 16s; now < start + 300s; now += 16s) {
        choice = select(choice, {wifi(UplinkState::online, now), gsm(UplinkState::online)}, policy, now + 8s);
        EXPECT_EQ(choice.active, "gsm");
    }
}

TEST(Selection, TheHoldDoublesWhenAFailbackDidNotLast) {
    Selection choice = on_gsm();
    SteadyTime now = start + 10s;
    for (const seconds hold : {60s, 120s, 240s, 480s, 900s, 900s}) {
        const std::vector<UplinkView> healed{wifi(UplinkState::online, now), gsm(UplinkState::online)};
        EXPECT_EQ(next_choice(choice, healed, policy), now + hold);
        choice = select(choice, healed, policy, now + hold);
        ASSERT_EQ(choice.active, "wifi");
        now += hold + 100s;
        choice = select(choice, {wifi(UplinkState::no_link), gsm(UplinkState::online)}, policy, now);
        ASSERT_EQ(choice.active, "gsm");
    }
}

TEST(Selection, TheHoldIsForgottenAnHourAfterItGrew) {
    Selection choice = on_gsm();
    choice.hold = 480s;
    choice.hold_grew_at = start + 10s;
    const std::vector<UplinkView> healed{wifi(UplinkState::online, start + 3600s), gsm(UplinkState::online)};
    choice = select(choice, healed, policy, start + 3610s);
    EXPECT_EQ(next_choice(choice, healed, policy), start + 3660s);
}

TEST(Selection, AFailbackThatLastedTenMinutesWasNoMistake) {
    const std::vector<UplinkView> healed{wifi(UplinkState::online, start + 10s), gsm(UplinkState::online)};
    Selection choice = select(on_gsm(), healed, policy, start + 70s);
    ASSERT_EQ(choice.active, "wifi");
    choice = select(choice, {wifi(UplinkState::no_link), gsm(UplinkState::online)}, policy, start + 670s);
    EXPECT_FALSE(choice.hold);
}

TEST(Selection, APersonsChoiceNeedsNoHoldAndIsLeftWhenItFails) {
    FailoverPolicy by_hand;
    by_hand.preferred = "gsm";
    by_hand.preferred_at = start + 15s;
    const auto chosen =
        select(on_wifi(), {wifi(UplinkState::online), gsm(UplinkState::online)}, by_hand, start + 20s);
    EXPECT_EQ(chosen.active, "gsm");
    EXPECT_EQ(chosen.move, Move::planned);
    EXPECT_EQ(chosen.reason, "GSM: chosen by hand");
    const auto left = select(chosen,
                             {good_at(wifi(UplinkState::online), start + 30s),
                              failing_from(gsm(UplinkState::offline), start + 25s)},
                             by_hand, start + 31s);
    EXPECT_EQ(left.active, "wifi");
    EXPECT_FALSE(left.hold) << "leaving for a fault is no failback that did not last";
}

TEST(Selection, APersonsChoiceThatFailedWaitsForTheHoldToo) {
    FailoverPolicy by_hand;
    by_hand.preferred = "wifi";
    by_hand.preferred_at = start + 5s;
    const std::vector<UplinkView> healed{wifi(UplinkState::online, start + 20s), gsm(UplinkState::online)};
    EXPECT_EQ(select(on_gsm(), healed, by_hand, start + 21s).active, "gsm") << "or it would flap";
    EXPECT_EQ(next_choice(on_gsm(), healed, by_hand), start + 80s);
}

TEST(Selection, AnUplinkTakenOutOfTheConfigurationIsChosenAnew) {
    EXPECT_EQ(select(on_wifi(), {gsm(UplinkState::online)}, policy, start + 20s).active, "gsm");
}

}  // namespace
}  // namespace busbar::gateway
