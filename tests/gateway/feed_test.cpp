// SPDX-License-Identifier: Apache-2.0
// One feed of 32 A and its chargers, step by step.
#include "gateway/feed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace busbar::gateway {
namespace {

/// Chargers of 16 A that do what they are told when the test says so.
class FeedTest : public ::testing::Test {
  protected:
    FeedMember& add(const std::string& id, double when_lost = 0) {
        FeedMember member{id, {}, Amperes(16), Amperes(when_lost)};
        member.view.minimum = Amperes(6);
        return members.emplace_back(std::move(member));
    }

    /// Reviews, and lets the charge points want what they may.
    void review() {
        for (const auto& grant : feed.review(members)) ceilings[grant.charge_point] = grant.ceiling.value();
        for (auto& one : members) {
            const double limit = std::min(one.view.demand.value(), ceilings[one.charge_point]);
            const Amperes wanted(limit < 6 ? 0 : limit);
            one.view.confirmed = one.view.confirmed && one.view.wanted == wanted;
            one.view.wanted = wanted;
        }
    }
    void confirm(std::size_t i) { members[i].view.confirmed = true; }
    void confirm_all() {
        for (std::size_t i = 0; i < members.size(); ++i) confirm(i);
    }
    void demand(std::size_t i, double amperes) { members[i].view.demand = Amperes(amperes); }
    double ceiling(std::size_t i) { return ceilings[members[i].charge_point]; }

    void settle() {
        for (int i = 0; i < 4; ++i) {
            review();
            confirm_all();
        }
    }

    Feed feed{Amperes(32)};
    std::vector<FeedMember> members;
    std::map<std::string, double> ceilings;
};

TEST_F(FeedTest, NobodyIsRaisedBeforeTheOthersHaveSaidThatTheyArePaused) {
    for (const char* id : {"A", "B", "C"}) add(id);
    demand(0, 16);
    review();
    EXPECT_EQ(ceiling(0), 0) << "B and C may be offering 16 A each";
    confirm(1);
    review();
    EXPECT_EQ(ceiling(0), 16) << "16 A are left beside C";
}

TEST_F(FeedTest, WhatOneGivesUpIsGivenOnOnlyWhenItsChargerHasConfirmedIt) {
    for (const char* id : {"A", "B", "C"}) add(id);
    settle();
    demand(0, 16);
    demand(1, 16);
    settle();
    EXPECT_EQ(ceiling(0) + ceiling(1), 32);

    demand(2, 16);
    review();
    EXPECT_NEAR(ceiling(0), 32.0 / 3, 1e-9);
    EXPECT_EQ(ceiling(2), 0);
    confirm(0);
    review();
    EXPECT_NEAR(ceiling(2), 16 - 32.0 / 3, 1e-9) << "below its minimum: it still waits";
    confirm(1);
    review();
    EXPECT_NEAR(ceiling(2), 32.0 / 3, 1e-9);
}

TEST_F(FeedTest, WhoeverWouldGetLessThanTheMinimumWaitsInTheOrderOfTheDemands) {
    for (const char* id : {"A", "B", "C", "D", "E", "F"}) add(id);
    settle();
    for (const std::size_t i : {5U, 4U, 3U, 2U, 1U, 0U}) {
        demand(i, 16);
        settle();
    }
    EXPECT_EQ(ceiling(0), 0) << "the last to ask; five have 6.4 A each";
    EXPECT_DOUBLE_EQ(ceiling(5), 6.4);
    demand(3, 0);
    settle();
    EXPECT_DOUBLE_EQ(ceiling(0), 6.4);
}

TEST_F(FeedTest, ALostChargerCountsWithWhatItFallsBackTo) {
    add("A", 16);
    add("B", 6);
    add("C", 0);
    settle();
    for (const std::size_t i : {0U, 1U, 2U}) demand(i, 16);
    settle();
    members[0].view.lost = true;
    settle();
    EXPECT_EQ(ceiling(1) + ceiling(2), 16) << "A may be at its maximum";
    members[1].view.lost = true;
    members[0].view.lost = false;
    settle();
    EXPECT_EQ(ceiling(0) + ceiling(2), 26) << "B is at its failsafe current";
    EXPECT_LE(ceiling(1), 6);
}

TEST_F(FeedTest, ALostChargerThatComesBackHasToConfirmFirst) {
    for (const char* id : {"A", "B", "C"}) add(id, 0);
    settle();
    for (const std::size_t i : {0U, 1U}) demand(i, 16);
    settle();
    members[0].view.lost = true;
    settle();
    demand(2, 16);
    settle();
    EXPECT_EQ(ceiling(2), 16);
    EXPECT_EQ(ceiling(0), 0);
    members[0].view.lost = false;
    members[0].view.confirmed = false;
    review();
    EXPECT_EQ(ceiling(0), 0);
}

TEST_F(FeedTest, TheSumNeverExceedsTheFeedWhateverHappensInWhateverOrder) {
    for (const char* id : {"A", "B", "C", "D"}) add(id, 16);
    std::map<std::string, double> box;  // what each really has
    for (const auto& one : members) box[one.charge_point] = 8;
    std::mt19937 random(11);
    for (int step = 0; step < 50'000; ++step) {
        const std::size_t i = random() % members.size();
        auto& one = members[i];
        switch (random() % 4) {
            case 0:
                demand(i, random() % 3 == 0 ? 0 : 6 + static_cast<double>(random() % 100) / 10);
                break;
            case 1:
                one.view.lost = random() % 8 == 0;
                break;
            case 2:
                if (!one.view.lost) {
                    box[one.charge_point] = one.view.wanted.value();
                    confirm(i);
                }
                break;
            default:
                break;
        }
        review();
        double sum = 0;
        for (const auto& [id, amperes] : box) sum += amperes;
        ASSERT_LE(sum, 32 + 1e-6) << "step " << step;
    }
}

}  // namespace
}  // namespace busbar::gateway
