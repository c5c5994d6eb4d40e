// SPDX-License-Identifier: Apache-2.0
// Registers over lines of text: which line is the answer, and what silence means.
#include "adapters/ascii_registers.hpp"

#include <gmock/gmock.h>

#include "tests/adapters/scripted_frames.hpp"
#include "tests/adapters/simulated_frames.hpp"

namespace busbar::adapters {
namespace {

using testing::ElementsAre;

config::Bus bus() {
    config::Bus bus;
    bus.id = "rs485-1";
    bus.baud = 38400;
    return bus;
}
Span holding(int address, int count = 1, int unit = 1) {
    return {unit, config::Table::holding, address, count};
}
const Terms usual{500ms, {}};

class Scripted : public testing::Test {
  protected:
    AsciiRegisters& over(AsciiDialect dialect, std::vector<std::string> answers) {
        auto made = std::make_unique<test::ScriptedFrames>(clock);
        made->answers = [answers](const std::string& /*request*/) { return answers; };
        frames = made.get();
        registers = std::make_unique<AsciiRegisters>(bus(), std::move(made), dialect, TraceTap{},
                                                     [this] { return clock; });
        return *registers;
    }

    SteadyTime clock{};
    test::ScriptedFrames* frames = nullptr;
    std::unique_ptr<AsciiRegisters> registers;
};

TEST_F(Scripted, ReadsAndCountsTheUnitsAnswer) {
    auto& line = over(AsciiDialect::abl, {">01030204A155"});
    EXPECT_THAT(line.read(holding(4), usual).value(), ElementsAre(0x04A1));
    EXPECT_THAT(frames->sent, ElementsAre(":010300040001F7\r\n"));
    EXPECT_EQ(line.counters().at(1).exchanges, 1U);
    EXPECT_TRUE(line.last_answer(1));
}

TEST_F(Scripted, PassesOverOtherMastersRequestsOtherUnitsAndOtherRegisters) {
    auto& line = over(AsciiDialect::abl,
                      {":010300040001F7", "noise", ">02030204A154", ">0103022EA12B", ">01030204A155"});
    EXPECT_THAT(line.read(holding(4), usual).value(), ElementsAre(0x04A1));
}

TEST_F(Scripted, ADamagedAnswerIsGarbledAtOnce) {
    auto& line = over(AsciiDialect::abl, {">01030204A1FF", ">01030204A155"});
    EXPECT_EQ(line.read(holding(4), usual).error().code, Errc::garbled);
    EXPECT_EQ(line.counters().at(1).garbled, 1U);
    EXPECT_EQ(clock, SteadyTime{});
}

TEST_F(Scripted, SilenceIsATimeoutAfterTheReplyTimeAndTheAnswersOwnLength) {
    auto& line = over(AsciiDialect::abl, {});
    EXPECT_EQ(line.read(holding(0x2E, 5), usual).error().code, Errc::timeout);
    // 31 characters of 11 bits at 38400 baud are 8.9 ms.
    EXPECT_EQ(frames->waited, 509ms);
}

TEST_F(Scripted, ABroadcastWriteAwaitsNothing) {
    auto& line = over(AsciiDialect::abl, {});
    EXPECT_TRUE(line.write(holding(0x14, 1, 0), {1000}, config::WriteFunction::automatic, usual));
    EXPECT_THAT(frames->sent, ElementsAre(":0010001400010203E8EE\r\n"));
    EXPECT_EQ(clock, SteadyTime{});
}

TEST_F(Scripted, ARefusalNamesItsException) {
    auto& line = over(AsciiDialect::abl, {">0190046B"});
    const auto refused = line.write(holding(0x14), {0x10}, config::WriteFunction::automatic, usual);
    EXPECT_EQ(refused.error().code, Errc::refused);
    EXPECT_EQ(refused.error().exception, 4);
}

TEST_F(Scripted, ModbusAsciiReadsAnyTableAndWritesWithFunctionSix) {
    auto& line = over(AsciiDialect::modbus, {":0104020005F4"});
    EXPECT_THAT(line.read({1, config::Table::input, 4, 1}, usual).value(), ElementsAre(5));
    frames->answers = [](const std::string& request) {
        return std::vector<std::string>{request.substr(0, request.size() - 2)};
    };
    EXPECT_TRUE(line.write(holding(261), {160}, config::WriteFunction::automatic, usual));
    EXPECT_THAT(frames->sent.back(), ":0106010500A053\r\n");
}

TEST_F(Scripted, ALineThatGivesBackWhatWeSendIsNotTakenForTheBox) {
    auto& line = over(AsciiDialect::modbus, {});
    frames->answers = [](const std::string& request) {
        return std::vector<std::string>{request.substr(0, request.size() - 2), ":0103020005F5"};
    };
    EXPECT_THAT(line.read(holding(4), usual).value(), ElementsAre(5));
    // From then on an echo alone is no answer to a write that is answered by its own repetition.
    frames->answers = [](const std::string& request) {
        return std::vector<std::string>{request.substr(0, request.size() - 2)};
    };
    const auto lost = line.write(holding(261), {160}, config::WriteFunction::automatic, usual);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, Errc::timeout);
}

TEST_F(Scripted, WhatNoRequestCanCarryIsRefusedUnsent) {
    auto& line = over(AsciiDialect::abl, {});
    EXPECT_EQ(line.read({1, config::Table::input, 4, 1}, usual).error().code, Errc::invalid);
    EXPECT_EQ(line.read(holding(4, 1, 248), usual).error().code, Errc::invalid);
    EXPECT_EQ(line.read(holding(4, 126), usual).error().code, Errc::invalid);
    EXPECT_TRUE(frames->sent.empty());
}

class OverABox : public testing::Test {
  protected:
    AsciiRegisters& with(const std::string& box) {
        auto made = std::make_unique<test::SimulatedFrames>(clock, std::vector<std::string>{box});
        frames = made.get();
        registers = std::make_unique<AsciiRegisters>(bus(), std::move(made), AsciiDialect::abl, TraceTap{},
                                                     [this] { return clock; });
        return *registers;
    }

