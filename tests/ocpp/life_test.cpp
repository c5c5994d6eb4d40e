// SPDX-License-Identifier: Apache-2.0
// Long lives of everything that can happen, by seed: cables, faults, silence, dead links, dead processes, a
// central system that does not answer. In the end every transaction was told once, from start to stop.
#include <gmock/gmock.h>

#include <random>

#include "tests/ocpp/fake_csms.hpp"

namespace busbar::ocpp {
namespace {

using test::Bench;
using test::FakeCsms;
using test::test_start;
using testing::IsEmpty;

class Life {
  public:
    Life(unsigned seed, AuthorizationMode mode) : bench(settings_for(mode)), random_(seed) {
        bench.poll_interval = 3s;
        bench.capabilities.wake_up = true;
        bench.capabilities.reboot = true;
        bench.power_up();
        csms.answers = [this](const FakeCsms::Heard&) { return !chance(8); };
        move_car();
        bench.chargers[0].set_energy(1000.0, bench.time());
    }

    void go_on(int events) {
        for (int i = 0; i < events; ++i) {
            pass(milliseconds(below(chance(10) ? 120'000 : 9'000)));
            happen();
            csms.serve(bench);
        }
    }

    /// Peace: the car leaves, the link stands, everything is answered.
    void end_well() {
        csms.answers = [](const FakeCsms::Heard&) { return true; };
        csms.boot_status = "Accepted";
        show(CpState::A);
        for (int second = 0; second < 1000; ++second) {
            if (!bench.linked()) bench.connect();
            bench.advance_to(bench.time() + 1s);
            csms.serve(bench);
        }
    }

    Bench bench;
    FakeCsms csms;

  private:
    static Settings settings_for(AuthorizationMode mode) {
        Settings settings;
        settings.mode = mode;
        settings.id_tag = "EVENERGY01";
        settings.configuration = {{"MeterValueSampleInterval", "20"}};
        return settings;
    }

    int below(int most) { return std::uniform_int_distribution<int>(0, most - 1)(random_); }
    bool chance(int one_in) { return below(one_in) == 0; }

    /// Now and then the central system sleeps, and answers too late.
    void pass(SteadyEpoch::duration time) {
        const SteadyTime end = bench.time() + time;
        const bool awake = !chance(20);
        while (bench.time() < end) {
            bench.advance_to(awake ? std::min(end, bench.time() + 3s) : end);
            csms.serve(bench);
        }
    }

    void happen() {
        switch (below(10)) {
            case 0:
                return bench.linked() ? drop_link() : bench.connect();
            case 1:
                if (chance(4)) die();
                return;
            case 2:
                csms.boot_status = chance(3) ? "Pending" : "Accepted";
                return;
            case 3:
            case 4:
                if (csms.accepted() && bench.linked()) ask();
                return;
            default:
                return move_car();
        }
    }

    void drop_link() {
        bench.disconnect();
        csms.serve(bench);
        csms.on_link_lost();
    }

    void die() {
        csms.serve(bench);
        csms.on_restart();
        bench.power_up(chance(2));
    }

    void show(CpState state) {
        auto& charger = bench.chargers[0];
        charger.count(bench.time());
        charger.silent.clear();
        charger.face = Reading{};
        charger.face.state = state;
        charger.power = state == CpState::C2 ? below(2) * 7200 : 0;
    }

    void move_car() {
        constexpr std::array states{CpState::A,  CpState::A,  CpState::B1, CpState::B2, CpState::C1,
                                    CpState::C2, CpState::C2, CpState::C2, CpState::F,  CpState::unknown};
        show(states.at(static_cast<std::size_t>(below(10))));
        auto& charger = bench.chargers[0];
        if (chance(10)) charger.face.fault = Fault{FaultCode::OtherError, "1", "odd"};
        if (chance(10)) charger.silent = "timeout";
    }

    void ask() {
        const auto last = csms.heard("StartTransaction");
        const int running = last.empty() ? 0 : FakeCsms::transaction_id(last.back().id);
        const Json pause{
            {"chargingProfileId", 1},
            {"stackLevel", 0},
            {"chargingProfilePurpose", "TxDefaultProfile"},
            {"chargingProfileKind", "Relative"},
            {"chargingSchedule",
             {{"chargingRateUnit", "A"},
              {"chargingSchedulePeriod", Json::array({{{"startPeriod", 0}, {"limit", below(3) * 8}},
                                                      {{"startPeriod", 60}, {"limit", 16}}})}}}};
        switch (below(6)) {
            case 0:
                return csms.request(bench, "RemoteStartTransaction", {{"idTag", "ABC"}});
            case 1:
                return csms.request(bench, "RemoteStopTransaction", {{"transactionId", running}});
            case 2:
                return csms.request(bench, "TriggerMessage", {{"requestedMessage", "MeterValues"}});
            case 3:
                return csms.request(bench, "TriggerMessage", {{"requestedMessage", "StatusNotification"}});
            case 4:
                return csms.request(bench, "SetChargingProfile",
                                    {{"connectorId", 1}, {"csChargingProfiles", pause}});
            default:
                if (chance(4)) csms.request(bench, "Reset", {{"type", chance(2) ? "Hard" : "Soft"}});
        }
    }

    std::mt19937 random_;
};

void expect_every_transaction_told_once(const Life& life) {
    const auto starts = life.csms.heard("StartTransaction");
    const auto stops = life.csms.heard("StopTransaction");
    EXPECT_GE(starts.size(), 1U);
    ASSERT_EQ(starts.size(), stops.size());
    int meter = 0;
    for (std::size_t i = 0; i < starts.size(); ++i) {
        EXPECT_EQ(stops[i].payload.at("transactionId"), FakeCsms::transaction_id(starts[i].id));
        EXPECT_LE(meter, starts[i].payload.at("meterStart"));
        EXPECT_LE(starts[i].payload.at("meterStart"), stops[i].payload.at("meterStop"));
        EXPECT_LE(starts[i].payload.at("timestamp").get<std::string>(),
                  stops[i].payload.at("timestamp").get<std::string>());
        meter = stops[i].payload.at("meterStop");
    }
    EXPECT_THAT(life.csms.complaints, IsEmpty());
    EXPECT_THAT(life.bench.complaints, IsEmpty());
    EXPECT_THAT(life.bench.store.messages(), IsEmpty());
    EXPECT_EQ(life.csms.limits.at(1), 0);
    for (const auto& confirmation : life.csms.confirmations) {
        EXPECT_EQ(confirmation.front(), '{') << confirmation;  // no CALLERROR
    }
}

class LifeOfSeed : public testing::TestWithParam<unsigned> {};

TEST_P(LifeOfSeed, TellsEveryTransactionOnceInModeFree) {
    Life life(GetParam(), AuthorizationMode::free);
    life.go_on(300);
    life.end_well();
    expect_every_transaction_told_once(life);
}

TEST_P(LifeOfSeed, TellsEveryTransactionOnceInModeRemote) {
    Life life(GetParam() + 1000, AuthorizationMode::remote);
    life.go_on(800);
    life.end_well();
    expect_every_transaction_told_once(life);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LifeOfSeed, testing::Range(1U, 13U));

}  // namespace
}  // namespace busbar::ocpp
