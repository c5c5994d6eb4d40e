// SPDX-License-Identifier: Apache-2.0
// GET /metrics: the text is what both formats demand, and says what the status says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <set>
#include <sstream>

#include "gateway/web/metrics/gateway_metrics.hpp"
#include "gateway/web/metrics/metrics_route.hpp"

namespace busbar::gateway {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

const Now noon{SteadyTime{} + 1000s, UtcTime{} + 1'800'000'000s};
const ocpp::Transaction transaction{.id_tag = "SECRETTAG"};

ChargePointReport charge_point(const std::string& id) {
    ChargePointReport report;
    report.id = id;
    report.link.state = LinkState::connected;
    report.link.since = noon.steady - 90s;
    report.view.registration = ocpp::RegistrationStatus::Accepted;
    report.queue = 2;
    report.queued_since = noon.steady - 3600s;
    ocpp::ConnectorView view;
    view.status =
        ocpp::ConnectorStatus{ocpp::ChargePointStatus::Charging, ocpp::ChargePointErrorCode::NoError, "", ""};
    view.transaction = &transaction;
    view.wanted = Amperes(16);
    view.applied = Amperes(16);
    view.limited_by = ocpp::LimitedBy::group;
    view.power = Watts(11040);
    view.energy = WattHours(1234.5);
    view.currents = {Amperes(16), Amperes(15.9), std::nullopt};
    report.view.connectors = {view};
    return report;
}

MetricsFacts facts() {
    MetricsFacts all{{noon, {TimeSource::ntp, UtcTime{}}, SteadyTime{} + 1s, {}, {}, {"one"}}};
    all.report.charge_points = {charge_point("CP1"), charge_point(R"(o"d\d)")};
    BusReport bus{"line", {}, {}};
    bus.units = {{.charge_point = "CP1",
                  .exchanges = 10,
                  .timeouts = 3,
                  .garbled = 2,
                  .exceptions = 1,
                  .reply_p50 = std::chrono::microseconds(12500),
                  .load = 0.25},
                 {.charge_point = "CP1", .exchanges = 10}};
    all.report.buses = {bus};
    UplinkReport uplink;
    uplink.settings.id = "gsm";
    uplink.settings.monthly_budget_mb = 500;
    uplink.state = "online";
    uplink.traffic.bytes = 12345;
    all.report.uplinks.active = "gsm";
    all.report.uplinks.uplinks = {uplink};
    all.report.uplinks.switch_count = 4;
    all.process = {1024, 7, 1024};
    all.web = {3, 1};
    return all;
}

std::string text(MetricsFormat format = MetricsFormat::prometheus) {
    return metrics_text(facts(), format);
}

std::vector<std::string> lines_of(const std::string& page) {
    std::vector<std::string> lines;
    std::istringstream in(page);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

TEST(Metrics, SayWhatTheStatusSaysInBaseUnits) {
    const auto page = text();
    for (const char* line :
         {R"(busbar_link_up{charge_point="CP1"} 1)",
          R"(busbar_link_state_age_seconds{charge_point="CP1"} 90)",
          R"(busbar_registered{charge_point="CP1"} 1)",
          R"(busbar_queue_messages{charge_point="CP1"} 2)",
          R"(busbar_queue_oldest_age_seconds{charge_point="CP1"} 3600)",
          R"(busbar_connector_status{charge_point="CP1",connector="1",status="Charging"} 1)",
          R"(busbar_connector_status{charge_point="CP1",connector="1",status="Faulted"} 0)",
          R"(busbar_connector_power_watts{charge_point="CP1",connector="1"} 11040)",
          R"(busbar_connector_current_amperes{charge_point="CP1",connector="1",phase="L2"} 15.9)",
          R"(busbar_connector_energy_joules_total{charge_point="CP1",connector="1"} 4444200)",
          R"(busbar_connector_limit_amperes{charge_point="CP1",connector="1"} 16)",
          R"(busbar_connector_limited{charge_point="CP1",connector="1",reason="group"} 1)",
          R"(busbar_connector_limited{charge_point="CP1",connector="1",reason="car"} 0)",
          R"(busbar_bus_exchanges_total{bus="line",charge_point="CP1",unit_id="1"} 10)",
          R"(busbar_bus_errors_total{bus="line",charge_point="CP1",unit_id="1",kind="garbled"} 2)",
          R"(busbar_bus_load_ratio{bus="line",charge_point="CP1",unit_id="1"} 0.25)",
          R"(busbar_bus_reply_seconds{bus="line",charge_point="CP1",unit_id="1",quantile="0.5"} 0.0125)",
          R"(busbar_uplink_active{uplink="gsm"} 1)",
          R"(busbar_uplink_state{uplink="gsm",state="online"} 1)",
          R"(busbar_uplink_month_bytes{uplink="gsm"} 12345)",
          R"(busbar_uplink_budget_bytes{uplink="gsm"} 500000000)",
          "busbar_uplink_switches_total 4",
          R"(busbar_clock_source{source="ntp"} 1)",
          "busbar_clock_trusted 1",
          "busbar_web_sessions 3",
          "busbar_web_throttled_clients 1",
          "busbar_process_open_fds 7",
          "busbar_warnings 1",
          "busbar_process_start_time_seconds 1799999001"}) {
        EXPECT_THAT(page, HasSubstr('\n' + std::string(line) + '\n'));
    }
}

TEST(Metrics, AreSilentOnWhatIsNotKnown) {
    const auto page = text();
    EXPECT_THAT(page, Not(HasSubstr("phase=\"L3\"")));
    EXPECT_THAT(page, Not(HasSubstr("0.99")));
    EXPECT_THAT(page, Not(HasSubstr("signal")));
    EXPECT_THAT(page, Not(HasSubstr("mqtt")));
    auto unknown = facts();
    unknown.report.now.utc.reset();
    unknown.report.charge_points[0].queued_since.reset();
    unknown.report.charge_points[0].view.connectors[0].status.reset();
    const auto told = metrics_text(unknown, MetricsFormat::prometheus);
    EXPECT_THAT(told, Not(HasSubstr("start_time")));
    EXPECT_THAT(told, Not(HasSubstr("oldest_age_seconds{charge_point=\"CP1\"")));
    EXPECT_THAT(told, Not(HasSubstr("status{charge_point=\"CP1\"")));
    EXPECT_THAT(told, HasSubstr("busbar_clock_trusted 0\n"));
}

TEST(Metrics, NameNobody) {
    EXPECT_THAT(text(), Not(HasSubstr("SECRETTAG")));
}

TEST(Metrics, EscapeWhatStandsInALabel) {
    EXPECT_THAT(text(), HasSubstr(R"(busbar_link_up{charge_point="o\"d\\d"} 1)"));
    Exposition page(MetricsFormat::prometheus);
    page.begin({"x", MetricKind::gauge, "X."});
    page.add({{"a", "two\nlines"}}, std::numeric_limits<double>::quiet_NaN());
    page.add({{"a", "two\nlines"}}, 1e300);
    EXPECT_EQ(std::move(page).finish(), "# HELP x X.\n# TYPE x gauge\nx{a=\"two\\nlines\"} 1e+300\n");
}

/// What both formats demand: each family once, its lines together, no series twice, counters in _total.
TEST(Metrics, KeepEachFamilyTogetherAndEachSeriesSingle) {
    std::map<std::string, std::string> types;
    std::set<std::string> series;
    std::string family;
    for (const auto& line : lines_of(text())) {
        std::istringstream words(line);
        std::string first;
        std::string second;
        std::string third;
        words >> first >> second >> third;
        if (first == "#" && second == "TYPE") {
            std::string type;
            words >> type;
            EXPECT_TRUE(types.emplace(third, type).second) << line;
            EXPECT_EQ(type == "counter", third.ends_with("_total")) << line;
            EXPECT_THAT(third, testing::StartsWith("busbar_"));
            family = third;
        } else if (first != "#") {
            EXPECT_EQ(line.substr(0, line.find_first_of("{ ")), family);
            EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << line;
        }
    }
    EXPECT_GT(types.size(), 30U);
}

TEST(Metrics, AsOpenMetricsNameFamiliesWithoutTheirSuffixAndEnd) {
    const auto page = text(MetricsFormat::open_metrics);
    EXPECT_THAT(page, HasSubstr("# TYPE busbar_bus_errors counter\nbusbar_bus_errors_total{"));
    EXPECT_THAT(page, HasSubstr("# TYPE busbar_build info\nbusbar_build_info{version=\""));
    EXPECT_THAT(page, EndsWith("\n# EOF\n"));
    EXPECT_THAT(text(), Not(HasSubstr("EOF")));
}

TEST(MetricsRoute, ServesWhoHasTheRoleInTheFormatTheyTakeAndOnlyWhereItIsOn) {
    bool on = false;
    const Router router(metrics_routes([&] { return on; }, facts));
    HttpRequest request{"GET", "/metrics", "", ""};
    EXPECT_EQ(router(request).status, 401);
    request.login = Login{"script", Role::metrics};
    EXPECT_EQ(router(request).status, 404);
    EXPECT_THAT(router(request).body, HasSubstr("metrics_off"));
    on = true;
    EXPECT_EQ(router(request).content_type, "text/plain; version=0.0.4; charset=utf-8");
    request.fields.emplace_back("Accept",
                                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.4");
    EXPECT_EQ(router(request).content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    request.method = "POST";
    EXPECT_EQ(router(request).status, 405);
}

}  // namespace
}  // namespace busbar::gateway
