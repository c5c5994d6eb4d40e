// SPDX-License-Identifier: Apache-2.0
// Tokens in stored payloads, and what they become when the message leaves.
#include "ocpp/deferred.hpp"

#include <gtest/gtest.h>

#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using test::now_at;

/// Knows one transaction, start-1, and its id; start-2 waits for its answer; every other was forgotten.
Resolver resolver_at(SteadyEpoch::duration since_start, int id = 42) {
    return {[id](std::string_view start) -> std::optional<int> {
                if (start == "start-1") return id;
                return start == "start-2" ? std::nullopt : std::optional(-1);
            },
            "run1", now_at(since_start)};
}

std::string token_at(SteadyEpoch::duration since_start, std::string_view run) {
    return time_token({test::test_start + since_start, std::nullopt}, run);
}

TEST(Deferred, FillsInTheTransactionIdAsANumber) {
    const std::string payload = R"({"transactionId":")" + transaction_token("start-1") + R"("})";
    EXPECT_EQ(transaction_of(payload), "start-1");
    EXPECT_EQ(resolve(payload, resolver_at(0s)), R"({"transactionId":42})");
    EXPECT_EQ(resolve(payload, resolver_at(0s, 0)), R"({"transactionId":0})");
    EXPECT_EQ(resolve(payload, resolver_at(0s, -7)), R"({"transactionId":-7})");
}

TEST(Deferred, WaitsWhileStartTransactionHasNoAnswer) {
    EXPECT_FALSE(resolve(R"({"transactionId":")" + transaction_token("start-2") + R"("})", resolver_at(0s)));
}

TEST(Deferred, AKnownTimeIsNoToken) {
    EXPECT_EQ(time_token({test::test_start, test::utc_at(test::test_start)}, "run1"),
              "2026-11-22T12:00:00.000Z");
}

TEST(Deferred, ConvertsASteadyTimeOfThisRun) {
    const std::string payload = R"({"timestamp":")" + token_at(10s, "run1") + R"("})";
    EXPECT_EQ(resolve(payload, resolver_at(600s)), R"({"timestamp":"2026-11-22T12:00:10.000Z"})");

    Resolver clockless = resolver_at(600s);
    clockless.now.utc.reset();
    EXPECT_FALSE(resolve(payload, clockless));
}

TEST(Deferred, ATimeOfAnEarlierRunBecomesThePresentNever1970) {
    const std::string payload = R"({"timestamp":")" + token_at(10s, "run0") + R"("})";
    EXPECT_EQ(resolve(payload, resolver_at(600s)), R"({"timestamp":"2026-11-22T12:10:00.000Z"})");
    EXPECT_EQ(resolve(R"({"timestamp":"steady:nonsense"})", resolver_at(0s)),
              R"({"timestamp":"2026-11-22T12:00:00.000Z"})");
}

TEST(Deferred, TellsWhenThatHappenedWhichAMessageTellsOf) {
    const auto now = now_at(600s);
    const auto at = [&](const std::string& payload) { return happened_at(payload, "run1", now); };
    const auto then = test::test_start + 10s;
    EXPECT_EQ(at(R"({"timestamp":")" + token_at(10s, "run1") + R"("})"), then);
    EXPECT_EQ(at(R"({"timestamp":"2026-11-22T12:00:10.000Z"})"), then);
    EXPECT_EQ(
        at(R"({"meterValue":[{"timestamp":"2026-11-22T12:00:10Z"},{"timestamp":"2026-11-22T12:00:20Z"}]})"),
        then);
    for (const auto& none : {token_at(10s, "run0"), std::string("nonsense"), std::string("steady:")})
        EXPECT_FALSE(at(R"({"timestamp":")" + none + R"("})")) << none;
    for (const char* odd :
         {"", "5", "[]", "{}", R"({"timestamp":5})", R"({"meterValue":[]})", R"({"meterValue":[5]})"})
        EXPECT_FALSE(at(odd)) << odd;
    EXPECT_FALSE(happened_at(R"({"timestamp":"2026-11-22T12:00:10Z"})", "run1", {now.steady, std::nullopt}));
}

TEST(Deferred, ReachesTheSamplesInsideAndKeepsTheOrderOfFields) {
    const std::string time = token_at(20s, "run1");
    const std::string payload = R"({"meterStop":5,"transactionData":[{"timestamp":")" + time +
                                R"(","sampledValue":[{"value":"1"}]}],"meterValue":[{"timestamp":")" + time +
                                R"("}]})";
    EXPECT_EQ(resolve(payload, resolver_at(600s)),
              R"({"meterStop":5,"transactionData":[{"timestamp":"2026-11-22T12:00:20.000Z",)"
              R"("sampledValue":[{"value":"1"}]}],"meterValue":[{"timestamp":"2026-11-22T12:00:20.000Z"}]})");
}

TEST(Deferred, ATagThatLooksLikeATokenIsLeftAlone) {
    const std::string payload = R"({"idTag":"transaction:start-1","info":"steady:1@run1"})";
    EXPECT_EQ(resolve(payload, resolver_at(0s)), payload);
    EXPECT_EQ(transaction_of(payload), "");
}

TEST(Deferred, ADamagedPayloadBecomesAnEmptyObject) {
    EXPECT_EQ(resolve("{\"a\":", resolver_at(0s)), "{}");
    EXPECT_EQ(transaction_of("[]"), "");
    EXPECT_EQ(transaction_of(R"({"transactionId":7})"), "");
}

}  // namespace
}  // namespace busbar::ocpp
