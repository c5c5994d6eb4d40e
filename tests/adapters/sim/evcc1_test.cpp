// SPDX-License-Identifier: Apache-2.0
// The first EVCC over literal time: lines, statuses, commands.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/sim/evcc1_box.hpp"
#include "adapters/sim/evcc1_frame.hpp"
#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;

class FirstEvcc : public testing::Test {
  protected:
    Evcc1Options options;
    std::optional<Evcc1Box> made;
    Evcc1Framing framing;

    Evcc1Box& box() {
        if (!made) {
            options.firmware = "V1.7";
            made.emplace(options, BoxSetup{1, 1, at(0ms)});
        }
        return *made;
    }
    /// The line that comes back; "" when nothing does.
    std::string ask(std::string_view line) {
        framing.feed(Bytes(line.begin(), line.end()), at(0s));
        const auto request = framing.next(at(0s));
        const auto answer = request ? box().exchange(request->payload) : std::nullopt;
        if (!answer) {
            return "";
        }
        const Bytes bytes = framing.frame(*request, *answer);
        return {bytes.begin(), bytes.end()};
    }
};

TEST_F(FirstEvcc, AnswersInLines) {
    EXPECT_EQ(ask("!1 01\r\n"), ">1 01 V1.7\r\n");
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0000\r\n");
    EXPECT_EQ(ask("!1 26\r\n"), ">1 26 0267\r\n");
    EXPECT_EQ(ask("!1 12 0100\r\n"), ">1 12\r\n");
}

TEST_F(FirstEvcc, WhatItDoesNotKnowIsNotAnswered) {
    for (const std::string_view line :
         {"!1 99\r\n", "!1 12 0050\r\n", "!1 12\r\n", "!1 12 1000\r\n", "!1 31\r\n", "!9 02\r\n", "?1 02\r\n",
          "!1 xx\r\n", "!1 12 abcd\r\n", "!1 0\r\n", "!1 00 1234\r\n", "\r\n"}) {
        EXPECT_EQ(ask(line), "") << line;
    }
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0000\r\n");
}

TEST_F(FirstEvcc, GoesThroughItsStatuses) {
    box().car().plug();
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0004\r\n");
    box().advance(at(2s));
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0005\r\n");
    ask("!1 27\r\n");
    EXPECT_EQ(ask("!1 29\r\n"), ">1 29 0001\r\n");
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0013\r\n");
    ask("!1 28\r\n");
    ask("!1 12 0999\r\n");
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0013\r\n");
    ask("!1 12 0100\r\n");
    box().car().set_battery(0);
    box().advance(at(6s));
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0009\r\n");
    ask("!1 30\r\n");
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0017\r\n");
    EXPECT_EQ(ask("!1 31\r\n"), ">1 31\r\n");
    ask("!1 03\r\n");
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0255\r\n");
}

TEST_F(FirstEvcc, AVariantGoesOnUntilTheFlagIsSet) {
    options.duty_alone_stops = false;
    box().car().plug();
    box().advance(at(3s));
    ask("!1 12 0999\r\n");
    box().advance(at(9s));
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0005\r\n");
    ask("!1 27\r\n");
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0013\r\n");
}

TEST_F(FirstEvcc, AResetForgetsFlagAndDuty) {
    ask("!1 27\r\n");
    ask("!1 12 0100\r\n");
    EXPECT_EQ(ask("!1 00 1111\r\n"), ">1 00\r\n");
    EXPECT_EQ(ask("!1 02\r\n"), "");
    box().advance(at(2s));
    EXPECT_EQ(ask("!1 29\r\n"), ">1 29 0000\r\n");
    EXPECT_EQ(box().show()["duty"], 267);
}

TEST_F(FirstEvcc, FaultsHaveNames) {
    ASSERT_TRUE(box().fault("ev"));
    EXPECT_EQ(ask("!1 02\r\n"), ">1 02 0035\r\n");
    EXPECT_FALSE(box().fault("E"));
}

}  // namespace
}  // namespace busbar::sim
