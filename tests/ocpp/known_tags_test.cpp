// SPDX-License-Identifier: Apache-2.0
// Tags, what they are worth, and their records.
#include "ocpp/known_tags.hpp"

#include <gtest/gtest.h>

#include "tests/ocpp/fake_store.hpp"

namespace busbar::ocpp {
namespace {

using test::FakeStore;
using enum AuthorizationStatus;

constexpr UtcTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

IdTagInfo info(AuthorizationStatus status, std::optional<UtcTime> expiry = {},
               std::optional<IdToken> parent = {}) {
    return {expiry, std::move(parent), status};
}

TEST(KnownTags, AreComparedWithoutCaseAndByTheirFirstTwentyCharacters) {
    EXPECT_EQ(folded("Ab-Z9"), folded("aB-z9"));
    EXPECT_NE(folded("ABC"), folded("ABCD"));
    EXPECT_EQ(folded("12345678901234567890X"), folded("12345678901234567890Y"));
    EXPECT_EQ(folded("12345678901234567890").size(), 20U);
}

TEST(KnownTags, AnAcceptedTagIsValidUntilItsExpiryDate) {
    EXPECT_EQ(standing_of(info(Accepted), noon), Standing::valid);
    EXPECT_EQ(standing_of(info(Accepted, noon + 1ms), noon), Standing::valid);
    EXPECT_EQ(standing_of(info(Accepted, noon), noon), Standing::expired);
    EXPECT_EQ(standing_of(info(Accepted, noon - 1ms), noon), Standing::expired);
}

TEST(KnownTags, WithoutATimeAnExpiryDateCannotBeJudged) {
    EXPECT_EQ(standing_of(info(Accepted, noon), std::nullopt), Standing::undated);
    EXPECT_EQ(standing_of(info(Accepted), std::nullopt), Standing::valid);
}

TEST(KnownTags, NoOtherStatusIsValidWhateverItsExpiryDate) {
    for (const auto status : {Blocked, Expired, Invalid, ConcurrentTx}) {
        EXPECT_EQ(standing_of(info(status), noon), Standing::not_accepted);
        EXPECT_EQ(standing_of(info(status, noon - 1h), noon), Standing::not_accepted);
        EXPECT_EQ(standing_of(info(status, noon + 1h), std::nullopt), Standing::not_accepted);
    }
}

TEST(KnownTags, ComeBackFromTheStoreWithAllThatIsKnown) {
    Effects effects;
    KnownTags tags("kind", {});
    tags.put("Card", info(Accepted, noon, "Family"), effects);
    tags.put("other", info(Blocked), effects);
    FakeStore store;
    store.commit(effects);
    const KnownTags after("kind", store.load().records);
    ASSERT_NE(after.find("cARD"), nullptr);
    EXPECT_TRUE(same_info(*after.find("CARD"), info(Accepted, noon, "Family")));
    EXPECT_TRUE(same_info(*after.find("other"), info(Blocked)));
    EXPECT_EQ(after.find("third"), nullptr);
    EXPECT_EQ(KnownTags("another kind", store.load().records).find("card"), nullptr);
}

TEST(KnownTags, WriteOnlyWhatIsNew) {
    Effects effects;
    KnownTags tags("kind", {});
    const auto writes = [&](const IdTagInfo& said) {
        effects.clear();
        tags.put("card", said, effects);
        return effects.size();
    };
    EXPECT_EQ(writes(info(Accepted)), 1U);
    EXPECT_EQ(writes(info(Accepted)), 0U);
    EXPECT_EQ(writes(info(Blocked)), 1U);
    EXPECT_EQ(writes(info(Blocked, noon)), 1U);
    EXPECT_EQ(writes(info(Blocked, noon)), 0U);
    EXPECT_EQ(writes(info(Blocked, noon, "p")), 1U);
    EXPECT_EQ(writes(info(Blocked, noon, "q")), 1U);
    EXPECT_EQ(writes(info(Blocked, noon)), 1U);
    effects.clear();
    tags.put("CARD", info(Blocked, noon), effects);
    tags.erase("unknown", effects);
    EXPECT_TRUE(effects.empty());
}

TEST(KnownTags, LeaveOutADamagedRecordAndEraseItOnRequest) {
    const std::string good = R"({"idTag":"a","idTagInfo":{"status":"Accepted"}})";
    FakeStore store;
    for (const auto& [key, body] : std::vector<std::pair<std::string, std::string>>{
             {"a", good},
             {"b", "{"},
             {"c", "[]"},
             {"d", R"({"idTag":"d"})"},
             {"e", R"({"idTag":"e","idTagInfo":{"status":"Splendid"}})"},
             {"f", R"({"idTag":"f","idTagInfo":{"status":"Accepted","expiryDate":"soon"}})"},
             {"another", good},
             {"G", R"({"idTag":"G","idTagInfo":{"status":"Accepted"}})"},
             {"h", R"({"idTag":"hhhhhhhhhhhhhhhhhhhhhhhhh","idTagInfo":{"status":"Accepted"}})"}}) {
        store.commit({SaveRecord{{"kind", key, body}}});
    }
    KnownTags tags("kind", store.load().records);
    EXPECT_EQ(tags.entries().size(), 1U);
    Effects effects;
    tags.put("b", info(Accepted), effects);
    tags.erase_damaged(effects);
    store.commit(effects);
    EXPECT_TRUE(store.has_record("kind", "a"));
    EXPECT_TRUE(store.has_record("kind", "b"));
    EXPECT_EQ(store.load().records.size(), 2U);
    EXPECT_EQ(KnownTags("kind", store.load().records).entries().size(), 2U);
    effects.clear();
    tags.erase_damaged(effects);
    EXPECT_TRUE(effects.empty());
}

}  // namespace
}  // namespace busbar::ocpp
