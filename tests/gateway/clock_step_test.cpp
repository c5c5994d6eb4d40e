// SPDX-License-Identifier: Apache-2.0
// Somebody sets the clock, or it is lost: what is due goes by the steady clock, and the order stays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "simulated_gateway.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::json;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;

constexpr UtcTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + hours(12);

class ClockStepTest : public testing::Test {
  protected:
    std::string answer(const std::string& frame) {
        const Json call = Json::parse(frame);
        const std::string action = call[2];
        const Json& payload = call[3];
        if (action == "MeterValues") told.push_back(payload["meterValue"][0]["timestamp"]);
        if (action == "StopTransaction") told.push_back("stop " + payload["timestamp"].get<std::string>());
        Json answer = Json::object();
        if (action == "BootNotification")
            answer = {{"status", "Accepted"}, {"interval", 300}, {"currentTime", "2026-11-22T12:00:00Z"}};
        if (action == "StartTransaction")
            answer = {{"transactionId", 7}, {"idTagInfo", {{"status", "Accepted"}}}};
        return Json::array({3, call[1], answer}).dump();
    }

    void charge() {
        gateway.connect();
        gateway.look(false);
        gateway.serve_all();
        gateway.look();
        gateway.serve_all();
    }
    /// A look every half minute.
    void charge_for(minutes time) {
        for (auto passed = 0s; passed < time; passed += 30s) {
            gateway.pass(30s);
            gateway.look();
            gateway.serve_all();
        }
    }

    std::unique_ptr<Store> store = *Store::open(":memory:", Log());
    SimulatedGateway gateway{*store, 1, noon,
                             [this](std::size_t, const auto& frame) { return answer(frame); }};
    std::vector<std::string> told;  ///< timestamps of samples, and of the end
};

TEST_F(ClockStepTest, AStepForwardBringsNeitherABurstOfSamplesNorAnEnd) {
    charge();
    charge_for(1min);
    *gateway.now.utc += hours(5);
    charge_for(2min);
    EXPECT_THAT(told, ElementsAre("2026-11-22T12:01:00.000Z", "2026-11-22T17:02:00.000Z",
                                  "2026-11-22T17:03:00.000Z"));
}

TEST_F(ClockStepTest, AStepBackSilencesNothing) {
    charge();
    charge_for(1min);
    *gateway.now.utc -= hours(2);
    charge_for(2min);
    gateway.look(false);
    gateway.serve_all();
    EXPECT_THAT(told, ElementsAre("2026-11-22T12:01:00.000Z", "2026-11-22T10:02:00.000Z",
                                  "2026-11-22T10:03:00.000Z", "stop 2026-11-22T10:03:00.000Z"));
}

TEST_F(ClockStepTest, WhatIsQueuedWhileTheClockIsSetKeepsItsOrder) {
    charge();
    gateway.disconnect();
    charge_for(1min);
    *gateway.now.utc -= hours(2);
    charge_for(1min);
    *gateway.now.utc += hours(2);
    charge_for(1min);
    gateway.look(false);
    gateway.connect();
    gateway.serve_all();
    EXPECT_THAT(told, ElementsAre("2026-11-22T12:01:00.000Z", "2026-11-22T10:02:00.000Z",
                                  "2026-11-22T12:03:00.000Z", "stop 2026-11-22T12:03:00.000Z"));
}

TEST_F(ClockStepTest, SamplesOfAClockThatIsNotBelievedWaitForTheTimeAndThenHaveTheirOwn) {
    charge();
    gateway.now.utc.reset();
    charge_for(2min);
    EXPECT_THAT(told, testing::IsEmpty());
    gateway.now.utc = noon + minutes(2);
    charge_for(1min);
    EXPECT_THAT(told, ElementsAre("2026-11-22T12:01:00.000Z", "2026-11-22T12:02:00.000Z",
                                  "2026-11-22T12:03:00.000Z"));
}

}  // namespace
}  // namespace busbar::gateway
