// SPDX-License-Identifier: Apache-2.0
// The line: who answers, when, and what the ordered faults do to it.
#include "adapters/sim/line.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/sim/arguments.hpp"
#include "adapters/sim/modbus_rtu_frame.hpp"
#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;
using testing::IsEmpty;
using testing::SizeIs;

class OnTheLine : public testing::Test {
  protected:
    Line line{make_fleet({"heidelberg:1", "heidelberg:2"}, 1, at(0ms)).value().stations};
    RtuFraming framing;

    void ask(int unit, SteadyTime::duration when) {
        framing.feed(framing.frame(Request{unit, {}}, test::read_input(4, 1)), at(when));
        line.serve(7, framing, at(when));
    }
    nlohmann::json shown(int unit, SteadyTime::duration when) { return line.find(unit)->show(at(when)); }
    bool answered(int unit, SteadyTime::duration when) {
        ask(unit, when);
        return !line.take_due(at(when + 10ms)).empty();
    }
};

TEST_F(OnTheLine, AnAnswerLeavesTenMillisecondsLaterForWhoAsked) {
    ask(1, 0ms);
    EXPECT_EQ(line.next_due(), at(10ms));
    EXPECT_THAT(line.take_due(at(9ms)), IsEmpty());
    const auto due = line.take_due(at(10ms));
    ASSERT_THAT(due, SizeIs(1));
    EXPECT_EQ(due[0].connection, 7);
    EXPECT_THAT(due[0].bytes, testing::ElementsAre(1, 4, 2, 0x01, 0x08, 0xB9, 0x66));
    EXPECT_FALSE(line.next_due());
}

TEST_F(OnTheLine, OtherUnitsAndBroadcastsAreNotAnswered) {
    EXPECT_FALSE(answered(3, 0ms));
    EXPECT_FALSE(answered(0, 1s));
    EXPECT_EQ(shown(1, 2s)["requests"], 0);
    EXPECT_TRUE(answered(2, 3s));
}

TEST_F(OnTheLine, ARequestWithinAHundredMillisecondsOfTheAnswerIsCounted) {
    ask(1, 0ms);  // answered at 10 ms
    EXPECT_TRUE(answered(1, 109ms));
    EXPECT_EQ(shown(1, 200ms)["gap_violations"], 1);
    EXPECT_TRUE(answered(1, 219ms));  // answer at 119 ms, 100 ms later
    EXPECT_EQ(shown(1, 300ms)["gap_violations"], 1);
}

TEST_F(OnTheLine, ARequestWithinTwentyMillisecondsOfTheAnswerIsNotHeard) {
    ask(1, 0ms);
    line.take_due(at(10ms));
    EXPECT_FALSE(answered(1, 29ms));
    EXPECT_TRUE(answered(1, 30ms));
    EXPECT_EQ(shown(1, 1s)["gap_violations"], 2);
    EXPECT_EQ(shown(1, 1s)["requests"], 3);
    EXPECT_EQ(shown(1, 1s)["answers"], 2);
    EXPECT_EQ(shown(1, 1s)["last_request_ms_ago"], 970);
}

TEST_F(OnTheLine, TheGapIsEachUnitsOwn) {
    ask(1, 0ms);
    ask(2, 11ms);
    EXPECT_EQ(shown(2, 1s)["gap_violations"], 0);
    EXPECT_EQ(shown(2, 1s)["answers"], 1);
}

TEST_F(OnTheLine, DroppedRequestsAreNotHeard) {
    line.find(1)->faults().drop = 2;
    EXPECT_FALSE(answered(1, 1s));
    EXPECT_FALSE(answered(1, 2s));
    EXPECT_TRUE(answered(1, 3s));
}

TEST_F(OnTheLine, GarbledAnswersFailTheirCrcAndTheNextIsWhole) {
    line.find(1)->faults().garble = 1;
    for (const bool whole : {false, true}) {
        ask(1, whole ? 2s : 1s);
        const auto due = line.take_due(at(3s));
        ASSERT_THAT(due, SizeIs(1));
        const Bytes& bytes = due[0].bytes;
        const int sent = bytes[5] | (bytes[6] << 8);
        EXPECT_EQ(modbus_crc(bytes, 5) == sent, whole);
    }
}

TEST_F(OnTheLine, AForeignAnswerIsWholeAndCarriesTheNextUnitId) {
    line.find(1)->faults().foreign = 1;
    ask(1, 0ms);
    const auto due = line.take_due(at(10ms));
    ASSERT_THAT(due, SizeIs(1));
    EXPECT_EQ(due[0].bytes[0], 2);
    const std::size_t length = due[0].bytes.size() - 2;
    EXPECT_EQ(due[0].bytes[length] | due[0].bytes[length + 1] << 8, modbus_crc(due[0].bytes, length));
}

TEST_F(OnTheLine, AnAnswerThatComesTwiceComesFifteenMillisecondsLaterAgain) {
    line.find(1)->faults().twice = 1;
    ask(1, 0ms);
    const auto first = line.take_due(at(10ms));
    ASSERT_THAT(first, SizeIs(1));
    EXPECT_THAT(line.take_due(at(24ms)), IsEmpty());
    const auto second = line.take_due(at(25ms));
    ASSERT_THAT(second, SizeIs(1));
    EXPECT_EQ(first[0].bytes, second[0].bytes);
}

TEST_F(OnTheLine, ALateAnswerStillComesAndTheBoxIsBusyUntilThen) {
    line.find(1)->faults().late = 1;
    line.find(1)->faults().late_by = 700ms;
    ask(1, 0ms);
    EXPECT_FALSE(answered(1, 500ms));
    EXPECT_EQ(line.next_due(), at(710ms));
    EXPECT_THAT(line.take_due(at(710ms)), SizeIs(1));
    EXPECT_EQ(shown(1, 1s)["gap_violations"], 0) << "a master that gave up could not know";
    EXPECT_TRUE(answered(1, 2s));
}

TEST_F(OnTheLine, ASilentBoxHearsNothingSoItsWatchdogExpires) {
    line.find(1)->faults().silent = true;
    EXPECT_FALSE(answered(1, 14s));
    line.find(1)->box().advance(at(15s));
    EXPECT_TRUE(shown(1, 15s)["watchdog_expired"]);
    EXPECT_EQ(shown(1, 15s)["requests"], 1);
}

TEST_F(OnTheLine, BabbleIsHeardByEverybodyUntilItStops) {
    line.babble(true, at(1s));
    const auto first = line.take_due(at(1s));
    ASSERT_THAT(first, SizeIs(1));
    EXPECT_FALSE(first[0].connection);
    EXPECT_THAT(first[0].bytes, testing::Not(IsEmpty()));
    EXPECT_EQ(line.next_due(), at(1040ms));
    line.babble(false, at(1100ms));
    EXPECT_THAT(line.take_due(at(2s)), IsEmpty());
}

TEST(AmperfiedOnTheLine, PipelinedRequestsAreServedOneAfterTheOther) {
    Line line(make_fleet({"amperfied:255"}, 1, at(0ms)).value().stations);
    RtuFraming framing;
    const Bytes frame = framing.frame(Request{255, {}}, test::read_input(4, 1));
    framing.feed(frame, at(0ms));
    framing.feed(frame, at(0ms));
    line.serve(1, framing, at(0ms));
    EXPECT_THAT(line.take_due(at(10ms)), SizeIs(1));
    EXPECT_THAT(line.take_due(at(20ms)), SizeIs(1));
}

}  // namespace
}  // namespace busbar::sim
