// SPDX-License-Identifier: Apache-2.0
// The three frames, and everything that is none of them.
#include "ocpp/frame.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace busbar::ocpp {
namespace {

/// What parse_frame makes of `text`, in one line.
std::string reading_of(std::string_view text) {
    const Frame frame = parse_frame(text);
    if (const auto* call = std::get_if<Call>(&frame))
        return "call " + call->id + " " + call->action + " " + call->payload.dump();
    if (const auto* result = std::get_if<CallResult>(&frame))
        return "result " + result->id + " " + result->payload.dump();
    if (const auto* error = std::get_if<CallError>(&frame))
        return "error " + error->id + " " + error->code + " " + error->description;
    const auto& bad = std::get<BadFrame>(frame);
    if (!bad.answer) return "drop";
    return "bad " + bad.id + " " + std::string(name_of(bad.code));
}

TEST(Frame, ReadsTheThreeKinds) {
    EXPECT_EQ(reading_of(R"([2,"17","Reset",{"type":"Soft"}])"), R"(call 17 Reset {"type":"Soft"})");
    EXPECT_EQ(reading_of(R"([3,"17",{"status":"Accepted"}])"), R"(result 17 {"status":"Accepted"})");
    EXPECT_EQ(reading_of(R"([4,"17","InternalError","oh",{}])"), "error 17 InternalError oh");
}

TEST(Frame, TakesNullOrNothingForAnEmptyPayload) {
    EXPECT_EQ(reading_of(R"([2,"17","GetConfiguration"])"), "call 17 GetConfiguration {}");
    EXPECT_EQ(reading_of(R"([2,"17","GetConfiguration",null])"), "call 17 GetConfiguration {}");
    EXPECT_EQ(reading_of(R"([3,"17",null])"), "result 17 {}");
    EXPECT_EQ(reading_of(R"([3,"17"])"), "result 17 {}");
    EXPECT_EQ(reading_of(R"([4,"17"])"), "error 17  ");
    EXPECT_EQ(reading_of(R"([4,"17",5,6])"), "error 17  ");
}

TEST(Frame, WhatIsNoJsonArrayIsAGenericErrorWithoutAnId) {
    for (const char* text : {"", "hello", "[2,", "{}", "[]", "null", R"(["2","17","Reset",{}])", "[2.5]",
                             "[2,\"a\xFF\",\"Reset\",{}]", "[2,\"17\",\"Reset\",{\"a\":1e999}]", "[2]x"}) {
        EXPECT_EQ(reading_of(text), "bad -1 GenericError") << text;
    }
}

TEST(Frame, DropsMessageTypesItDoesNotKnow) {
    EXPECT_EQ(reading_of(R"([5,"17","Reset",{}])"), "drop");
    EXPECT_EQ(reading_of(R"([-2,"17"])"), "drop");
    EXPECT_EQ(reading_of("[18446744073709551615]"), "drop");
}

TEST(Frame, AMessageIdIsAStringOfOneTo36Characters) {
    const std::string longest(36, 'x');
    EXPECT_EQ(reading_of("[2,\"" + longest + "\",\"Reset\",{}]"), "call " + longest + " Reset {}");
    EXPECT_EQ(reading_of("[2,\"" + longest + "x\",\"Reset\",{}]"), "bad -1 FormationViolation");
    EXPECT_EQ(reading_of(R"([2,"","Reset",{}])"), "bad -1 FormationViolation");
    EXPECT_EQ(reading_of(R"([2,17,"Reset",{}])"), "bad -1 FormationViolation");
    EXPECT_EQ(reading_of(R"([2])"), "bad -1 FormationViolation");
    EXPECT_EQ(reading_of(R"([3,17,{}])"), "drop");  // an answer is never answered
    EXPECT_EQ(reading_of(R"([4])"), "drop");
}

TEST(Frame, ACallNeedsAnActionAndAnObject) {
    EXPECT_EQ(reading_of(R"([2,"17"])"), "bad 17 FormationViolation");
    EXPECT_EQ(reading_of(R"([2,"17",7,{}])"), "bad 17 FormationViolation");
    EXPECT_EQ(reading_of(R"([2,"17","Reset",[]])"), "bad 17 FormationViolation");
    EXPECT_EQ(reading_of(R"([2,"17","Reset","{}"])"), "bad 17 FormationViolation");
}

TEST(Frame, RefusesDeepNestingBeforeItIsParsed) {
    const auto nested = [](std::size_t depth) {
        return R"([2,"17","Reset",{"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}]";
    };
    EXPECT_EQ(reading_of(nested(14)).substr(0, 4), "call");
    EXPECT_EQ(reading_of(nested(15)), "bad -1 GenericError");
    EXPECT_EQ(reading_of(nested(1'000'000)), "bad -1 GenericError");
    EXPECT_EQ(reading_of(R"([2,"17","Reset",{"a":"[[[[[[[[[[[[[[[[[[[[\"[[[[[[["}])").substr(0, 4), "call");
}

TEST(Frame, WritesWhatItReads) {
    EXPECT_EQ(call_frame("run-1", "Heartbeat", "{}"), R"([2,"run-1","Heartbeat",{}])");
    EXPECT_EQ(result_frame("a\"b", R"({"x":1})"), R"([3,"a\"b",{"x":1}])");
    EXPECT_EQ(error_frame("17", CallErrorCode::NotImplemented, "no \"such\""),
              R"([4,"17","NotImplemented","no \"such\"",{}])");
    const std::string long_words = error_frame("17", CallErrorCode::GenericError, std::string(300, 'w'));
    EXPECT_EQ(std::count(long_words.begin(), long_words.end(), 'w'), 255);
}

TEST(Frame, NeverThrowsWhateverTheBytes) {
    EXPECT_TRUE(rc::check("random bytes", [](const std::string& bytes) { reading_of(bytes); }));
    EXPECT_TRUE(rc::check("a frame with one byte changed", [] {
        std::string text =
            R"([2,"17","SetChargingProfile",{"connectorId":1,"a":[1.5e3,"\u00e4",null,true]}])";
        text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
        reading_of(text);
    }));
}

}  // namespace
}  // namespace busbar::ocpp
