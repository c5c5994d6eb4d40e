// SPDX-License-Identifier: Apache-2.0
// The control language, word by word.
#include "adapters/sim/control.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/sim/arguments.hpp"
#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;
using testing::HasSubstr;
using testing::StartsWith;

class ControlLanguage : public testing::Test {
  protected:
    Line line{make_fleet({"heidelberg:1", "amperfied:2"}, 1, at(0ms)).value().stations};
    Control control{line};

    std::string say(std::string_view request, SteadyTime::duration when = 0ms) {
        return control.answer(request, at(when));
    }
    nlohmann::json show(int unit, SteadyTime::duration when = 0ms) {
        return nlohmann::json::parse(say("show " + std::to_string(unit), when).substr(3));
    }
};

TEST_F(ControlLanguage, PlugAndUnplugMoveTheCar) {
    EXPECT_EQ(say("plug 1"), "ok");
    EXPECT_TRUE(show(1)["plugged"]);
    EXPECT_FALSE(show(2)["plugged"]);
    EXPECT_EQ(say("  unplug   1 \r"), "ok");
    EXPECT_FALSE(show(1)["plugged"]);
}

TEST_F(ControlLanguage, ShowBringsTheBoxUpToNow) {
    say("plug 1");
    EXPECT_EQ(show(1, 0s)["state_name"], "B2");
    EXPECT_EQ(show(1, 5s)["state_name"], "C2");
    EXPECT_EQ(show(1, 5s)["amps"], (nlohmann::json{16.0, 16.0, 16.0}));
    EXPECT_EQ(show(1, 5s)["power_w"], 11'040.0);
    EXPECT_EQ(show(1, 5s)["unit"], 1);
    EXPECT_TRUE(show(1, 5s)["last_request_ms_ago"].is_null());
}

TEST_F(ControlLanguage, EveryVerbDoesItsWork) {
    EXPECT_EQ(say("battery 1 0"), "ok");
    EXPECT_EQ(show(1)["battery_wh"], 0.0);
    EXPECT_EQ(say("fault 1 ERR"), "ok");
    EXPECT_EQ(show(1)["state"], 11);
    EXPECT_EQ(say("clear 1"), "ok");
    EXPECT_EQ(show(1)["state"], 3);
    EXPECT_EQ(say("lock 1 1"), "ok");
    EXPECT_EQ(show(1)["state"], 10);
    EXPECT_EQ(say("lock 1 0"), "ok");
    EXPECT_EQ(say("card 2 04a23B"), "ok");
    EXPECT_EQ(show(2)["card"], "04A23B");
    EXPECT_EQ(say("card 2 -"), "ok");
    EXPECT_EQ(show(2)["card"], "");
    EXPECT_EQ(say("power_cycle 1"), "ok");
    EXPECT_EQ(say("writes 1"), "ok []");
}

TEST_F(ControlLanguage, ASleepingCarSleepsWhenPaused) {
    say("plug 1");
    EXPECT_EQ(say("sleep 1"), "ok");
    say("lock 1 1", 5s);
    EXPECT_TRUE(show(1, 6s)["asleep"]);
    say("lock 1 0", 6s);
    EXPECT_FALSE(show(1, 7s)["asleep"]);
}

TEST_F(ControlLanguage, LineFaultsReachTheStation) {
    EXPECT_EQ(say("drop 1 3"), "ok");
    EXPECT_EQ(say("garble 1 4"), "ok");
    EXPECT_EQ(say("delay 1 500 2"), "ok");
    EXPECT_EQ(say("silent 1 1"), "ok");
    const LineFaults& faults = line.find(1)->faults();
    EXPECT_EQ(faults.drop, 3);
    EXPECT_EQ(faults.garble, 4);
    EXPECT_EQ(faults.late, 2);
    EXPECT_EQ(faults.late_by, 500ms);
    EXPECT_TRUE(faults.silent);
    EXPECT_EQ(say("babble 1", 1s), "ok");
    EXPECT_EQ(line.next_due(), at(1s));
    EXPECT_EQ(say("babble 0", 2s), "ok");
    EXPECT_FALSE(line.next_due());
}

TEST_F(ControlLanguage, MistakesSayWhatWouldBeRight) {
    EXPECT_THAT(say("explode 1"), HasSubstr("known: plug, unplug"));
    EXPECT_THAT(say(""), StartsWith("error"));
    EXPECT_EQ(say("plug"), "error usage: plug UNIT");
    EXPECT_EQ(say("delay 1 500"), "error usage: delay UNIT MS N");
    EXPECT_EQ(say("plug 9"), "error no unit '9' on this line");
    EXPECT_EQ(say("plug one"), "error no unit 'one' on this line");
    EXPECT_EQ(say("silent 1 2"), "error '2' is not a number from 0 to 1");
    EXPECT_THAT(say("fault 1 smoke"), HasSubstr("known: E, F, ERR"));
    EXPECT_THAT(say("card 2 123"), StartsWith("error"));
    EXPECT_THAT(say("card 2 xy"), StartsWith("error"));
    EXPECT_EQ(say("card 1 01"), "error this model has no card reader");
    EXPECT_FALSE(control.quit());
}

TEST_F(ControlLanguage, QuitEndsTheSimulator) {
    EXPECT_EQ(say("quit"), "ok");
    EXPECT_TRUE(control.quit());
}

}  // namespace
}  // namespace busbar::sim
