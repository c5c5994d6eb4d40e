// SPDX-License-Identifier: Apache-2.0
// Order, durability and bounded memory of the queue of transaction-related messages.
#include "ocpp/transaction_queue.hpp"

#include <gmock/gmock.h>
#include <rapidcheck.h>

#include "tests/ocpp/fake_store.hpp"

namespace busbar::ocpp {
namespace {

using Durability = TransactionQueue::Durability;
using test::FakeStore;

constexpr SteadyTime start{seconds(1000)};

/// A queue and its store; the host in between commits, then fetches pages.
class Queue {
  public:
    Queue() : queue(0, effects) { settle(); }
    explicit Queue(const FakeStore& kept) : store(kept), queue(kept.load().last_seq, effects) { settle(); }

    void add(const std::string& id, Durability durability = Durability::at_once, SteadyTime now = start) {
        queue.add({0, id, "MeterValues", "{}"}, durability, now, effects);
        settle();
    }
    std::string head(SteadyTime now = start) const {
        const auto* message = queue.head(now);
        return message == nullptr ? "none" : message->message_id;
    }
    std::string pop() {
        const std::string id = head();
        queue.pop(effects);
        settle();
        return id;
    }
    void tick(SteadyTime now) {
        queue.on_tick(now, effects);
        settle();
    }
    void settle() {
        while (!effects.empty()) {
            const Effects present = std::exchange(effects, {});
            store.commit(present);
            for (const auto& effect : present) {
                const auto* fetch = std::get_if<FetchMessages>(&effect);
                if (fetch == nullptr) continue;
                ++fetches;
                queue.on_page(store.page(*fetch), fetch->limit, effects);
            }
        }
    }

