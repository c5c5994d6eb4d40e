// SPDX-License-Identifier: Apache-2.0
// One feed, several connectors.
#include "gateway/base/shares.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace busbar {
namespace {

std::vector<double> share(double feed, const std::vector<std::pair<double, double>>& wanted_and_minimum) {
    std::vector<Demand> demands;
    for (const auto& [wanted, minimum] : wanted_and_minimum)
        demands.push_back({Amperes(wanted), Amperes(minimum)});
    std::vector<double> parts;
    for (const auto part : shares(Amperes(feed), demands)) parts.push_back(part.value());
    return parts;
}

using Parts = std::vector<double>;

TEST(Shares, AreEqualForEqualDemands) {
    EXPECT_EQ(share(32, {{16, 6}, {16, 6}, {16, 6}, {16, 6}}), (Parts{8, 8, 8, 8}));
}

TEST(Shares, AreNotMoreThanWanted) {
    EXPECT_EQ(share(63, {{16, 6}, {32, 6}}), (Parts{16, 32}));
}

TEST(Shares, GiveWhatOneLeavesToTheOthersInEqualParts) {
    EXPECT_EQ(share(32, {{16, 6}, {6, 6}, {16, 6}}), (Parts{13, 6, 13}));
}

TEST(Shares, MakeTheLastWaitWhereAPartWouldBeBelowTheMinimum) {
    EXPECT_EQ(share(16, {{16, 6}, {16, 6}, {16, 6}}), (Parts{8, 8, 0}));
    EXPECT_EQ(share(11, {{16, 6}, {16, 6}}), (Parts{11, 0}));
}

TEST(Shares, OfAFeedBelowEveryMinimumAreNothing) {
    EXPECT_EQ(share(5, {{16, 6}, {16, 6}}), (Parts{0, 0}));
    EXPECT_EQ(share(-3, {{16, 6}}), (Parts{0}));
    EXPECT_EQ(share(10, {}), (Parts{}));
}

TEST(Shares, GoPastWhoeverWantsNothingOrLessThanItsMinimum) {
    EXPECT_EQ(share(16, {{0, 6}, {5, 6}, {16, 6}}), (Parts{0, 0, 16}));
}

TEST(Shares, LetALaterModestOneInWhenAnEarlierGreedyOneStillCharges) {
    EXPECT_EQ(share(14, {{16, 8}, {6, 6}}), (Parts{8, 6}));
}

TEST(Shares, NeverSumUpToMoreThanTheFeedAndNeverFallBelowAMinimum) {
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        const double feed = static_cast<double>(random() % 1000) / 10;
        std::vector<Demand> demands(1 + random() % 8);
        for (auto& one : demands)
            one = {Amperes(static_cast<double>(random() % 400) / 10),
                   Amperes(static_cast<double>(random() % 100) / 10)};
        const auto parts = shares(Amperes(feed), demands);
        double sum = 0;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            sum += parts[i].value();
            ASSERT_LE(parts[i], demands[i].wanted);
            const bool charges = parts[i] > Amperes(0);
            ASSERT_TRUE(!charges || parts[i].value() >= demands[i].minimum.value() - 1e-6);
        }
        ASSERT_LE(sum, feed + 1e-6);
    }
}

}  // namespace
}  // namespace busbar
