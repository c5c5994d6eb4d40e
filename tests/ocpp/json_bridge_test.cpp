// SPDX-License-Identifier: Apache-2.0
// Payloads to structs, with the CALLERROR code for each way a payload can be wrong; structs to payloads.
#include "ocpp/json_bridge.hpp"

#include <gtest/gtest.h>

#include "ocpp/messages.hpp"

namespace busbar::ocpp {
namespace {

template <class Message>
std::string violation_of(const char* payload) {
    const auto message = decode<Message>(Json::parse(payload));
    if (message) return "none";
    return std::string(name_of(message.error().code)) + " " + message.error().detail;
}

TEST(JsonBridge, DecodesAMessageWithItsOptionals) {
    const auto message = decode<SetChargingProfileReq>(Json::parse(R"({
        "connectorId": 1, "csChargingProfiles": {
            "chargingProfileId": -7, "stackLevel": 3.0, "chargingProfilePurpose": "TxProfile",
            "chargingProfileKind": "Recurring", "recurrencyKind": "Weekly", "validFrom": "2026-11-22T13:00:00+01:00",
            "chargingSchedule": {"chargingRateUnit": "W", "duration": null,
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 11040}, {"startPeriod": 60, "limit": 6.1}]}}})"));
    ASSERT_TRUE(message) << message.error().detail;
    const ChargingProfile& profile = message->csChargingProfiles;
    EXPECT_EQ(profile.chargingProfileId, -7);
    EXPECT_EQ(profile.stackLevel, 3);
    EXPECT_EQ(profile.recurrencyKind, RecurrencyKindType::Weekly);
    EXPECT_EQ(profile.validFrom, parse_iso8601("2026-11-22T12:00:00Z"));
    EXPECT_FALSE(profile.validTo);
    EXPECT_FALSE(profile.transactionId);
    EXPECT_FALSE(profile.chargingSchedule.duration);
    ASSERT_EQ(profile.chargingSchedule.chargingSchedulePeriod.size(), 2U);
    EXPECT_EQ(profile.chargingSchedule.chargingSchedulePeriod[1].limit, 6.1);
}

TEST(JsonBridge, WhatIsMissingIsAProtocolError) {
    EXPECT_EQ(violation_of<ResetReq>("{}"), "ProtocolError type: is missing");
    EXPECT_EQ(violation_of<ResetReq>(R"({"type":null})"), "ProtocolError type: is missing");
    EXPECT_EQ(violation_of<RemoteStartTransactionReq>(R"({"idTag":"A","chargingProfile":{}})"),
              "ProtocolError chargingProfile.chargingProfileId: is missing");
}

TEST(JsonBridge, AWrongTypeIsATypeConstraintViolation) {
    const auto code = [](const std::string& text) { return text.substr(0, text.find(' ')); };
    constexpr const char* wrong = "TypeConstraintViolation";
    EXPECT_EQ(code(violation_of<ResetReq>("[]")), wrong);
    EXPECT_EQ(code(violation_of<ResetReq>(R"({"type":1})")), wrong);
    EXPECT_EQ(code(violation_of<RemoteStopTransactionReq>(R"({"transactionId":"1"})")), wrong);
    EXPECT_EQ(code(violation_of<RemoteStopTransactionReq>(R"({"transactionId":1.5})")), wrong);
    EXPECT_EQ(code(violation_of<RemoteStopTransactionReq>(R"({"transactionId":true})")), wrong);
    EXPECT_EQ(code(violation_of<GetConfigurationReq>(R"({"key":"A"})")), wrong);
    EXPECT_EQ(code(violation_of<GetConfigurationReq>(R"({"key":["A",{}]})")), wrong);
    EXPECT_EQ(code(violation_of<ChargingSchedulePeriod>(R"({"startPeriod":0,"limit":"6"})")), wrong);
    EXPECT_EQ(code(violation_of<HeartbeatConf>(R"({"currentTime":"soon"})")), wrong);
    EXPECT_EQ(code(violation_of<HeartbeatConf>(R"({"currentTime":1763812800})")), wrong);
    EXPECT_EQ(code(violation_of<KeyValue>(R"({"key":"A","readonly":"true"})")), wrong);
}

