// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/store/pending.hpp"

namespace busbar::gateway {
namespace {

constexpr auto most = static_cast<std::int64_t>(PendingChanges::most_samples);

TEST(PendingChanges, ManyWordsOnOneRecordTakeTheRoomOfOne) {
    PendingChanges pending;
    for (int i = 0; i < 1000; ++i) pending.put("CP1", {"transaction", "1", std::to_string(i)});
    ASSERT_EQ(pending.records().size(), 1U);
    EXPECT_EQ(pending.records().begin()->second, "999");
}

TEST(PendingChanges, GivesUpTheOldestSampleAndNeverATransactionMessage) {
    PendingChanges pending;
    ASSERT_TRUE(pending.enqueue("CP1", {1, "a", "StartTransaction", "{}"}));
    for (std::int64_t seq = 2; seq < 2 + most; ++seq)
        ASSERT_TRUE(pending.enqueue("CP1", {seq, "", "MeterValues", "{}"}));
    EXPECT_FALSE(pending.enqueue("CP2", {1, "", "MeterValues", "{}"}));
    ASSERT_TRUE(pending.enqueue("CP1", {9999, "z", "StopTransaction", "{}"}));
    EXPECT_EQ(pending.queue().size(), PendingChanges::most_samples + 2);
    EXPECT_EQ(pending.queue().at(0).entering->action, "StartTransaction");
    EXPECT_EQ(pending.queue().at(1).seq, 3);
    EXPECT_EQ(pending.queue().back().entering->action, "StopTransaction");
}

TEST(PendingChanges, HasRoomForSamplesAgainAfterACommit) {
    PendingChanges pending;
    for (std::int64_t seq = 1; seq <= most; ++seq)
        ASSERT_TRUE(pending.enqueue("CP1", {seq, "", "MeterValues", "{}"}));
    pending.clear();
    EXPECT_TRUE(pending.empty());
    EXPECT_TRUE(pending.enqueue("CP1", {most + 1, "", "MeterValues", "{}"}));
}

}  // namespace
}  // namespace busbar::gateway
