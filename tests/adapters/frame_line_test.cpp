// SPDX-License-Identifier: Apache-2.0
// Which message is the reply, and what becomes of the others.
#include "adapters/frame_line.hpp"

#include <gmock/gmock.h>

#include "tests/adapters/scripted_frames.hpp"

namespace busbar::adapters {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class FrameLines : public testing::Test {
  protected:
    Exchange<std::string> ask(const std::string& request, Intent intent = Intent::read) {
        return line.converse(
            3, request, [](std::string_view message) { return message.starts_with("re:"); }, {400ms, {"42"}},
            intent);
    }

    SteadyTime clock{10s};
    std::vector<TraceEvent> traced;
    test::ScriptedFrames line{clock, [this](const TraceEvent& event) { traced.push_back(event); }};
};

TEST_F(FrameLines, TheReplyIsTheFirstAcceptedMessageAfterTheRequest) {
    line.answers = [](const std::string&) { return std::vector<std::string>{"news", "re: 1", "re: 2"}; };
    EXPECT_EQ(ask("a\r").value(), "re: 1");
    line.answers = [](const std::string&) { return std::vector<std::string>{"re: 3"}; };
    EXPECT_EQ(ask("b\r").value(), "re: 3");
    EXPECT_THAT(line.take_others(), ElementsAre("news", "re: 2"));
    EXPECT_THAT(line.take_others(), SizeIs(0));
}

TEST_F(FrameLines, SilenceIsATimeoutAfterTheReplyTime) {
    line.answers = [](const std::string&) { return std::vector<std::string>{"news"}; };
    EXPECT_EQ(ask("a").error().code, Errc::timeout);
    EXPECT_EQ(clock, SteadyTime{10400ms});
    EXPECT_EQ(line.counters().at(3).timeouts, 1U);
    EXPECT_FALSE(line.last_answer(3));
    EXPECT_THAT(line.take_others(), ElementsAre("news"));
    ASSERT_THAT(traced, SizeIs(1));
    EXPECT_EQ(traced[0].began, SteadyTime{10s});
    EXPECT_EQ(traced[0].at, SteadyTime{10400ms});
}

TEST_F(FrameLines, OfTooManyOthersTheOldestAreDropped) {
    line.answers = [](const std::string&) {
        std::vector<std::string> messages;
        for (int i = 0; i < 40; ++i) messages.push_back(std::to_string(i));
        return messages;
    };
    EXPECT_FALSE(ask("a"));
    const auto others = line.take_others();
    EXPECT_THAT(others, SizeIs(32));
    EXPECT_EQ(others.front(), "8");
}

TEST_F(FrameLines, WhatIsToldCountsAsTheLastAnswer) {
    EXPECT_TRUE(line.tell(3, "a", {}));
    EXPECT_EQ(line.last_answer(3)->at, SteadyTime{10s});
    EXPECT_TRUE(line.last_answer(3)->was_write);
}

TEST_F(FrameLines, WhatIsToldHasNoReplyTime) {
    EXPECT_TRUE(line.tell(3, "a", {}));
    EXPECT_EQ(line.counters().at(3).exchanges, 1U);
    EXPECT_FALSE(line.counters().at(3).reply_times.quantile(0.5));
}

TEST_F(FrameLines, ADamagedReplyIsCountedAsGarbled) {
    line.answers = [](const std::string&) { return std::vector<std::string>{"re: 1"}; };
    const auto reply = line.converse(
        3, "a", [](std::string_view) { return true; }, {400ms, {}}, Intent::read,
        [](std::string_view message) { return message == "re: 2"; });
    EXPECT_EQ(reply.error().code, Errc::garbled);
    EXPECT_EQ(line.counters().at(3).garbled, 1U);
}

TEST_F(FrameLines, AnAnswerThatBeganInTimeMayPauseButNotForEver) {
    const auto patient = [&] {
        return line.converse(
            3, "a", [](std::string_view) { return true; }, {400ms, {}}, Intent::read, {}, 1000ms);
    };
    line.comes_at = clock + 1200ms;
    line.bytes_of_it = {{clock + 300ms, 2}, {clock + 900ms, 4}};
    line.late_message = "re: 1";
    EXPECT_EQ(patient().value(), "re: 1");

    line.comes_at = clock + 10s;
    line.bytes_of_it = {{clock + 300ms, 2}, {clock + 900ms, 4}};
    const auto began = clock;
    EXPECT_EQ(patient().error().code, Errc::timeout);
    EXPECT_EQ(clock - began, 2400ms) << "one pause too long";

    line.bytes_of_it = {{clock, 2}};
    const auto again = clock;
    EXPECT_EQ(patient().error().code, Errc::timeout);
    EXPECT_EQ(clock - again, 400ms) << "what was there before is no beginning";
}

TEST_F(FrameLines, TheTraceShowsTextAsTextAndBytesAsHex) {
    line.answers = [](const std::string&) { return std::vector<std::string>{"re: ok"}; };
    static_cast<void>(ask("$GS^30\r", Intent::write));
    static_cast<void>(line.tell(3, std::string("\x5A\xA5\x08", 3), {}));
    ASSERT_THAT(traced, SizeIs(2));
    EXPECT_EQ(traced[0].text, "unit 3 $GS^30 = re: ok");
    EXPECT_EQ(traced[0].kind, TraceKind::bus_write);
    EXPECT_EQ(traced[0].cause.message_id, "42");
    EXPECT_EQ(traced[1].text, "unit 3 5AA508");
}

}  // namespace
}  // namespace busbar::adapters
