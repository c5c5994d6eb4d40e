// SPDX-License-Identifier: Apache-2.0
// Which CALL may leave, and that only one is ever outstanding.
#include "ocpp/call_queue.hpp"

#include <gtest/gtest.h>

namespace busbar::ocpp {
namespace {

constexpr SteadyTime now{seconds(1000)};

class Calls : public testing::Test {
  protected:
    void push(const std::string& id, const std::string& action = "StatusNotification",
              bool triggered = false) {
        calls.push({id, action, "{}", triggered, 0, 0});
    }
    void add(const std::string& id) {
        calls.transactions().add({0, id, "MeterValues", "{}"}, TransactionQueue::Durability::at_once, now,
                                 effects);
    }
    [[nodiscard]] std::string next(Allowed allowed = Allowed::everything) const {
        const auto call = calls.next(now, allowed);
        return call ? call->id : "none";
    }
    /// Sends what is next and has it answered.
    std::string exchange() {
        const auto call = calls.next(now, Allowed::everything);
        if (!call) return "none";
        calls.sent(*call, now + 30s);
        calls.answered(call->id);
        if (call->seq > 0) calls.transactions().pop(effects);
        return call->id;
    }

    Effects effects;
    CallQueue calls{0, effects};
};

TEST_F(Calls, OneIsOutstandingAtATime) {
    push("a");
    push("b");
    calls.sent(*calls.next(now, Allowed::everything), now + 30s);
    EXPECT_EQ(next(), "none");
    EXPECT_EQ(calls.outstanding()->id, "a");
    EXPECT_EQ(calls.answer_deadline(), now + 30s);
    EXPECT_FALSE(calls.answered("b"));
    EXPECT_TRUE(calls.answered("a"));
    EXPECT_FALSE(calls.answered("a"));  // twice
    EXPECT_EQ(next(), "b");
}

TEST_F(Calls, StayUntilTheyAreSent) {
    push("a");
    EXPECT_EQ(next(), "a");
    EXPECT_EQ(next(), "a");
    EXPECT_TRUE(calls.has("StatusNotification"));
    calls.sent(*calls.next(now, Allowed::everything), now + 30s);
    EXPECT_TRUE(calls.has("StatusNotification"));  // its answer is awaited
    calls.answered("a");
    EXPECT_FALSE(calls.has("StatusNotification"));
}

TEST_F(Calls, TheRegistrationSaysWhatMayGo) {
    push("status");
    push("trigger", "StatusNotification", true);
    push("boot", "BootNotification");
    EXPECT_EQ(next(Allowed::nothing), "none");
    EXPECT_EQ(next(Allowed::boot), "boot");
    EXPECT_EQ(next(Allowed::triggered), "trigger");
    EXPECT_EQ(next(Allowed::everything), "status");
    add("start");
    calls.sent({"trigger", "", "", true, 0, 0}, now);
    calls.answered("trigger");
    EXPECT_EQ(next(Allowed::triggered), "boot");
    calls.sent({"boot", "", "", false, 0, 0}, now);
    calls.answered("boot");
    EXPECT_EQ(next(Allowed::triggered), "none");  // transaction messages wait for Accepted
}

TEST_F(Calls, LeaveInTheOrderTheyWereMadeWhileOnline) {
    push("preparing");
    add("start");
    push("charging");
    EXPECT_EQ(exchange(), "preparing");
    EXPECT_EQ(exchange(), "start");
    EXPECT_EQ(exchange(), "charging");
}

TEST_F(Calls, OvertakeTheBacklogOfAnEarlierConnection) {
    add("start");
    add("stop");
    calls.on_accepted();
    push("status");
    add("start-2");
    push("status-2");
    EXPECT_EQ(exchange(), "status");
    EXPECT_EQ(exchange(), "status-2");
    EXPECT_EQ(exchange(), "start");
    EXPECT_EQ(exchange(), "stop");
    push("status-3");
    EXPECT_EQ(exchange(), "start-2");
    EXPECT_EQ(exchange(), "status-3");
}

TEST_F(Calls, OvertakeAHeadThatWaitsForItsRetry) {
    add("start");
    push("status");
    calls.transactions().head_failed(now, 60s);
    EXPECT_EQ(exchange(), "status");
    EXPECT_EQ(exchange(), "none");
}

TEST_F(Calls, TimeOut) {
    push("a");
    calls.sent(*calls.next(now, Allowed::everything), now + 30s);
    EXPECT_FALSE(calls.expired(now + 29s));
    EXPECT_EQ(calls.expired(now + 30s)->id, "a");
    EXPECT_FALSE(calls.expired(now + 31s));
    EXPECT_FALSE(calls.answered("a"));
    EXPECT_EQ(calls.answer_deadline(), std::nullopt);
}

TEST_F(Calls, OrdinaryOnesDoNotOutliveTheLink) {
    push("a");
    add("start");
    push("b");
    calls.sent(*calls.next(now, Allowed::everything), now + 30s);
    calls.transactions().head_failed(now, 60s);
    EXPECT_EQ(calls.on_link_lost()->id, "a");
    EXPECT_EQ(exchange(), "start");  // at once: a new connection waits for no retry
    EXPECT_EQ(exchange(), "none");
}

TEST_F(Calls, TheOldestStatusOrHeartbeatGivesWayWhenTooManyWait) {
    push("authorize", "Authorize");
    push("first");
    for (std::size_t i = 2; i < CallQueue::most_waiting; ++i) push("status" + std::to_string(i));
    push("one more");
    EXPECT_EQ(exchange(), "authorize");
    EXPECT_EQ(exchange(), "status2");
    std::string last;
    for (std::string id = exchange(); id != "none"; id = exchange()) last = id;
    EXPECT_EQ(last, "one more");

    for (std::size_t i = 0; i <= CallQueue::most_waiting; ++i) push(std::to_string(i), "Authorize");
    EXPECT_EQ(exchange(), "1");
}

}  // namespace
}  // namespace busbar::ocpp
