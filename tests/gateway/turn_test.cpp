// SPDX-License-Identifier: Apache-2.0
// A turn ends with one commit, and a disk that takes nothing is not tried at every turn.
#include "gateway/turn.hpp"

#include <gmock/gmock.h>

#include "host_fakes.hpp"

namespace busbar::gateway {
namespace {

using testing::ElementsAre;

struct FakeMember final : TurnMember {
    void end_turn(bool committed) override { told.push_back(committed); }
    std::vector<bool> told;
};

class TurnTest : public testing::Test {
  protected:
    void turn_of(TurnMember& one) {
        store.put("CP1", {"configuration", "HeartbeatInterval", "60"});
        turn.join(one);
        end_turns();
    }
    void end_turns() {
        while (!ends.empty()) {
            for (const auto& end : std::exchange(ends, {})) end();
        }
    }
    void retry() {
        std::exchange(later, nullptr)();
        end_turns();
    }

    FakeStore store;
    std::vector<std::function<void()>> ends;
    std::vector<milliseconds> waits;
    std::function<void()> later;
    double random = 0;
    Turn turn{store, [this](auto function) { ends.push_back(std::move(function)); },
              [this](milliseconds wait, auto function) {
                  waits.push_back(wait);
                  later = std::move(function);
              },
              [this] { return random; }, Log()};
    FakeMember member;
};

TEST_F(TurnTest, ABrokenDiskIsTriedOnceAWaitHoweverManyTurnsEndMeanwhile) {
    store.broken = true;
    for (int i = 0; i < 100; ++i) turn_of(member);
    EXPECT_EQ(store.attempts, 1);
    EXPECT_EQ(member.told, std::vector<bool>(100, false)) << "frames that need no disk leave with each turn";
    retry();
    EXPECT_EQ(store.attempts, 2);
    turn_of(member);
    EXPECT_EQ(store.attempts, 2);
}

TEST_F(TurnTest, TheWaitsGrowWithJitterAndStayWithinASecond) {
    store.broken = true;
    turn_of(member);
    retry();
    retry();
    random = 0.999;
    for (int i = 0; i < 4; ++i) retry();
    EXPECT_THAT(waits, ElementsAre(62ms, 125ms, 250ms, 999ms, 999ms, 999ms, 999ms));
}

TEST_F(TurnTest, TheFirstTryAfterTheDiskHealsSavesAndTellsAndTheNextFailureBeginsAnew) {
    store.broken = true;
    turn_of(member);
    retry();
    store.broken = false;
    member.told.clear();
    retry();
    EXPECT_THAT(member.told, ElementsAre(true));
    EXPECT_THAT(store.records, testing::SizeIs(1));
    turn_of(member);
    EXPECT_EQ(store.attempts, 4);
    store.broken = true;
    turn_of(member);
    EXPECT_EQ(waits.back(), 62ms);
}

}  // namespace
}  // namespace busbar::gateway
