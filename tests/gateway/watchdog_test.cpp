// SPDX-License-Identifier: Apache-2.0
// The watchdog is fed exactly while nobody is overdue, and each silence is told once.
#include "gateway/watchdog.hpp"

#include <gmock/gmock.h>

#include "gateway/service_manager.hpp"

namespace busbar::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr SteadyTime asked{1000s};

TEST(Watchdog, IsFedWhileNobodyOwesASign) {
    Watchdog watchdog(60s);
    EXPECT_TRUE(watchdog.look({}, asked).well);
}

TEST(Watchdog, WaitsHalfItsPeriodForAThreadAndNoLonger) {
    Watchdog watchdog(60s);
    EXPECT_TRUE(watchdog.look({{"bus a", asked}}, asked + 30s).well);
    EXPECT_FALSE(watchdog.look({{"bus a", asked}}, asked + 31s).well);
}

TEST(Watchdog, LooksOftenEnoughThatAHealthyProcessIsNeverEnded) {
    const Watchdog watchdog(60s);
    EXPECT_LT(watchdog.interval() * 3, 60s);
}

TEST(Watchdog, StarvesForOneOfMany) {
    Watchdog watchdog(60s);
    EXPECT_FALSE(watchdog.look({{"bus a", asked + 59s}, {"bus b", asked}}, asked + 60s).well);
}

TEST(Watchdog, TellsEachSilenceAndItsEndOnce) {
    Watchdog watchdog(60s);
    EXPECT_THAT(watchdog.look({{"bus a", asked}}, asked + 40s).lost, ElementsAre("bus a"));
    const auto again = watchdog.look({{"bus a", asked}}, asked + 50s);
    EXPECT_THAT(again.lost, IsEmpty());
    EXPECT_THAT(again.back, IsEmpty());
    const auto recovered = watchdog.look({}, asked + 60s);
    EXPECT_THAT(recovered.back, ElementsAre("bus a"));
    EXPECT_TRUE(recovered.well);
}

ChargePointReport charge_point(LinkState link, ocpp::ChargePointStatus status) {
    ChargePointReport report;
    report.link.state = link;
    ocpp::ConnectorView connector;
    connector.status.emplace().status = status;
    report.view.connectors.push_back(connector);
    return report;
}

TEST(StatusLine, CountsWhoIsConnectedAndWhoCharges) {
    EXPECT_EQ(status_line({charge_point(LinkState::connected, ocpp::ChargePointStatus::Charging),
                           charge_point(LinkState::waiting, ocpp::ChargePointStatus::Charging),
                           charge_point(LinkState::connected, ocpp::ChargePointStatus::Available)}),
              "2 of 3 charge points connected, 2 charging");
    EXPECT_EQ(status_line({}), "no charger is configured yet");
}

}  // namespace
}  // namespace busbar::gateway
