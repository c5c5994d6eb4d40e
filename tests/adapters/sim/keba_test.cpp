// SPDX-License-Identifier: Apache-2.0
// The KEBA box over literal time: reports, commands, news, failsafe.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/sim/arguments.hpp"
#include "adapters/sim/datagram_frame.hpp"
#include "adapters/sim/keba_box.hpp"
#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;
using testing::ElementsAre;

class KebaOverUdp : public testing::Test {
  protected:
    KebaOptions options;
    std::optional<KebaBox> made;

    KebaBox& box() {
        if (!made) {
            options.serial = "17619300";
            options.firmware = "P30 v 3.10.14";
            made.emplace(options, BoxSetup{1, 1, at(0ms)});
        }
        return *made;
    }
    std::string say(std::string_view text) {
        const auto answer = box().exchange(Bytes(text.begin(), text.end()));
        return answer ? std::string(answer->begin(), answer->end()) : "";
    }
    nlohmann::json report(int number) {
        return nlohmann::json::parse(say("report " + std::to_string(number)));
    }
    std::vector<std::string> news() {
        std::vector<std::string> lines;
        for (const Bytes& bytes : box().take_notifications()) {
            lines.emplace_back(bytes.begin(), bytes.end());
        }
        return lines;
    }
};

TEST_F(KebaOverUdp, ReportsItself) {
    EXPECT_EQ(report(1)["Serial"], "17619300");
    EXPECT_EQ(report(1)["ID"], "1");
    EXPECT_EQ(report(2)["Curr HW"], 32000);
    EXPECT_EQ(report(3)["E total"], 12345670);
    EXPECT_EQ(report(100)["RFID tag"], "0000000000000000");
    EXPECT_EQ(say("report 7"), "TCH-ERR");
}

TEST_F(KebaOverUdp, OffersAllItCanFromPowerOn) {
    box().car().plug();
    box().advance(at(4s));
    EXPECT_EQ(report(2)["State"], 3);
    EXPECT_EQ(report(2)["Plug"], 7);
    EXPECT_EQ(report(3)["I1"], 16000);
    EXPECT_EQ(report(3)["U2"], 231);
}

TEST_F(KebaOverUdp, ObeysCurrentAndSwitch) {
    box().car().plug();
    EXPECT_EQ(say("curr 10000"), "TCH-OK :done");
    EXPECT_EQ(report(2)["Max curr"], 10000);
    EXPECT_EQ(say("ena 0"), "TCH-OK :done");
    EXPECT_EQ(report(2)["Max curr"], 0);
    EXPECT_EQ(report(2)["State"], 5);
    EXPECT_EQ(say("currtime 8000 1"), "TCH-OK :done");
    EXPECT_EQ(report(2)["Curr user"], 8000);
    EXPECT_EQ(box().show()["writes"], 3);
}

TEST_F(KebaOverUdp, RefusesWhatIsOutOfRange) {
    options.takes_zero = false;
    for (const std::string_view text : {"curr 5999", "curr 63001", "curr 0", "ena 2", "ena", "curr", "xyz",
                                        "", "failsafe 9 6000 0", "failsafe 10 6000", "failsafe 10 100 0"}) {
        EXPECT_EQ(say(text), "TCH-ERR") << text;
    }
}

TEST_F(KebaOverUdp, FallsToItsFailsafeCurrentWhenNobodySpeaks) {
    box().car().plug();
    say("failsafe 10 6000 0");
    box().advance(at(9s));
    EXPECT_EQ(box().show()["offer_a"], 32);
    box().advance(at(10s));
    EXPECT_EQ(box().show()["offer_a"], 6);
    say("i");
    EXPECT_EQ(box().show()["offer_a"], 32);
}

TEST_F(KebaOverUdp, TellsChangesByItself) {
    box().advance(at(100ms));
    news();
    box().car().plug();
    box().advance(at(200ms));
    EXPECT_THAT(news(), ElementsAre(R"({"Plug":7})", R"({"State":2})"));
    box().advance(at(3s));
    EXPECT_THAT(news(), ElementsAre(R"({"State":3})"));
}

TEST_F(KebaOverUdp, WaitsForACardWhereItWantsOne) {
    options.wants_cards = true;
    options.car.plugged = true;
    EXPECT_EQ(report(2)["Authreq"], 1);
    EXPECT_EQ(report(2)["State"], 1);
    box().card({0x04, 0xA1, 0xB2, 0xC3});
    EXPECT_EQ(report(2)["Authreq"], 0);
    EXPECT_EQ(report(100)["RFID tag"], "04a1b2c300000000");
}

TEST_F(KebaOverUdp, ErrorsShowTheirNumber) {
    ASSERT_TRUE(box().fault("131"));
    EXPECT_EQ(report(2)["State"], 4);
    EXPECT_EQ(report(2)["Error1"], 131);
    EXPECT_FALSE(box().fault("E"));
}

TEST(BoxesThatSpeak, AreHeardByEverybodyWithoutARequest) {
    Line line(make_fleet({"keba-udp:1"}, 1, at(0ms)).value().stations);
    line.take_due(at(0ms));
    EXPECT_EQ(line.next_due(), at(50ms));
    line.find(1)->box().car().plug();
    const auto due = line.take_due(at(100ms));
    ASSERT_FALSE(due.empty());
    EXPECT_FALSE(due[0].connection);
}

TEST(ADirtyLine, HasAStrayByteBeforeTheNextAnswers) {
    Line line(make_fleet({"keba-udp:1"}, 1, at(0ms)).value().stations);
    line.find(1)->faults().dirty = 1;
    line.take_due(at(0ms));
    DatagramFraming framing;
    framing.feed({'i'}, at(1ms));
    line.serve(1, framing, at(1ms));
    const auto due = line.take_due(at(11ms));
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].bytes.front(), 0xFE);
}

}  // namespace
}  // namespace busbar::sim
