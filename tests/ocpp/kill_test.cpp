// SPDX-License-Identifier: Apache-2.0
// The process or the machine dies between any two things it does to the outside: no transaction, start or
// stop is lost or doubled.
#include <gtest/gtest.h>

#include "tests/ocpp/fake_csms.hpp"

namespace busbar::ocpp {
namespace {

using test::Bench;
using test::FakeCsms;
using test::test_start;

Settings free_settings() {
    Settings settings;
    settings.mode = AuthorizationMode::free;
    settings.id_tag = "EVENERGY01";
    settings.configuration = {{"MeterValueSampleInterval", "10"}};
    return settings;
}

/// Two visits of a car, second by second. The gateway is started again a second after it died.
class Visits {
  public:
    Visits() : bench(free_settings()) {
        bench.power_up();
        bench.connect();
        csms.serve(bench);
    }

    void run(bool machine_dies) {
        for (int second = 1; second <= 200; ++second) {
            if (bench.dead()) come_back(machine_dies);
            move_car(second);
            bench.advance_to(test_start + seconds(second));
            csms.serve(bench);
        }
    }

    /// Dies after so many steps more, each time it was started.
    std::size_t die_after = std::numeric_limits<std::size_t>::max();
    bool once = true;
    int deaths = 0;
    Bench bench;
    FakeCsms csms;

  private:
    void come_back(bool machine_too) {
        ++deaths;
        bench.steps_left = once ? std::numeric_limits<std::size_t>::max() : die_after;
        bench.seen.clear();
        csms.on_restart();
        bench.power_up(machine_too);
        if (!bench.dead()) bench.connect();
        csms.serve(bench);
    }

    void move_car(int second) {
        auto& charger = bench.chargers[0];
        charger.silent.clear();
        charger.count(bench.time());
        const bool charging = (second >= 13 && second < 60) || (second >= 113 && second < 160);
        const bool plugged = (second >= 10 && second < 60) || (second >= 110 && second < 160);
        charger.face.state = charging ? CpState::C2 : plugged ? CpState::B1 : CpState::A;
        charger.power = charging ? 7200 : 0;
        if (second == 1) charger.set_energy(1000.0, bench.time());
    }
};

void expect_two_transactions(const Visits& visits, const std::string& where) {
    const auto starts = visits.csms.heard("StartTransaction");
    const auto stops = visits.csms.heard("StopTransaction");
    ASSERT_EQ(starts.size(), 2U) << where;
    ASSERT_EQ(stops.size(), 2U) << where;
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(stops[i].payload.at("transactionId"), FakeCsms::transaction_id(starts[i].id)) << where;
        EXPECT_GE(starts[i].payload.at("meterStart"), i == 0 ? 1000 : 1094) << where;
        EXPECT_LE(starts[i].payload.at("meterStart"), i == 0 ? 1004 : 1098) << where;
        EXPECT_EQ(stops[i].payload.at("meterStop"), i == 0 ? 1094 : 1188) << where;
    }
    EXPECT_LT(stops[0].payload.at("timestamp").get<std::string>(),
              starts[1].payload.at("timestamp").get<std::string>());
    EXPECT_TRUE(visits.bench.store.messages().empty()) << where;
    EXPECT_TRUE(visits.csms.complaints.empty()) << where << ": " << visits.csms.complaints.front();
    EXPECT_TRUE(visits.bench.complaints.empty()) << where << ": " << visits.bench.complaints.front();
    EXPECT_EQ(visits.csms.limits.at(1), 0) << where;
}

std::size_t steps_of_an_undisturbed_run() {
    Visits visits;
    const std::size_t before = visits.bench.steps_done;
    visits.run(false);
    expect_two_transactions(visits, "undisturbed");
    return visits.bench.steps_done - before;
}

void cut_everywhere(bool machine_dies) {
    const std::size_t steps = steps_of_an_undisturbed_run();
    ASSERT_GT(steps, 30U);
    for (std::size_t cut = 0; cut < steps; ++cut) {
        Visits visits;
        visits.bench.steps_left = cut;
        visits.run(machine_dies);
        expect_two_transactions(visits, "cut after step " + std::to_string(cut));
        EXPECT_EQ(visits.deaths, 1);
    }
}

TEST(Kill, BetweenAnyTwoStepsLosesAndDoublesNothing) {
    cut_everywhere(false);
}

TEST(Kill, OfTheMachineBetweenAnyTwoStepsLosesAndDoublesNothing) {
    cut_everywhere(true);
}

TEST(Kill, AgainAndAgainStillLosesAndDoublesNothing) {
    for (std::size_t life = 8; life < 40; ++life) {
        Visits visits;
        visits.once = false;
        visits.die_after = life;
        visits.bench.steps_left = life;
        visits.run(false);
        expect_two_transactions(visits, "a life of " + std::to_string(life) + " steps");
    }
}

}  // namespace
}  // namespace busbar::ocpp
