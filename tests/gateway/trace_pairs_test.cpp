// SPDX-License-Identifier: Apache-2.0
// Frames as messages with their answers, and exchanges taken apart.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "gateway/web/api/bus_trace.hpp"
#include "gateway/web/api/masking.hpp"
#include "gateway/web/api/ocpp_trace.hpp"
#include "gateway/web/api/trace_text.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr SteadyTime start{seconds(1000)};
const Now now{start + 60s, UtcTime(seconds(1'767'225'660))};

class TracePairs : public testing::Test {
  protected:
    void add(TraceKind kind, SteadyEpoch::duration after, std::string text, std::string source = "CP1",
             std::string cause = {}) {
        ring.add({kind, start + after, std::move(source), std::move(text), {std::move(cause)}});
    }
    Json messages(std::int64_t after = 0, std::size_t most = 200) {
        return ocpp_trace(ring, {"", after, most}, now);
    }

    TraceRing ring;
};

TEST_F(TracePairs, ARequestHasItsAnswerTheTimeItTookAndWhatItDidOnTheBus) {
    add(TraceKind::ocpp_received, 0ms,
        R"([2,"a1","SetChargingProfile",{"connectorId":1,"csChargingProfiles":{"chargingProfilePurpose":"TxProfile",
            "chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}}}])");
    add(TraceKind::bus_write, 10ms, "unit 1 holding 261 <- 0064", "rs485-1", "a1");
    add(TraceKind::ocpp_sent, 25ms, R"([3,"a1",{"status":"Accepted"}])");
    const Json one = messages()["messages"].at(0);
    EXPECT_EQ(one["action"], "SetChargingProfile");
    EXPECT_EQ(one["direction"], "received");
    EXPECT_EQ(one["answered"], "result");
    EXPECT_EQ(one["answer"], (Json{{"status", "Accepted"}}));
    EXPECT_EQ(one["latency_ms"], 25);
    EXPECT_EQ(one["exchanges"], (Json{2}));
    EXPECT_EQ(one["t"], "2026-01-01T00:00:00.000Z");
    EXPECT_EQ(one["sentence"], Json::parse(R"({"code": "set_charging_profile", "params": {
        "connector": 1, "purpose": "TxProfile", "limit": 10, "unit": "A", "answer": "Accepted"}})"));
}

TEST_F(TracePairs, CrossingRequestsOfOneIdAreToldApartByTheirDirectionAndChargePoint) {
    add(TraceKind::ocpp_sent, 0ms, R"([2,"7","Heartbeat",{}])");
    add(TraceKind::ocpp_received, 1ms, R"([2,"7","ClearCache",{}])");
    add(TraceKind::ocpp_sent, 2ms, R"([2,"7","Heartbeat",{}])", "CP2");
    add(TraceKind::ocpp_sent, 3ms, R"([3,"7",{"status":"Rejected"}])");
    add(TraceKind::ocpp_received, 4ms, R"([4,"7","InternalError","no",{}])");
    const Json list = messages()["messages"];
    ASSERT_EQ(list.size(), 3U);
    EXPECT_EQ(list[0]["answered"], "error");
    EXPECT_EQ(list[0]["error"], (Json{{"code", "InternalError"}, {"description", "no"}}));
    EXPECT_EQ(list[1]["answer"]["status"], "Rejected");
    EXPECT_EQ(list[2]["answered"], "no");
    EXPECT_TRUE(list[2]["latency_ms"].is_null());
}

TEST_F(TracePairs, ARequestComesAgainOnceItIsAnsweredAndPagesMissNothing) {
    add(TraceKind::ocpp_sent, 0ms, R"([2,"1","Heartbeat",{}])");
    const Json first = messages();
    EXPECT_EQ(messages(first["last"])["messages"].size(), 0U);
    add(TraceKind::ocpp_received, 9ms, R"([3,"1",{"currentTime":"2026-01-01T00:00:00Z"}])");
    EXPECT_EQ(messages(first["last"])["messages"].at(0)["answered"], "result");
    for (int i = 2; i < 7; ++i)
        add(TraceKind::ocpp_sent, 10ms, "[2,\"" + std::to_string(i) + "\",\"Heartbeat\",{}]");
    const Json page = messages(0, 4);
    EXPECT_EQ(page["messages"].size(), 4U);
    EXPECT_EQ(messages(page["last"], 4)["messages"].size(), 2U);
}

TEST_F(TracePairs, WhatIsNoFrameOrWasCutDisturbsNobody) {
    add(TraceKind::ocpp_received, 0ms, "hello");
    add(TraceKind::ocpp_received, 0ms, R"([2,"x)");
    add(TraceKind::ocpp_received, 0ms, R"([3,"unasked",{}])");
    add(TraceKind::ocpp_received, 0ms, R"([2,"cut","DataTransfer",{"vendorId":"x)");
    add(TraceKind::ocpp_received, 0ms, R"([2,"deep","DataTransfer",)" + std::string(3000, '['));
    const Json list = messages()["messages"];
    ASSERT_EQ(list.size(), 2U);
    EXPECT_TRUE(list[0]["request"].is_null());
    EXPECT_TRUE(list[1]["request"].is_null());
}

TEST(Masking, HidesCardsKeysAndPasswordsWhereverTheyStand) {
    const auto hidden = masked_payload(Json::parse(R"({
        "idTag": "EVENERGY01", "idTagInfo": {"parentIdTag": "ABC", "status": "Accepted"},
        "configurationKey": [{"key": "authorizationKey", "readonly": false, "value": "s3cret"}, {"key": "A", "value": "1"}],
        "location": "ftp://user:word@files.example/x@y",
        "remoteLocation": "https://files.example/x?sig=s3cret and more"})"));
    EXPECT_EQ(hidden["idTag"], "EV…01");
    EXPECT_EQ(hidden["idTagInfo"]["parentIdTag"], "A…");
    EXPECT_EQ(hidden["location"], "ftp://…@files.example/x@y");
    EXPECT_EQ(hidden["remoteLocation"], "https://files.example/x?… and more");
    EXPECT_EQ(hidden["configurationKey"][1]["value"], "1");
    EXPECT_THAT(hidden.dump(), Not(HasSubstr("s3cret")));
}

TEST(BusTrace, TakesTheTextsOfEveryKindOfExchangeApart) {
    const auto read = parse_exchange("unit 3 input 5..7 = 0004 00A0 FFFF");
    EXPECT_EQ(read.unit, 3);
    EXPECT_EQ(read.table, "input");
    EXPECT_EQ(read.address, 5);
    EXPECT_EQ(read.count, 3);
    EXPECT_EQ(read.words, "0004 00A0 FFFF");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(parse_exchange("unit 1 holding 261 <- 00A0: no answer").error, "no answer");
    EXPECT_EQ(parse_exchange("unit 1 holding 261 <- 00A0").words, "00A0");
    EXPECT_EQ(parse_exchange("unit 1 coil 9: exception 2").error, "exception 2");
    EXPECT_EQ(parse_exchange("unit 1 $GV = $OK").unit, 1);
    EXPECT_EQ(parse_exchange("unit 1 $GV = $OK").table, "");
    for (const char* odd : {"", "unit", "unit x", "unit 1", "unit 1 input", "unit 1 input x = 1"})
        EXPECT_NO_THROW(parse_exchange(odd)) << odd;
}

TEST(BusTrace, NamesTheRegistersThatLieWholeInAnExchange) {
    GatewaySettings settings;
    config::Charger charger;
    charger.id = "CP1";
    charger.bus = "rs485-1";
    charger.profile = "box";
    settings.config.chargers.push_back(charger);
    auto& profile = settings.profiles["box"];
    const auto reg = [&](const std::string& name, int address, int count, config::ValueType type,
                         double scale) {
        auto& made = profile.registers[name];
        made.name = name;
        made.table = config::Table::input;
        made.address = address;
        made.count = count;
        made.type = type;
        made.scale = scale;
    };
    reg("voltage", 10, 1, config::ValueType::u16, 0.1);
    reg("energy", 11, 2, config::ValueType::u32, 1);
    reg("beyond", 12, 2, config::ValueType::u32, 1);
    TraceRing ring;
    ring.add({TraceKind::bus_read,
              start,
              "rs485-1",
              "unit 1 input 10..12 = 08FC 0001 0002",
              {"m1"},
              start - 42ms});
    ring.add({TraceKind::bus_read, start, "rs485-2", "unit 1 input 10 = 08FC", {}});
    const Json found = bus_trace(ring, {"rs485-1"}, settings, now);
    ASSERT_EQ(found["exchanges"].size(), 1U);
    const Json& one = found["exchanges"][0];
    EXPECT_EQ(one["charge_point"], "CP1");
    EXPECT_EQ(one["cause"], "m1");
    EXPECT_EQ(one["duration_ms"], 42.0);
    EXPECT_EQ(one["began"], "2025-12-31T23:59:59.958Z");
    profile.measurements.id_tag = {"beyond"};
    EXPECT_THAT(bus_trace(ring, {"rs485-1"}, settings, now).dump(), Not(HasSubstr("not shown")))
        << "not read";
    profile.measurements.id_tag = {"energy"};
    const auto hidden = bus_trace(ring, {"rs485-1"}, settings, now)["exchanges"][0];
    EXPECT_TRUE(hidden["words"].is_null()) << "a card's number";
    EXPECT_THAT(hidden.dump(), Not(HasSubstr("0001 0002")));
    EXPECT_EQ(one["registers"], Json::parse(R"([{"name": "energy", "value": 65538.0},
                                                 {"name": "voltage", "value": 230.0}])"));
}

TEST(TraceText, ShowsTheNetworkNoCardAndTheControlSocketAll) {
    const GatewaySettings settings;
    const auto frame = [](std::string text) {
        return TraceEvent{TraceKind::ocpp_sent, start, "CP1", std::move(text), {}};
    };
    const auto start_frame = frame(R"([2,"7","StartTransaction",{"connectorId":1,"idTag":"EVENERGY01"}])");
    EXPECT_EQ(shown_text(start_frame, Tags::whole, settings), start_frame.text);
    EXPECT_EQ(shown_text(start_frame, Tags::masked, settings),
              R"([2,"7","StartTransaction",{"connectorId":1,"idTag":"EV…01"}])");
    const auto cut = frame(R"([2,"7","SendLocalList",{"localAuthorizationList":[{"idTag":"EVENERG)");
    EXPECT_THAT(shown_text(cut, Tags::masked, settings), Not(HasSubstr("ENERG")));
    const auto key = frame(R"([2,"7","ChangeConfiguration",{"key":"AuthorizationKey","value":"s3cret"}])");
    const auto address = frame(R"([2,"7","GetDiagnostics",{"location":"ftps://box:s3cret@example.org/up"}])");
    for (const auto tags : {Tags::whole, Tags::masked}) {
        EXPECT_THAT(shown_text(key, tags, settings), Not(HasSubstr("s3cret")));
        EXPECT_THAT(shown_text(address, tags, settings),
                    AllOf(Not(HasSubstr("s3cret")), HasSubstr("@example.org/up")));
    }
    const TraceEvent report{
        TraceKind::bus_read, start, "keba", R"(report 100 = {"ID": "100", "RFID tag": "04A2B3C4"})", {}};
    EXPECT_THAT(shown_text(report, Tags::masked, settings), Not(HasSubstr("04A2")));
    EXPECT_THAT(shown_text(report, Tags::whole, settings), HasSubstr("04A2"));
}

}  // namespace
}  // namespace busbar::gateway
