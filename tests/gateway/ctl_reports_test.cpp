// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/ctl/reports.hpp"
#include "gateway/ctl/text_table.hpp"
#include "gateway/ctl/uplink_reports.hpp"

namespace busbar::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(StatusReport, ShowsEachConnectorAndEachBusUnitInARow) {
    const auto report =
        status_report(R"({"version":"0.1.0","started_at":"2026-11-22T10:00:00Z","charge_points":[
        {"id":"CP1","link":{"state":"connected","cause":"","detail":"","since":"2026-11-22T10:00:01Z"},
         "registration":"Accepted","queue":0,"connectors":[
          {"id":1,"status":"Charging","error_code":"NoError",
           "transaction":{"id":42,"id_tag":"X","started_at":"2026-11-22T10:00:05Z","meter_start_wh":1000},
           "limit":{"wanted_a":16.0,"applied_a":16.0},"power_w":11000,"energy_wh":1234567},
          {"id":2,"status":"Faulted","error_code":"GroundFailure","transaction":null,
           "limit":{"wanted_a":16.5,"applied_a":0}}]},
        {"id":"CP2","link":{"state":"waiting","cause":"refused"},"registration":"Pending","queue":7,"connectors":[]}],
        "buses":[{"id":"rs485-1","units":[{"charge_point":"CP1","unit_id":1,"exchanges":10,"timeouts":1,"garbled":2,
        "exceptions":3,"reply_p50_ms":12.5,"reply_p99_ms":null,"load":0.25,"last_error":"no answer"}]}]})");
    ASSERT_TRUE(report);
    EXPECT_EQ(
        *report,
        "busbar 0.1.0, started 2026-11-22T10:00:00Z\n"
        "\n"
        "CHARGE POINT  LINK               REGISTRATION  QUEUE  CONNECTOR  STATUS                   "
        "TRANSACTION"
        "  LIMIT                POWER    ENERGY\n"
        "CP1           connected          Accepted      0      1          Charging                 42 "
        "X       "
        "  16 A                 11000 W  1234567 Wh\n"
        "                                                      2          Faulted (GroundFailure)  -   "
        "       "
        "  0 A (wanted 16.5 A)  -        -\n"
        "CP2           waiting (refused)  Pending       7      -          -                        -   "
        "       "
        "  -                    -        -\n"
        "\n"
        "BUS      CHARGE POINT  UNIT  EXCHANGES  TIMEOUTS  GARBLED  EXCEPTIONS  P50 MS  P99 MS  LOAD  LAST "
        "ERROR\n"
        "rs485-1  CP1           1     10         1         2        3           12.5    -       0.25  no "
        "answer\n");
}

TEST(StatusReport, SaysThatTheGroupIsWhyAChargerWaits) {
    const auto report = status_report(R"({"charge_points":[{"id":"CP1","connectors":[
        {"id":1,"limit":{"wanted_a":0,"applied_a":0,"without_group_a":16.0}}]}]})");
    ASSERT_TRUE(report);
    EXPECT_THAT(*report, HasSubstr("0 A (group; 16 A alone)"));
}

TEST(StatusReport, CopesWithMissingNullAndOddFields) {
    for (const char* body :
         {"{}", R"({"charge_points":null,"buses":3})", R"({"charge_points":[{}],"buses":[{}]})",
          R"({"charge_points":[null,1,{"connectors":[null,{"limit":null}]}],"buses":[{"units":[{}]}]})"}) {
        EXPECT_TRUE(status_report(body)) << body;
    }
}

TEST(StatusReport, RefusesWhatIsNoReport) {
    for (const char* body : {"", "not json", "[]", "3"}) EXPECT_FALSE(status_report(body)) << body;
}

TEST(StatusReport, WhatAChargerSaysCannotSteerTheTerminal) {
    const auto report = status_report(R"({"version":"\u001b[2J\n"})");
    ASSERT_TRUE(report);
    EXPECT_THAT(*report, HasSubstr("busbar ?[2J?,"));
}

constexpr const char* trace = R"({"events":[
    {"n":11,"t":"2026-11-22T10:00:00.123Z","kind":"ocpp_received","source":"CP1","text":"[2,\"a1\",\"Reset\",{}]"},
    {"n":12,"t":"2026-11-22T10:00:00.223Z","kind":"bus_write","source":"rs485-1","text":"unit 1 holding 261 <- 00A0",
     "cause":"a1"}],"last":14})";

TEST(TracePage, IsOneReadableLineAnEvent) {
    const auto page = trace_page(trace, false);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->text,
              "2026-11-22T10:00:00.123Z CP1        <- csms [2,\"a1\",\"Reset\",{}]\n"
              "2026-11-22T10:00:00.223Z rs485-1    write   unit 1 holding 261 <- 00A0  [for a1]\n");
    EXPECT_EQ(page->seen, 12);
    EXPECT_EQ(page->last, 14);
}

TEST(TracePage, IsOneJsonObjectALineOnDemand) {
    const auto page = trace_page(R"({"events":[{"n":1,"x":"y"}, {"n":2}],"last":2})", true);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->text, "{\"n\":1,\"x\":\"y\"}\n{\"n\":2}\n");
}

TEST(TracePage, AnEmptyPageSawNothing) {
    const auto page = trace_page(R"({"events":[],"last":9})", false);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->text, "");
    EXPECT_EQ(page->seen, 0);
    EXPECT_EQ(page->last, 9);
    EXPECT_FALSE(trace_page("{}", false));
}

TEST(ProblemText, IsTheSentenceOrTheBodyAsItIs) {
    EXPECT_EQ(problem_text(R"({"code":"x","detail":"There is nothing at /y."})"), "There is nothing at /y.");
    EXPECT_EQ(problem_text("<html>\n"), "<html>?");
}

TEST(TextTable, CountsCharactersNotBytes) {
    EXPECT_EQ(text_table({{"A", "B"}, {"\xc3\xa9\xc3\xa9", "x"}, {"abc", "y"}}),
              "A    B\n\xc3\xa9\xc3\xa9   x\nabc  y\n");
}

TEST(UplinksReport, TellsOfTheModemInASentence) {
    const auto report = uplinks_report(R"({"active":"gsm","uplinks":[
        {"id":"gsm","name":"GSM","interface":"wwan0","state":"no_link","modem":{"state":"registered",
         "hindrance":"is registered but not connected","operator":"ACME","access":"LTE",
         "signal":{"csq":9,"word":"poor","line":14,"passes":false},"iccid":"8949"}},
        {"id":"spare","name":"GSM spare","state":"absent","modem":null}]})");
    ASSERT_TRUE(report);
    EXPECT_THAT(*report,
                HasSubstr("\nModem of gsm: registered, operator ACME (LTE), CSQ 9 (poor): more than 14 is "
                          "needed, move the antenna, SIM 8949\nGSM is registered but not connected.\n"));
    EXPECT_THAT(*report, Not(HasSubstr("Modem of spare")));
}

}  // namespace
}  // namespace busbar::ctl