    FakeStore store;
    Effects effects;
    std::size_t fetches = 0;
    TransactionQueue queue;
};

TEST(TransactionQueue, GivesMessagesInTheOrderTheyCame) {
    Queue queue;
    EXPECT_TRUE(queue.queue.empty());
    EXPECT_EQ(queue.head(), "none");
    for (const char* id : {"a", "b", "c"}) queue.add(id);
    EXPECT_EQ(queue.pop(), "a");
    queue.add("d");
    EXPECT_EQ(queue.pop(), "b");
    EXPECT_EQ(queue.pop(), "c");
    EXPECT_EQ(queue.pop(), "d");
    EXPECT_TRUE(queue.queue.empty());
    EXPECT_EQ(queue.queue.last_seq(), 4);
    EXPECT_TRUE(queue.store.messages().empty());
}

TEST(TransactionQueue, WhatMustBeSavedIsSavedAtOnceWithAllBeforeIt) {
    Queue queue;
    queue.add("sample", Durability::soon);
    EXPECT_EQ(queue.store.messages().size(), 0U);
    queue.add("stop", Durability::at_once);
    EXPECT_EQ(queue.store.messages().size(), 2U);
    EXPECT_EQ(queue.queue.save_deadline(), std::nullopt);
}

TEST(TransactionQueue, ASampleConfirmedSoonNeverTouchesTheDisk) {
    Queue queue;
    queue.add("sample", Durability::soon);
    EXPECT_EQ(queue.queue.save_deadline(), start + 8s);
    queue.tick(start + 7s);
    EXPECT_EQ(queue.pop(), "sample");
    EXPECT_EQ(queue.store.writes(), 0U);
    EXPECT_EQ(queue.queue.save_deadline(), std::nullopt);
}

TEST(TransactionQueue, ASampleNobodyConfirmedIsSavedAfterEightSeconds) {
    Queue queue;
    queue.add("first", Durability::soon);
    queue.add("second", Durability::soon, start + 5s);
    queue.tick(start + 8s);
    EXPECT_EQ(queue.store.messages().size(), 2U);
    EXPECT_EQ(queue.pop(), "first");
    EXPECT_EQ(queue.pop(), "second");
    EXPECT_TRUE(queue.store.messages().empty());
}

TEST(TransactionQueue, ContinuesAfterARestartWithSequenceNumbersThatWereNeverUsed) {
    Queue before;
    for (const char* id : {"a", "b", "c"}) before.add(id);
    before.pop();
    Queue after(before.store);
    after.add("d");
    EXPECT_EQ(after.queue.last_seq(), 4);
    EXPECT_EQ(after.pop(), "b");
    EXPECT_EQ(after.pop(), "c");
    EXPECT_EQ(after.pop(), "d");
    EXPECT_TRUE(after.queue.empty());
}

TEST(TransactionQueue, AMessageSavedWhileThePageWasUnderWayIsNotLost) {
    FakeStore store;
    store.commit({SaveMessage{{1, "old", "StartTransaction", "{}"}}});
    Effects effects;
    TransactionQueue queue(1, effects);
    const auto fetch = std::get<FetchMessages>(effects.front());
    auto page = store.page(fetch);  // read before what comes now is saved
    effects.clear();
    queue.add({0, "new", "StopTransaction", "{}"}, Durability::at_once, start, effects);
    store.commit(effects);
    effects.clear();
    queue.on_page(std::move(page), fetch.limit, effects);
    EXPECT_FALSE(queue.empty());
    ASSERT_EQ(effects.size(), 1U);
    const auto again = std::get<FetchMessages>(effects.front());
    queue.on_page(store.page(again), again.limit, effects);
    queue.pop(effects);
    ASSERT_NE(queue.head(start), nullptr);
    EXPECT_EQ(queue.head(start)->message_id, "new");
}

TEST(TransactionQueue, RetriesWaitLongerWithEachCallError) {
    Queue queue;
    queue.add("a");
    EXPECT_EQ(queue.queue.head_failed(start, 60s), 1);
    EXPECT_EQ(queue.queue.retry_at(), start + 60s);
    EXPECT_EQ(queue.head(start + 59s), "none");
    EXPECT_EQ(queue.head(start + 60s), "a");
    EXPECT_EQ(queue.queue.head_failed(start + 60s, 60s), 2);
    EXPECT_EQ(queue.head(start + 179s), "none");
    EXPECT_EQ(queue.head(start + 180s), "a");
}

TEST(TransactionQueue, SilenceCountsForItselfAndTheNextMessageBeginsAnew) {
    Queue queue;
    queue.add("a");
    queue.add("b");
    EXPECT_EQ(queue.queue.head_unanswered(start, 60s), 1);
    EXPECT_EQ(queue.queue.head_unanswered(start + 90s, 60s), 2);
    EXPECT_EQ(queue.queue.retry_at(), start + 150s);
    EXPECT_EQ(queue.queue.head_failed(start, 60s), 1);
    queue.queue.forget_waits();
    EXPECT_EQ(queue.pop(), "a");
    EXPECT_EQ(queue.head(), "b");
    EXPECT_EQ(queue.queue.head_failed(start, 60s), 1);
    EXPECT_EQ(queue.queue.head_unanswered(start, 60s), 1);
}

TEST(TransactionQueue, TwoHundredThousandMessagesLieInTheStoreNotInMemory) {
    constexpr int many = 200'000;
    Queue queue;
    for (int i = 0; i < many; ++i) {
        queue.add(std::to_string(i), i % 3 == 0 ? Durability::at_once : Durability::soon, start);
    }
    // Memory holds a window at the head and at most a window of unsaved samples at the tail.
    EXPECT_GE(queue.store.messages().size(), many - 2 * TransactionQueue::window_size);
    EXPECT_LE(sizeof(TransactionQueue), 1000U);

    Queue restarted(queue.store);
    const auto kept = restarted.store.messages().size();
    for (std::size_t i = 0; i < kept; ++i) ASSERT_EQ(restarted.pop(), std::to_string(i));
    EXPECT_TRUE(restarted.queue.empty());
    EXPECT_TRUE(restarted.store.messages().empty());
    EXPECT_LE(restarted.fetches, many / (TransactionQueue::window_size / 2));
}

TEST(TransactionQueue, WhateverHappensNothingIsLostDoubledOrSwapped) {
    EXPECT_TRUE(rc::check("against a plain list", [] {
        Queue queue;
        int added = 0;
        int popped = 0;
        SteadyTime now = start;
        for (const int what : *rc::gen::container<std::vector<int>>(600, rc::gen::inRange(0, 10))) {
            now += seconds(1);
            if (what < 5) {
                queue.add(std::to_string(added++), what < 2 ? Durability::at_once : Durability::soon, now);
            } else if (what < 8 && popped < added) {
                RC_ASSERT(queue.pop() == std::to_string(popped++));
            } else if (what == 8) {
                queue.tick(now);
            }
            RC_ASSERT(queue.queue.empty() == (popped == added));
            const auto deadline = queue.queue.save_deadline();
            RC_ASSERT(!deadline || *deadline <= now + TransactionQueue::save_within);
        }
        while (popped < added) RC_ASSERT(queue.pop() == std::to_string(popped++));
        RC_ASSERT(queue.store.messages().empty());
    }));
}

}  // namespace
}  // namespace busbar::ocpp
