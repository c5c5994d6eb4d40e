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
