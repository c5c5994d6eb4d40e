// SPDX-License-Identifier: Apache-2.0
// The ABL box over literal time: frames, registers, states, silences.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/sim/abl_box.hpp"
#include "adapters/sim/ascii_frame.hpp"
#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;
using testing::ElementsAre;

class Abl : public testing::Test {
  protected:
    AblOptions options;
    std::optional<AblBox> made;
    AsciiFraming framing{'>', 50ms};

    AblBox& box() {
        if (!made) {
            options.serial = "1W22080001";
            made.emplace(options, BoxSetup{1, 1, at(0ms)});
        }
        return *made;
    }
    std::optional<Bytes> read(std::uint16_t address, std::uint16_t count) {
        return box().exchange(test::read_holding(address, count));
    }
    std::optional<Bytes> write(std::uint16_t address, std::uint16_t value) {
        return box().exchange(test::write_multiple(address, {value}));
    }
    std::uint8_t state() { return read(4, 1).value().at(3); }

    /// One request line as a master sends it, and the line that comes back; "" when nothing does.
    std::string ask(std::string_view line, SteadyTime::duration when) {
        framing.feed(Bytes(line.begin(), line.end()), at(when));
        const auto request = framing.next(at(when));
        if (!request) {
            return "";
        }
        box().advance(at(when));
        const auto answer = box().exchange(request->payload);
        if (!answer) {
            return "";
        }
        const Bytes bytes = framing.frame(*request, *answer);
        return {bytes.begin(), bytes.end()};
    }
};

TEST_F(Abl, AnswersOnTheWireAsTheDocumentPrintsThem) {
    EXPECT_EQ(ask(":010300040001F7\r\n", 0s), ">01030204A155\r\n");
    EXPECT_EQ(ask(":0110001400010200A632\r\n", 0s), ">011000140001DA\r\n");
    EXPECT_EQ(ask(":01100014000102004F89\r\n", 0s), ">0190046B\r\n");
}

TEST_F(Abl, EverythingElseThatIsWrongIsSilence) {
    EXPECT_EQ(ask(":010300040001F8\r\n", 0s), "");  // checksum
    EXPECT_EQ(ask(">010300040001F7\r\n", 0s), "");
    EXPECT_FALSE(read(4, 2));
    EXPECT_FALSE(read(0x14, 1));
    EXPECT_FALSE(box().exchange(test::read_input(4, 1)));
    EXPECT_FALSE(box().exchange(test::write_single(0x14, 100)));
    EXPECT_EQ(box().show()["unanswered"], 4);
}

TEST_F(Abl, APauseOfMoreThanFiftyMillisecondsAbortsARequest) {
    EXPECT_EQ(ask(":0103000400", 0s), "");
    EXPECT_EQ(ask("01F7\r\n", 51ms), "");
    EXPECT_EQ(ask(":0103000400", 100ms), "");
    EXPECT_EQ(ask("01F7\r\n", 150ms), ">01030204A155\r\n");
}

TEST_F(Abl, TheFirstRequestAfterTenSecondsIsNotHeard) {
    EXPECT_NE(ask(":010300040001F7\r\n", 9s), "");
    EXPECT_EQ(ask(":010300040001F7\r\n", 19s), "");
    EXPECT_NE(ask(":010300040001F7\r\n", 19s), "");
}

TEST_F(Abl, EveryReadAnswerBeginsWithItsRegister) {
    for (const auto& [address, count] :
         {std::pair{0x01, 2}, {0x03, 1}, {0x04, 1}, {0x06, 2}, {0x0F, 5}, {0x2E, 5}, {0x50, 8}}) {
        const auto answer = read(static_cast<std::uint16_t>(address), static_cast<std::uint16_t>(count));
        ASSERT_TRUE(answer) << address;
        ASSERT_EQ(answer->size(), 2U + 2U * static_cast<std::size_t>(count)) << address;
        EXPECT_EQ(answer->at(2), address);
    }
}

TEST_F(Abl, ThePilotFollowsTheDutyCycle) {
    options.car.plugged = true;
    write(0x14, 1000);
    EXPECT_EQ(state(), 0xB1);
    write(0x14, 166);
    EXPECT_EQ(state(), 0xB2);
    box().advance(at(3s));
    EXPECT_EQ(state(), 0xC2);
    EXPECT_THAT(*read(0x2E, 5), ElementsAre(3, 10, 0x2E, 0xC2, 0x90, 166, 0, 100, 0, 100, 0, 100));
    EXPECT_EQ(word_at(*read(0x0F, 5), 2 + 6), 166);
}

TEST_F(Abl, TheCurrentsStandInReverseOrderAndAreAbsentWithoutACharge) {
    options.car.plugged = true;
    options.car.phases = 1;
    EXPECT_EQ(word_at(*read(0x2E, 5), 10), 0x03E8);
    box().advance(at(3s));
    const auto answer = *read(0x2E, 5);
    EXPECT_EQ(word_at(answer, 6), 0);
    EXPECT_EQ(word_at(answer, 10), 160);
}

TEST_F(Abl, TheOutletIsDisabledAndEnabled) {
    options.car.plugged = true;
    EXPECT_THAT(*write(0x05, 0xA1A1), ElementsAre(0x90, 4));  // not from B
    EXPECT_TRUE(write(0x05, 0xE0E0));
    EXPECT_EQ(state(), 0xE0);
    EXPECT_EQ(read(0x2E, 5)->at(4) & 0x80, 0x80);  // the car is still seen
    write(0x05, 0xA1A1);
    EXPECT_EQ(state(), 0xB2);
    EXPECT_THAT(*write(0x2C, 1), ElementsAre(0x90, 4));  // only in E2
}

TEST_F(Abl, SilenceOfTheMasterLeadsToF4AndTrafficOutOfIt) {
    options.upstream_timeout = 5s;
    options.sleeps_after = 0s;
    EXPECT_EQ(read(0x01, 2)->at(5) & 0x40, 0x40);
    box().advance(at(5s));
    EXPECT_EQ(box().show()["state_name"], "F4");
    EXPECT_EQ(state(), 0xA1);
}

TEST_F(Abl, FaultsCutAndDeratingDoesNot) {
    options.car.plugged = true;
    box().advance(at(5s));
    ASSERT_TRUE(box().fault("C3"));
    box().advance(at(6s));
    EXPECT_EQ(state(), 0xC3);
    EXPECT_EQ(read(0x2E, 5)->at(4) & 0x40, 0x40);
    ASSERT_TRUE(box().fault("F3"));
    box().advance(at(7s));
    EXPECT_EQ(state(), 0xF3);
    EXPECT_EQ(box().show()["power_w"], 0);
    EXPECT_FALSE(box().fault("F99"));
}

TEST_F(Abl, AResetFallsBackToItsOwnCurrent) {
    write(0x14, 1000);
    write(0x05, 0x5A5A);
    EXPECT_FALSE(read(4, 1));
    box().advance(at(2s));
    EXPECT_EQ(box().show()["icmax"], 267);
}

}  // namespace
}  // namespace busbar::sim