TEST(JsonBridge, TooLongOrNotAValueIsAPropertyConstraintViolation) {
    EXPECT_EQ(violation_of<AuthorizeReq>(R"({"idTag":"123456789012345678901"})"),
              "PropertyConstraintViolation idTag: longer than 20 characters");
    EXPECT_EQ(violation_of<AuthorizeReq>(R"({"idTag":"äöüßäöüßäöüßäöüßäöüß"})"), "none");
    EXPECT_EQ(violation_of<ResetReq>(R"({"type":"soft"})"),
              "PropertyConstraintViolation type: is not one of its values");
    EXPECT_EQ(violation_of<ResetReq>(R"({"type":"Soft\u0000er"})"),
              "PropertyConstraintViolation type: is not one of its values");
    EXPECT_EQ(violation_of<RemoteStopTransactionReq>(R"({"transactionId":2147483648})"),
              "PropertyConstraintViolation transactionId: does not fit 32 bits");
    EXPECT_EQ(violation_of<RemoteStopTransactionReq>(R"({"transactionId":-2147483648})"), "none");
    EXPECT_EQ(violation_of<RemoteStopTransactionReq>(R"({"transactionId":1e300})"),
              "PropertyConstraintViolation transactionId: does not fit 32 bits");
}

TEST(JsonBridge, IgnoresFieldsItDoesNotKnow) {
    EXPECT_EQ(violation_of<ResetReq>(R"({"vendor":{"x":[1]},"type":"Soft","customData":null})"), "none");
}

TEST(JsonBridge, EncodesInTheOrderOfTheMessageAndLeavesOutWhatIsEmpty) {
    StatusNotificationReq status;
    status.connectorId = 1;
    status.status = ChargePointStatus::SuspendedEV;
    status.info = "why";
    EXPECT_EQ(to_text(encode(status)),
              R"({"connectorId":1,"errorCode":"NoError","info":"why","status":"SuspendedEV"})");
    EXPECT_EQ(to_text(encode(HeartbeatReq{})), "{}");
    EXPECT_EQ(to_text(encode(StopTransactionConf{})), "{}");
}

TEST(JsonBridge, EncodesNumbersShortly) {
    EXPECT_EQ(to_text(encode(16.0)), "16");
    EXPECT_EQ(to_text(encode(6.1)), "6.1");
    EXPECT_EQ(to_text(encode(1.0 / 3)), "0.333");
    EXPECT_EQ(to_text(encode(1e307)),
              "1e+307");  // else a profile of that limit would not come back from the store
}

TEST(JsonBridge, WhatItEncodesItDecodesToTheSame) {
    ChargingProfile profile;
    profile.chargingProfileId = 4;
    profile.transactionId = -1;
    profile.validTo = parse_iso8601("2026-11-22T12:00:00.250Z");
    profile.chargingSchedule.chargingSchedulePeriod = {{0, 6.5, 1}, {60, 0, std::nullopt}};
    const Json once = encode(profile);
    const auto back = decode<ChargingProfile>(once);
    ASSERT_TRUE(back);
    EXPECT_EQ(encode(*back), once);
}

TEST(JsonBridge, BytesThatAreNoUtf8BecomeReplacementCharacters) {
    BootNotificationReq boot;
    boot.chargePointSerialNumber = "A\xFF\x80Z";
    const std::string text = to_text(encode(boot));
    EXPECT_TRUE(Json::accept(text));
    EXPECT_NE(text.find("A\xEF\xBF\xBD"), std::string::npos);
}

TEST(RecordField, FallsBackWhereItIsMissingOrOfAnotherType) {
    const Json record = Json::parse(R"({"number":7,"text":"abc","nothing":null})");
    EXPECT_EQ(field(record, "number", 0), 7);
    EXPECT_EQ(field(record, "text", 1), 1);
    EXPECT_EQ(field(record, "nothing", 2.5), 2.5);
    EXPECT_EQ(field(record, "absent", std::string("x")), "x");
    EXPECT_EQ(field(Json::parse("[1]"), "number", 3), 3);
}

}  // namespace
}  // namespace busbar::ocpp
