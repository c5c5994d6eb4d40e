// SPDX-License-Identifier: Apache-2.0
#include "gateway/dial_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

using testing::ElementsAre;
using testing::Optional;

constexpr SteadyTime t0{100s};

class DialQueueTest : public testing::Test {
  protected:
    /// Waits are the shortest: 0.5 s, 1 s, 2 s, ... 60 s; for duplicates 4 s, 8 s, ...
    DialQueue queue{1s, 120s, [] { return 0.0; }};

    /// Who starts within the time, one attempt a millisecond, as the loop's timer would.
    std::vector<std::pair<DialQueue::Caller, milliseconds>> starts(SteadyTime from, milliseconds within) {
        std::vector<std::pair<DialQueue::Caller, milliseconds>> found;
        for (milliseconds at{0}; at <= within; at += 1ms) {
            if (const auto caller = queue.start_next(from + at)) found.emplace_back(*caller, at);
        }
        return found;
    }
};

TEST_F(DialQueueTest, LetsTwoDialAtOnceAndNoMore) {
    const auto a = queue.join(), b = queue.join(), c = queue.join();
    for (const auto caller : {a, b, c}) queue.want_now(caller, t0);
    EXPECT_THAT(starts(t0, 5s), ElementsAre(std::pair(a, 0ms), std::pair(b, 250ms)));
    queue.succeeded(a, t0 + 6s);
    EXPECT_THAT(starts(t0 + 6s, 1s), ElementsAre(std::pair(c, 0ms)));
}

TEST_F(DialQueueTest, StartsAre250MillisecondsApartEvenWhenDialsEndAtOnce) {
    const auto a = queue.join(), b = queue.join(), c = queue.join();
    for (const auto caller : {a, b, c}) queue.want_now(caller, t0);
    ASSERT_EQ(queue.start_next(t0), a);
    queue.succeeded(a, t0 + 10ms);
    EXPECT_THAT(starts(t0 + 10ms, 239ms), ElementsAre());
    EXPECT_EQ(queue.next_deadline(), t0 + 250ms);
    ASSERT_EQ(queue.start_next(t0 + 250ms), b);
    queue.succeeded(b, t0 + 251ms);
    EXPECT_EQ(queue.next_deadline(), t0 + 500ms);
}

TEST_F(DialQueueTest, ServesInTheOrderOfComingDue) {
    const auto a = queue.join(), b = queue.join(), c = queue.join();
    queue.want_now(c, t0 + 20ms);
    queue.want_now(a, t0 + 10ms);
    queue.want_now(b, t0);
    EXPECT_EQ(queue.start_next(t0 + 1s), b);
    EXPECT_EQ(queue.start_next(t0 + 2s), a);
    queue.succeeded(a, t0 + 2s);
    EXPECT_EQ(queue.start_next(t0 + 3s), c);
}

TEST_F(DialQueueTest, AFailureWaitsItsBackOffOut) {
    const auto a = queue.join();
    queue.want_now(a, t0);
    ASSERT_EQ(queue.start_next(t0), a);
    queue.want_after_failure(a, t0 + 1s);
    EXPECT_EQ(queue.due(a), t0 + 1500ms);
    EXPECT_EQ(queue.start_next(t0 + 1499ms), std::nullopt);
    ASSERT_EQ(queue.start_next(t0 + 1500ms), a);
    queue.want_after_failure(a, t0 + 2s);
    EXPECT_EQ(queue.due(a), t0 + 3s);
}

TEST_F(DialQueueTest, OneSuccessEndsEverybodysBackOff) {
    const auto a = queue.join(), b = queue.join(), c = queue.join();
    for (int i = 0; i < 20; ++i) {
        queue.want_after_failure(a, t0);
        queue.want_after_failure(b, t0);
    }
    ASSERT_EQ(queue.due(a), t0 + 60s);
    queue.want_now(c, t0);
    ASSERT_EQ(queue.start_next(t0), c);
    queue.succeeded(c, t0 + 1s);
    EXPECT_THAT(starts(t0 + 1s, 1s), ElementsAre(std::pair(a, 0ms), std::pair(b, 250ms)));
    queue.want_after_failure(a, t0 + 5s);
    EXPECT_EQ(queue.due(a), t0 + 5s + 500ms);
}

TEST_F(DialQueueTest, ADuplicateIsPatientWhateverOthersAchieve) {
    const auto a = queue.join(), b = queue.join();
    queue.want_after_duplicate(a, t0);
    EXPECT_EQ(queue.due(a), t0 + 4s);
    queue.want_now(b, t0);
    ASSERT_EQ(queue.start_next(t0), b);
    queue.succeeded(b, t0 + 1s);
    EXPECT_EQ(queue.due(a), t0 + 4s);
    queue.want_after_duplicate(a, t0 + 5s);
    EXPECT_EQ(queue.due(a), t0 + 13s);
    queue.want_after_failure(a, t0 + 20s);
    queue.want_after_duplicate(a, t0 + 21s);
    EXPECT_EQ(queue.due(a), t0 + 25s);
}

TEST_F(DialQueueTest, AskingForATurnNowEndsTheWait) {
    const auto a = queue.join();
    queue.want_after_duplicate(a, t0);
    queue.want_now(a, t0 + 1s);
    EXPECT_EQ(queue.start_next(t0 + 1s), a);
    EXPECT_EQ(queue.due(a), std::nullopt);
}

TEST_F(DialQueueTest, WhoLeavesInTheMiddleOfADialMakesRoom) {
    const auto a = queue.join(), b = queue.join(), c = queue.join();
    for (const auto caller : {a, b, c}) queue.want_now(caller, t0);
    starts(t0, 1s);
    EXPECT_EQ(queue.next_deadline(), std::nullopt);
    queue.leave(a);
    EXPECT_EQ(queue.start_next(t0 + 2s), c);
    queue.withdraw(b);
    queue.leave(c);
    EXPECT_EQ(queue.next_deadline(), std::nullopt);
}

TEST_F(DialQueueTest, HurryCutsTheWaitsShortButNotThoseOfSupposedDuplicates) {
    const auto a = queue.join(), b = queue.join();
    queue.want_after_failure(a, t0);
    queue.want_after_duplicate(b, t0);
    queue.hurry(t0 + 1ms);
    EXPECT_EQ(queue.due(a), t0 + 1ms);
    EXPECT_GE(queue.due(b), t0 + 4s);
}

TEST_F(DialQueueTest, AHundredDialEvenlyAndNobodyStarves) {
    std::map<DialQueue::Caller, int> turns;
    for (int i = 0; i < 100; ++i) queue.want_now(queue.join(), t0);
    for (milliseconds at{0}; at < 100s; at += 10ms) {
        if (const auto caller = queue.start_next(t0 + at)) {
            ++turns[*caller];
            queue.want_after_failure(*caller, t0 + at);
        }
    }
    ASSERT_EQ(turns.size(), 100U);
    for (const auto& [caller, count] : turns) EXPECT_GE(count, 3) << caller;
}

TEST_F(DialQueueTest, HurryEndsBackOffsButNoWaitOfADuplicate) {
    const auto a = queue.join(), b = queue.join();
    queue.want_after_failure(a, t0);
    queue.want_after_failure(a, t0);
    queue.want_after_duplicate(b, t0);
    queue.hurry(t0 + 100ms);
    EXPECT_EQ(queue.due(a), t0 + 100ms);
    EXPECT_EQ(queue.due(b), t0 + 4s);
}

}  // namespace
}  // namespace busbar::gateway
