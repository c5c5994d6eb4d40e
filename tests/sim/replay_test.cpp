// SPDX-License-Identifier: Apache-2.0
// A seed is a life: the same one twice is the same, byte for byte.
#include <gtest/gtest.h>

#include <set>

#include "tests/sim/life.hpp"

namespace busbar::simulation {
namespace {

TEST(Random, DrawsTheSameEverywhere) {
    Random random(42);
    EXPECT_EQ(random.next(), 1546998764402558742U);
    EXPECT_EQ(random.next(), 6990951692964543102U);
    EXPECT_EQ(random.next(), 12544586762248559009U);
}

TEST(Random, StaysWithinItsBounds) {
    Random random(7);
    std::set<std::int64_t> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(random.between(-2, 2));
    EXPECT_EQ(seen, (std::set<std::int64_t>{-2, -1, 0, 1, 2}));
    EXPECT_EQ(random.below(1), 0);
}

TEST(Life, IsTheSameEachTimeItIsLived) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Outcome once = live(seed);
        const Outcome again = live(seed, true);
        EXPECT_EQ(once.hash, again.hash) << "seed " << seed;
        EXPECT_EQ(once.broken, again.broken);
        EXPECT_TRUE(once.transcript.empty());
        EXPECT_FALSE(again.transcript.empty());
    }
}

TEST(Life, IsAnotherOneForAnotherSeed) {
    std::set<std::uint64_t> hashes;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) hashes.insert(live(seed).hash);
    EXPECT_EQ(hashes.size(), 20U);
}

}  // namespace
}  // namespace busbar::simulation