    SteadyTime clock{1s};
    test::SimulatedFrames* frames = nullptr;
    std::unique_ptr<AsciiRegisters> registers;
};

TEST_F(OverABox, TheFirstRequestAfterAPauseIsLostAndTheNextAnswered) {
    auto& line = with("abl-evcc2:1");
    clock += 11s;
    EXPECT_EQ(line.read(holding(4), usual).error().code, Errc::timeout);
    EXPECT_THAT(line.read(holding(4), usual).value(), ElementsAre(0x04A1));
}

TEST_F(OverABox, TheDutyCycleIsWrittenAndCannotBeReadBack) {
    auto& line = with("abl-evcc2:1,plugged=1");
    EXPECT_TRUE(line.write(holding(0x14), {166}, config::WriteFunction::automatic, usual));
    EXPECT_THAT(line.read(holding(0x0F, 5), usual).value()[3] & 0x0FFF, 166);
    EXPECT_EQ(line.read(holding(0x14), usual).error().code, Errc::timeout);
    EXPECT_EQ(line.write(holding(0x14), {79}, config::WriteFunction::automatic, usual).error().code,
              Errc::refused);
}

TEST_F(OverABox, AStrayByteBeforeTheAnswerAndAnEchoDoNotMatter) {
    auto& line = with("abl-evcc2:1");
    frames->echoes = true;
    frames->control("dirt 1 1");
    EXPECT_THAT(line.read(holding(4), usual).value(), ElementsAre(0x04A1));
    frames->control("garble 1 1");
    EXPECT_EQ(line.read(holding(4), usual).error().code, Errc::garbled);
}

TEST_F(OverABox, AllBoxesHearABroadcast) {
    auto& line = with("abl-evcc2:1,plugged=1");
    EXPECT_TRUE(line.write(holding(0x14, 1, 0), {1000}, config::WriteFunction::automatic, usual));
    EXPECT_THAT(line.read(holding(4), usual).value(), ElementsAre(0x04B1));
}

TEST_F(OverABox, ALateAnswerIsNotTakenForAnotherRegisters) {
    auto& line = with("abl-evcc2:1");
    frames->control("delay 1 700 1");
    EXPECT_EQ(line.read(holding(4), usual).error().code, Errc::timeout);
    clock += 100ms;
    const auto words = line.read(holding(0x01, 2), usual);
    ASSERT_TRUE(words);
    EXPECT_EQ(words->front() >> 8, 0x01);
}

}  // namespace
}  // namespace busbar::adapters
