// SPDX-License-Identifier: Apache-2.0
// What scans and trials say, from findings through JSON to the words on the terminal.
#include "gateway/ctl/field_reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gateway/field/scan_json.hpp"
#include "gateway/field/trial_json.hpp"

namespace busbar::ctl {
namespace {

using adapters::ScanEnd;
using adapters::ScanFindings;
using adapters::ScanPhase;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

adapters::ScanSetting setting() {
    config::Bus bus;
    bus.device = "/dev/ttyS1";
    bus.baud = 19200;
    return {bus, config::Protocol::modbus};
}

adapters::ProfileLibrary library() {
    config::Profile profile;
    profile.id = "box";
    profile.vendor = "Maker";
    profile.model = "Model 1";
    return {{"box", profile}};
}

ScanFindings one_found() {
    ScanFindings findings;
    findings.phase = ScanPhase::units;
    findings.doing = "19200 baud, even parity, 1 stop bit: unit 9";
    findings.progress = 0.41234;
    findings.left = 12'300ms;
    findings.found.push_back({3, setting(), "unit 3 input 4 = 0108", {"box"}, {}, {}, false});
    findings.settings.push_back({setting(), 1, 8, 0, 0, {}});
    return findings;
}

TEST(ScanReport, ShowsDevicesAndSettingsAsTables) {
    auto findings = one_found();
    findings.phase = ScanPhase::ended;
    findings.end = ScanEnd::complete;
    const auto page = scan_report(gateway::to_json("rs485", findings, library()));
    ASSERT_TRUE(page);
    EXPECT_EQ(*page,
              "UNIT  LINE                                 MODEL                ANSWER\n"
              "3     19200 baud, even parity, 1 stop bit  box (Maker Model 1)  unit 3 input 4 = 0108\n"
              "\n"
              "For the configuration (busbard --check says what else it wants):\n"
              "  \"buses\":    {\"id\":\"rs485\",\"kind\":\"rtu\",\"device\":\"/dev/ttyS1\",\"baud\":19200,"
              "\"parity\":\"even\",\"stop_bits\":1}\n"
              "  \"chargers\": {\"id\":\"CHARGER-1\",\"bus\":\"rs485\",\"unit_id\":3,\"profile\":\"box\"}\n"
              "\n"
              "LINE                                 ASKED  ANSWERED  SILENT  GARBLED\n"
              "19200 baud, even parity, 1 stop bit  9      1         8       0\n");
}

TEST(ScanReport, SaysWhatItDoesWhileItRuns) {
    const auto body = gateway::to_json("rs485", one_found(), library());
    EXPECT_EQ(scan_progress(body), " 41 %, 13 s left, 1 found: 19200 baud, even parity, 1 stop bit: unit 9");
    EXPECT_TRUE(scan_state(body).running);
    EXPECT_TRUE(scan_state(body).found);
    EXPECT_EQ(json::parse(body)["progress"], 0.412);
    EXPECT_EQ(json::parse(body)["found"][0]["models"][0]["profile"], "box");
    EXPECT_EQ(json::parse(body)["found"][0]["setting"]["parity"], "even");
}

TEST(ScanReport, NamesWhatADeviceCouldBeAndWhoTalksOnTheLine) {
    auto findings = one_found();
    findings.end = ScanEnd::line_in_use;
    findings.found[0].models.clear();
    findings.found[0].could_be = {"box"};
    findings.heard.add(std::vector<std::uint8_t>(9, 0x55));
    const auto page = scan_report(gateway::to_json("rs485", findings, library()));
    ASSERT_TRUE(page);
    EXPECT_THAT(*page, HasSubstr("could be box (Maker Model 1)"));
    EXPECT_THAT(*page, HasSubstr("Heard before asking: a master at another speed"));
    EXPECT_THAT(*page, HasSubstr("Unplug other masters"));
}

TEST(ScanReport, SaysHowLongItMayTakeOnceThatIsKnown) {
    auto findings = one_found();
    findings.left = 683s;
    EXPECT_THAT(scan_expectation(gateway::to_json("rs485", findings, library())),
                testing::StartsWith("If nobody answers this takes 11 min 23 s."));
    findings.left = {};
    EXPECT_EQ(scan_expectation(gateway::to_json("rs485", findings, library())), "");
}

TEST(ScanReport, CopesWithMissingFieldsAndRefusesWhatIsNoReport) {
    for (const char* body : {"{}", R"({"found":[{}, null],"settings":3,"advice":[1]})"}) {
        EXPECT_TRUE(scan_report(body)) << body;
    }
    for (const char* body : {"", "no json", "[]"}) EXPECT_FALSE(scan_report(body)) << body;
    EXPECT_FALSE(scan_state("").running);
    EXPECT_EQ(scan_progress("{}"), "  0 %, - s left, 0 found: -");
}

adapters::TrialReport trial() {
    adapters::TrialReport report;
    report.answers = true;
    report.rows = {
        {1, "state", {1, config::Table::input, 5, 1}, adapters::Words{7}, 7, {}, ""},
        {1, "name", {1, config::Table::input, 102, 2}, adapters::Words{0x4142, 0x4300}, {}, "ABC", ""},
        {1, "gone", {1, config::Table::holding, 300, 1}, {}, {}, {}, "exception 2"}};
    report.connectors = {{1, true, {}}};
    auto& reading = report.connectors[0].reading;
    reading.state = CpState::C2;
    reading.current[0] = Measured<Amperes>{Amperes(15.8), SteadyTime{}};
    reading.derated = true;
    reading.fault = Fault{FaultCode::GroundFailure, "4", "leak"};
    report.identity.serial = "S-1";
    report.exchanges = {{"01 04 00 05 00 01", "01 04 02 00 07", ""},
                        {"01 03 01 2C 00 01", "01 83 02", "the unit refused"}};
    return report;
}

TEST(TrialReport, ShowsEachRegisterAndWhatTheProfileMakesOfIt) {
    const auto body = gateway::to_json({"box", {}}, trial());
    const auto page = trial_report(body);
    ASSERT_TRUE(page);
    EXPECT_THAT(*page, HasSubstr("state     1     input    5        0007       7\n"));
    EXPECT_THAT(*page, HasSubstr("name      1     input    102      4142 4300  ABC\n"));
    EXPECT_THAT(*page, HasSubstr("gone      1     holding  300      -          -      exception 2\n"));
    EXPECT_THAT(*page, HasSubstr("  state               C2\n"));
    EXPECT_THAT(*page, HasSubstr("  serial              S-1\n"));
    EXPECT_THAT(*page, HasSubstr("01 03 01 2C 00 01: the unit refused"));
    EXPECT_FALSE(trial_is_good(body));
}

TEST(TrialReport, ShowsWhatTheProfileMakesOfEachConnector) {
    auto report = trial();
    report.rows.push_back({2, "state", {1, config::Table::input, 105, 1}, adapters::Words{3}, 3, {}, ""});
    report.connectors.push_back({2, true, {}});
    report.connectors[1].reading.state = CpState::B2;
    report.connectors.push_back({3, false, {}});
    const auto body = gateway::to_json({"box", {1, {{"socket2", 2}}, {}}}, report);
    const auto page = trial_report(body);
    ASSERT_TRUE(page);
    EXPECT_THAT(*page, HasSubstr("state (2)  1     input    105      0003       3\n"));
    EXPECT_THAT(*page, HasSubstr("Reading of connector 2:\n  state               B2\n"));
    EXPECT_THAT(*page, HasSubstr("Nothing was read of connector 3."));
    const auto fixture = json::parse(gateway::fixture_of(body));
    EXPECT_EQ(fixture["connectors"], 3);
    EXPECT_EQ(fixture["units"], json::parse(R"({"socket2": 2})"));
    EXPECT_EQ(fixture["cases"][1]["connector"], 2);
    EXPECT_EQ(fixture["cases"].size(), 2U);
}

TEST(TrialReport, IsGoodWhenNothingThatWasAskedIsMissing) {
    auto report = trial();
    report.rows.pop_back();
    report.rows.push_back({1, "reset", {1, config::Table::holding, 9, 1}, {}, {}, {}, "write only"});
    report.rows.push_back({1,
                           "soc",
                           {1, config::Table::holding, 8, 1},
                           adapters::Words{0xFFFF},
                           {},
                           {},
                           "says: not available"});
    EXPECT_TRUE(trial_is_good(gateway::to_json({"box", {}}, report)));
    report.answers = false;
    EXPECT_FALSE(trial_is_good(gateway::to_json({"box", {}}, report)));
}

TEST(TrialReport, BecomesAFixtureThatReplaysTheExchanges) {
    const auto fixture = json::parse(gateway::fixture_of(gateway::to_json({"box", {}}, trial())));
    EXPECT_EQ(fixture["profile"], "box");
    EXPECT_EQ(fixture["unit_id"], 1);
    const auto& look = fixture["cases"][0];
    EXPECT_EQ(fixture["exchanges"]["01 04 00 05 00 01"], "01 04 02 00 07");
    EXPECT_EQ(fixture["exchanges"]["01 03 01 2C 00 01"], "01 83 02");
    EXPECT_EQ(look["reading"],
              json::parse(R"({"state": "C2", "current_a": [15.8, null, null], "derated": true,
        "fault": {"code": "GroundFailure", "vendor_code": "4", "text": "leak"}})"));
    EXPECT_EQ(look["identity"], json::parse(R"({"serial": "S-1"})"));
}

TEST(ProfilePage, ShowsRegistersWritesAndTheFallback) {
    config::Profile profile = library().at("box");
    profile.when_gateway_dies = "It stops.";
    config::Register limit;
    limit.name = "limit";
    limit.address = 261;
    limit.scale = 0.1;
    limit.access = config::Access::read_write;
    profile.registers = {{"limit", limit}};
    profile.limit.emplace();
    profile.limit->registers = {"limit"};
    profile.limit->pause_value = 0;
    profile.required = {{"limit", 0, true, {}}};
    profile.sequences["reboot"] = {config::WriteStep{"limit", 7}};
    const auto page = profile_page(profile);
    EXPECT_THAT(page, HasSubstr("limit     holding  261 (0x0105)  u16   x 0.1  each cycle  read, write\n"));
    EXPECT_THAT(page, HasSubstr("6 to 16 A, steps of 1 A"));
    EXPECT_THAT(page, HasSubstr("the failsafe current"));
    EXPECT_THAT(page, HasSubstr("sequence reboot"));
    EXPECT_THAT(page, HasSubstr("When the gateway dies: It stops."));
}

}  // namespace
}  // namespace busbar::ctl
