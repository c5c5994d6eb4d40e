// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/history.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace busbar::gateway {
namespace {

class HistoryTest : public testing::Test {
  protected:
    HistoryTest() { reports.push_back(charger("CP1", 1380.04)); }

    static ChargePointReport charger(const std::string& id, double power) {
        ChargePointReport report;
        report.id = id;
        ocpp::ConnectorView view;
        view.power = Watts(power);
        view.wanted = Amperes(16);
        view.applied = Amperes(6);
        report.view.connectors.push_back(view);
        return report;
    }

    std::vector<ChargePointReport> reports;
    History history{[this] { return reports; }};
    const SteadyTime start{seconds(1000)};
    const Now now{start + 60s, UtcTime(seconds(1'767'268'860))};
};

TEST_F(HistoryTest, GivesColumnsWithTimesInSeconds) {
    history.sample(start);
    reports[0].view.connectors[0].lost = true;
    history.sample(start + 15s);
    const auto json = history.of("CP1", now);
    const auto& connector = json["connectors"][0];
    EXPECT_EQ(connector["t"], (nlohmann::ordered_json{1'767'268'800, 1'767'268'815}));
    EXPECT_EQ(connector["power_w"], (nlohmann::ordered_json{1380.0, nullptr}))
        << "a lost charger says nothing";
    EXPECT_EQ(connector["limit_a"], (nlohmann::ordered_json{6.0, 6.0}));
}

TEST_F(HistoryTest, IsBoundedAndForgetsChargersThatAreGone) {
    for (std::size_t i = 0; i < History::most + 10; ++i)
        history.sample(start + History::step * static_cast<int>(i));
    EXPECT_EQ(history.of("CP1", now)["connectors"][0]["t"].size(), History::most);
    reports = {charger("CP2", 0)};
    history.sample(start);
    EXPECT_EQ(history.of("CP1", now)["connectors"].size(), 0U);
    EXPECT_EQ(history.of("CP2", now)["connectors"].size(), 1U);
}

TEST_F(HistoryTest, WhatHasNoTimeYetIsLeftOut) {
    history.sample(start);
    EXPECT_EQ(history.of("CP1", {start, std::nullopt})["connectors"][0]["t"].size(), 0U);
}

}  // namespace
}  // namespace busbar::gateway
