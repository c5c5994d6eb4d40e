// SPDX-License-Identifier: Apache-2.0
// The authorisation cache, rule by rule (OCPP 1.6 section 3.5.1).
#include "ocpp/authorization_cache.hpp"

#include <gtest/gtest.h>

#include "tests/ocpp/fake_store.hpp"

namespace busbar::ocpp {
namespace {

using test::FakeStore;
using enum AuthorizationStatus;

constexpr UtcTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

/// A cache for three, and its store.
struct Bed {
    FakeStore store;
    AuthorizationCache cache{{}, 3};
    std::optional<UtcTime> utc = noon;
    std::size_t rows = 0;

    void hear(std::string_view tag, AuthorizationStatus status = Accepted,
              std::optional<UtcTime> expiry = {}) {
        Effects effects;
        cache.update(tag, {expiry, std::nullopt, status}, utc, effects);
        commit(effects);
    }
    void clear() {
        Effects effects;
        cache.clear(effects);
        commit(effects);
    }
    void power_cut(std::size_t capacity = 3) { cache = AuthorizationCache(store.load().records, capacity); }
    void commit(const Effects& effects) {
        rows = effects.size();
        store.commit(effects);
        EXPECT_EQ(store.load().records.size(), cache.size());
    }
    [[nodiscard]] bool has(std::string_view tag) const { return cache.find(tag) != nullptr; }
};

TEST(AuthorizationCache, KeepsTheLatestWordOnEachTagGoodOrBad) {
    Bed bed;
    bed.hear("Card", Accepted, noon + 1h);
    EXPECT_EQ(bed.cache.find("CARD")->expiryDate, noon + 1h);
    bed.hear("cARD", Blocked);
    EXPECT_EQ(bed.cache.find("card")->status, Blocked);
    EXPECT_EQ(bed.cache.find("card")->expiryDate, std::nullopt);
    EXPECT_EQ(bed.cache.size(), 1U);
}

TEST(AuthorizationCache, FullItGivesUpTheOneHeardOfLongestAgo) {
    Bed bed;
    for (const auto* tag : {"c", "a", "b"}) bed.hear(tag);
    bed.hear("c");
    bed.hear("d");
    EXPECT_FALSE(bed.has("a"));
    EXPECT_EQ(bed.rows, 2U);
    bed.hear("e");
    EXPECT_FALSE(bed.has("b"));
    EXPECT_TRUE(bed.has("c"));
    EXPECT_EQ(bed.cache.size(), 3U);
}

TEST(AuthorizationCache, FullItGivesUpWhatIsNotValidFirst) {
    Bed bed;
    bed.hear("a");
    bed.hear("b", Blocked);
    bed.hear("c", Invalid);
    bed.hear("d");
    EXPECT_FALSE(bed.has("b"));
    bed.hear("e");
    EXPECT_FALSE(bed.has("c"));
    bed.hear("f");
    EXPECT_FALSE(bed.has("a"));
}

TEST(AuthorizationCache, AnExpiredEntryIsNotValidButOneThatCannotBeJudgedMayBe) {
    Bed bed;
    bed.hear("a");
    bed.hear("b", Accepted, noon - 1s);
    bed.hear("c");
    bed.utc.reset();
    bed.hear("d");
    EXPECT_FALSE(bed.has("a"));
    bed.utc = noon;
    bed.hear("e");
    EXPECT_FALSE(bed.has("b"));
}

TEST(AuthorizationCache, AWordOnATagItHasCostsNoOtherItsPlace) {
    Bed bed;
    for (const auto* tag : {"a", "b", "c"}) bed.hear(tag);
    bed.hear("B", Blocked);
    EXPECT_EQ(bed.cache.size(), 3U);
}

TEST(AuthorizationCache, TheSameWordAgainWritesNothing) {
    Bed bed;
    bed.hear("a", Accepted, noon + 1h);
    EXPECT_EQ(bed.rows, 1U);
    bed.hear("A", Accepted, noon + 1h);
    EXPECT_EQ(bed.rows, 0U);
    bed.power_cut();
    bed.hear("a", Accepted, noon + 1h);
    EXPECT_EQ(bed.rows, 0U);
    bed.hear("a", Accepted, noon + 2h);
    EXPECT_EQ(bed.rows, 1U);
}

TEST(AuthorizationCache, ComesBackFromTheStoreAndGivesUpFirstWhatWasNotHeardOfSince) {
    Bed bed;
    for (const auto* tag : {"a", "b", "c"}) bed.hear(tag);
    bed.power_cut();
    EXPECT_EQ(bed.cache.size(), 3U);
    bed.hear("a");
    bed.hear("d");
    EXPECT_TRUE(bed.has("a"));
    bed.hear("e");
    EXPECT_TRUE(bed.has("a"));
    EXPECT_FALSE(bed.has("b"));
    EXPECT_FALSE(bed.has("c"));
}

TEST(AuthorizationCache, ShrinksToASmallerCapacityWithTheNextNewTag) {
    Bed bed;
    for (const auto* tag : {"a", "b", "c"}) bed.hear(tag);
    bed.power_cut(1);
    bed.hear("d");
    EXPECT_EQ(bed.cache.size(), 1U);
    EXPECT_TRUE(bed.has("d"));
}

TEST(AuthorizationCache, ClearEmptiesItAndTheStore) {
    Bed bed;
    bed.hear("a");
    bed.hear("b", Blocked);
    bed.clear();
    EXPECT_EQ(bed.rows, 2U);
    EXPECT_FALSE(bed.has("a"));
    EXPECT_TRUE(bed.store.load().records.empty());
    bed.clear();
    EXPECT_EQ(bed.rows, 0U);
}

TEST(AuthorizationCache, ClearErasesDamagedRecordsToo) {
    Bed bed;
    bed.hear("a");
    bed.store.commit({SaveRecord{{"authorization_cache", "b", "?"}}});
    bed.power_cut();
    EXPECT_EQ(bed.cache.size(), 1U);
    bed.clear();
    EXPECT_TRUE(bed.store.load().records.empty());
}

TEST(AuthorizationCache, ForgetsATagOnceItIsListed) {
    Bed bed;
    bed.hear("a");
    Effects effects;
    bed.cache.forget("A", effects);
    bed.commit(effects);
    EXPECT_FALSE(bed.has("a"));
}

TEST(AuthorizationCache, TakesNoEmptyTagAndNeverMoreThan500ByDefault) {
    Bed bed;
    bed.hear("");
    EXPECT_EQ(bed.cache.size(), 0U);
    bed.power_cut(AuthorizationCache::default_capacity);
    for (int i = 0; i < 510; ++i) bed.hear("t" + std::to_string(i));
    EXPECT_EQ(bed.cache.size(), 500U);
    EXPECT_FALSE(bed.has("t9"));
    EXPECT_TRUE(bed.has("t10"));
}

}  // namespace
}  // namespace busbar::ocpp
