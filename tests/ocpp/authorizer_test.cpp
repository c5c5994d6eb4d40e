// SPDX-License-Identifier: Apache-2.0
// Who may charge and who may stop, rule by rule; every combination is in authorizer_table_test.cpp (OCPP 1.6
// sections 3.5 and 3.10; R41, R42, R62, R87, R88).
#include "ocpp/authorizer.hpp"

#include <gtest/gtest.h>

#include "tests/ocpp/fake_store.hpp"

namespace busbar::ocpp {
namespace {

using test::FakeStore;
using enum AuthorizationStatus;
using enum Verdict;
using enum Reach;

constexpr UtcTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;
constexpr std::optional<UtcTime> no_time;

IdTagInfo info(AuthorizationStatus status, std::optional<UtcTime> expiry = {},
               std::optional<IdToken> parent = {}) {
    return {expiry, std::move(parent), status};
}

AuthorizationRules rules(bool pre_authorize, bool authorize_offline, bool allow_unknown_offline) {
    return {pre_authorize, authorize_offline, allow_unknown_offline, true, true};
}

/// An authoriser whose list and cache hold what a test puts there, whatever the rules between them are.
struct Bed {
    FakeStore store;
    Authorizer authorizer{{}};

    void put(std::string_view kind, std::string_view tag, const IdTagInfo& said) {
        Effects effects;
        KnownTags(kind, {}).put(tag, said, effects);
        if (kind == LocalList::record_kind) {
            const std::string body = R"({"version":5,"entries":1})";
            effects.emplace_back(SaveRecord{{std::string(LocalList::version_kind), "version", body}});
        }
        store.commit(effects);
        authorizer = Authorizer(store.load().records);
    }
    void list(std::string_view tag, const IdTagInfo& said) { put(LocalList::record_kind, tag, said); }
    void cache(std::string_view tag, const IdTagInfo& said) {
        put(AuthorizationCache::record_kind, tag, said);
    }
    bool learn(std::string_view tag, const IdTagInfo& said, const AuthorizationRules& by = {},
               std::optional<UtcTime> utc = noon) {
        Effects effects;
        const bool conflict = authorizer.learn(tag, said, by, utc, effects);
        store.commit(effects);
        return conflict;
    }
    UpdateStatus send_list(SendLocalListReq request, const AuthorizationRules& by = {}) {
        Effects effects;
        const auto status = authorizer.update_list(request, {10, 10}, by, effects);
        store.commit(effects);
        return status;
    }
};

// ---- to start, online

TEST(Authorizer, OnlineAsksAboutAnyTagWithoutLocalPreAuthorize) {
    Bed bed;
    bed.list("listed", info(Accepted));
    bed.cache("cached", info(Accepted));
    for (const auto* tag : {"listed", "cached", "unknown"}) {
        EXPECT_EQ(bed.authorizer.decide(tag, rules(false, true, true), online, noon).verdict, ask) << tag;
    }
}

TEST(Authorizer, LocalPreAuthorizeAcceptsAListedTagAtOnce) {  // TC_008
    Bed bed;
    bed.list("card", info(Accepted, noon + 1h, "family"));
    const auto decision = bed.authorizer.decide("CARD", rules(true, false, false), online, noon);
    EXPECT_EQ(decision.verdict, accept);
    EXPECT_EQ(decision.status, Accepted);
    EXPECT_EQ(decision.source, Source::list);
    EXPECT_EQ(decision.parent->str(), "family");
}

TEST(Authorizer, LocalPreAuthorizeAcceptsACachedTagAtOnce) {  // TC_007
    Bed bed;
    bed.learn("card", info(Accepted));
    const auto decision = bed.authorizer.decide("Card", rules(true, false, false), online, noon);
    EXPECT_EQ(decision.verdict, accept);
    EXPECT_EQ(decision.source, Source::cache);
    EXPECT_FALSE(decision.parent);
}

TEST(Authorizer, AfterClearCacheItMustAskAgain) {  // TC_061
    Bed bed;
    bed.learn("card", info(Accepted));
    Effects effects;
    EXPECT_EQ(bed.authorizer.clear_cache({}, effects), ClearCacheStatus::Accepted);
    EXPECT_EQ(bed.authorizer.decide("card", rules(true, true, true), online, noon).verdict, ask);
}

TEST(Authorizer, AnEntryThatIsNotValidIsAskedAboutWhileOnline) {
    Bed bed;
    bed.list("blocked", info(Blocked));
    bed.cache("expired", info(Accepted, noon));
    for (const auto* tag : {"blocked", "expired"}) {
        EXPECT_EQ(bed.authorizer.decide(tag, rules(true, true, true), online, noon).verdict, ask) << tag;
    }
}

TEST(Authorizer, AnExpiryDateItCannotJudgeIsAskedAboutOnlineAndRefusedOffline) {
    Bed bed;
    bed.list("card", info(Accepted, noon + 24h));
    EXPECT_EQ(bed.authorizer.decide("card", rules(true, true, true), online, no_time).verdict, ask);
    const auto decision = bed.authorizer.decide("card", rules(true, true, true), offline, no_time);
    EXPECT_EQ(decision.verdict, refuse);
    EXPECT_EQ(decision.status, Expired);
    EXPECT_NE(decision.reason.find("time is unknown"), std::string_view::npos);
}

// ---- to start, offline or unanswered

TEST(Authorizer, OfflineAcceptsWhatIsKnownAsValid) {
    Bed bed;
    bed.list("listed", info(Accepted, {}, "family"));
    bed.cache("cached", info(Accepted));
    EXPECT_EQ(bed.authorizer.decide("cached", rules(false, true, false), offline, noon).verdict, accept);
    const auto decision = bed.authorizer.decide("listed", rules(false, true, false), offline, noon);
    EXPECT_EQ(decision.verdict, accept);
    EXPECT_EQ(decision.parent->str(), "family");
}

TEST(Authorizer, WithoutLocalAuthorizeOfflineWhatIsKnownIsOfNoUse) {
    Bed bed;
    bed.list("card", info(Accepted));
    const auto decision = bed.authorizer.decide("card", rules(true, false, true), offline, noon);
    EXPECT_EQ(decision.verdict, refuse);
    EXPECT_EQ(decision.status, Invalid);
}

TEST(Authorizer, AllowOfflineTxForUnknownIdAcceptsOnlyATagThatIsInNeither) {
    Bed bed;
    bed.list("blocked", info(Blocked));
    bed.cache("expired", info(Accepted, noon));
    EXPECT_EQ(bed.authorizer.decide("unknown", rules(false, false, true), offline, noon).verdict, accept);
    EXPECT_EQ(bed.authorizer.decide("unknown", rules(true, true, false), offline, noon).verdict, refuse);
    const auto blocked = bed.authorizer.decide("blocked", rules(true, true, true), offline, noon);
    EXPECT_EQ(blocked.verdict, refuse);
    EXPECT_EQ(blocked.status, Blocked);
    EXPECT_EQ(blocked.source, Source::list);
    const auto expired = bed.authorizer.decide("expired", rules(true, true, true), offline, noon);
    EXPECT_EQ(expired.verdict, refuse);
    EXPECT_EQ(expired.status, Expired);
    EXPECT_EQ(expired.source, Source::cache);
}

TEST(Authorizer, TheListBeatsTheCache) {
    Bed bed;
    bed.list("card", info(Blocked));
    bed.cache("card", info(Accepted));
    EXPECT_EQ(bed.authorizer.decide("card", rules(true, true, true), online, noon).verdict, ask);
    EXPECT_EQ(bed.authorizer.decide("card", rules(true, true, true), offline, noon).status, Blocked);
}

TEST(Authorizer, ADisabledListOrCacheIsAsIfEmpty) {
    Bed bed;
    bed.list("card", info(Blocked));
    bed.cache("card", info(Accepted));
    AuthorizationRules by = rules(true, true, false);
    by.list_enabled = false;
    EXPECT_EQ(bed.authorizer.decide("card", by, offline, noon).source, Source::cache);
    EXPECT_EQ(bed.authorizer.decide("card", by, offline, noon).verdict, accept);
    by.cache_enabled = false;
    EXPECT_EQ(bed.authorizer.decide("card", by, offline, noon).source, Source::neither);
    EXPECT_EQ(bed.authorizer.decide("card", by, offline, noon).verdict, refuse);
}

// ---- to stop

const TagGroup family{"starter", IdToken("Family")};

TEST(Authorizer, TheSameTagStopsUnaskedWhateverBecameOfIt) {  // TC_068
    Bed bed;
    bed.list("starter", info(Blocked));
    for (const auto reach : {online, offline}) {
        const auto decision = bed.authorizer.decide_stop("STARTER", family, {}, reach, no_time);
        EXPECT_EQ(decision.verdict, accept);
        const TagGroup alone{"starter", std::nullopt};
        EXPECT_EQ(bed.authorizer.decide_stop("starter", alone, {}, reach, no_time).verdict, accept);
    }
}

TEST(Authorizer, AnotherTagIsAskedAboutAndStopsIfItIsOfTheSameGroup) {  // TC_069
    const Bed bed;
    EXPECT_EQ(bed.authorizer.decide_stop("other", family, {}, online, noon).verdict, ask);
    EXPECT_TRUE(answer_may_stop(family, info(Accepted, {}, "FAMILY")));
    EXPECT_FALSE(answer_may_stop(family, info(Accepted, {}, "neighbours")));
    EXPECT_FALSE(answer_may_stop(family, info(Accepted)));
}

TEST(Authorizer, ARefusedTagStopsNothingThoughConcurrentTxIsNoRefusalThere) {
    for (const auto status : {Blocked, Expired, Invalid}) {
        EXPECT_FALSE(answer_may_stop(family, info(status, {}, "Family")));
    }
    EXPECT_TRUE(answer_may_stop(family, info(ConcurrentTx, {}, "Family")));
}

TEST(Authorizer, NobodyIsAskedAboutATransactionWithoutAGroup) {
    const Bed bed;
    for (const auto& parent : {std::optional<IdToken>(), std::optional<IdToken>("")}) {
        const TagGroup alone{"starter", parent};
        EXPECT_EQ(bed.authorizer.decide_stop("other", alone, rules(true, true, true), online, noon).verdict,
                  refuse);
        EXPECT_FALSE(answer_may_stop(alone, info(Accepted, {}, "")));
        EXPECT_FALSE(answer_may_stop(alone, info(Accepted)));
    }
}

TEST(Authorizer, AParentIdTagIsNeverComparedWithAPresentedTag) {
    Bed bed;
    EXPECT_EQ(bed.authorizer.decide_stop("Family", family, rules(true, true, true), offline, noon).verdict,
              refuse);
    EXPECT_FALSE(answer_may_stop(family, info(Accepted, {}, "starter")));
    bed.list("Family", info(Accepted, {}, "starter"));
    EXPECT_EQ(bed.authorizer.decide_stop("Family", family, rules(true, true, true), offline, noon).verdict,
              refuse);
}

TEST(Authorizer, AKnownTagOfTheGroupStopsWithoutAskingWhereItMightStart) {
    Bed bed;
    bed.list("other", info(Accepted, {}, "family"));
    const auto verdict = [&](const AuthorizationRules& by, Reach reach) {
        return bed.authorizer.decide_stop("other", family, by, reach, noon).verdict;
    };
    EXPECT_EQ(verdict(rules(true, true, false), online), accept);
    EXPECT_EQ(verdict(rules(false, true, false), online), ask);
    EXPECT_EQ(verdict(rules(false, true, false), offline), accept);
    EXPECT_EQ(verdict(rules(true, false, true), offline), refuse);
}

TEST(Authorizer, AKnownTagOfAnotherGroupIsAskedAboutOnlineAndRefusedOffline) {
    Bed bed;
    bed.cache("other", info(Accepted, {}, "neighbours"));
    const auto by = rules(true, true, true);
    EXPECT_EQ(bed.authorizer.decide_stop("other", family, by, online, noon).verdict, ask);
    EXPECT_EQ(bed.authorizer.decide_stop("other", family, by, offline, noon).verdict, refuse);
}

TEST(Authorizer, AnUnknownTagStopsNothingOfflineEvenWhereItMightStart) {
    const Bed bed;
    EXPECT_EQ(bed.authorizer.decide_stop("other", family, rules(true, true, true), offline, noon).verdict,
              refuse);
}

TEST(Authorizer, TwoTagsWithoutAParentAreNoGroup) {
    EXPECT_FALSE(same_group(std::nullopt, std::nullopt));
    EXPECT_FALSE(same_group(IdToken(""), IdToken("")));
    EXPECT_FALSE(same_group(IdToken("a"), std::nullopt));
    EXPECT_FALSE(same_group(IdToken("a"), IdToken("b")));
    EXPECT_TRUE(same_group(IdToken("a"), IdToken("A")));
}

// ---- what is learned

TEST(Authorizer, AListedTagNeverEntersTheCache) {
    Bed bed;
    bed.list("listed", info(Accepted));
    bed.learn("LISTED", info(Blocked));
    bed.learn("other", info(Blocked));
    EXPECT_EQ(bed.authorizer.cache().find("listed"), nullptr);
    EXPECT_NE(bed.authorizer.cache().find("other"), nullptr);
    EXPECT_EQ(bed.authorizer.list().find("listed")->status, Accepted);
}

TEST(Authorizer, SaysThatTheListIsContradicted) {
    Bed bed;
    bed.list("good", info(Accepted, noon + 1h));
    EXPECT_FALSE(bed.learn("good", info(Accepted)));
    EXPECT_FALSE(bed.learn("good", info(ConcurrentTx)));
    EXPECT_TRUE(bed.learn("good", info(Blocked)));
    EXPECT_FALSE(bed.learn("good", info(Expired), {}, no_time)) << "it may have expired";
    EXPECT_FALSE(bed.learn("good", info(Expired), {}, noon + 2h)) << "so says the list";
    EXPECT_TRUE(bed.learn("good", info(Accepted), {}, noon + 2h));
    EXPECT_FALSE(bed.learn("unlisted", info(Blocked)));

    Bed other;
    other.list("bad", info(Blocked));
    EXPECT_TRUE(other.learn("bad", info(Accepted)));
    EXPECT_FALSE(other.learn("bad", info(Invalid)));
    AuthorizationRules without_list;
    without_list.list_enabled = false;
    EXPECT_FALSE(other.learn("bad", info(Accepted), without_list));
}

TEST(Authorizer, WhatIsListedLeavesTheCacheAndDoesNotComeBackWithItsOldStatus) {
    Bed bed;
    bed.learn("card", info(Accepted));
    EXPECT_EQ(bed.send_list({1, {{{"CARD", info(Blocked)}}}, UpdateType::Full}), UpdateStatus::Accepted);
    EXPECT_EQ(bed.send_list({2, {{{"card", std::nullopt}}}, UpdateType::Differential}),
              UpdateStatus::Accepted);
    EXPECT_EQ(bed.authorizer.decide("card", rules(true, true, false), offline, noon).source, Source::neither);
    EXPECT_TRUE(bed.store.load().records.empty());
}

TEST(Authorizer, ARefusedSendLocalListLeavesTheCacheAlone) {
    Bed bed;
    bed.learn("card", info(Accepted));
    EXPECT_EQ(bed.send_list({0, {{{"card", info(Blocked)}}}, UpdateType::Full}), UpdateStatus::Failed);
    EXPECT_NE(bed.authorizer.cache().find("card"), nullptr);
}

TEST(Authorizer, ADisabledListHasVersionMinus1AndTakesNothing) {  // TC_042_1, TC_043_1
    Bed bed;
    AuthorizationRules disabled;
    disabled.list_enabled = false;
    const SendLocalListReq request{1, {{{"card", info(Accepted)}}}, UpdateType::Full};
    EXPECT_EQ(bed.authorizer.list_version(disabled), -1);
    EXPECT_EQ(bed.send_list(request, disabled), UpdateStatus::NotSupported);
    EXPECT_EQ(bed.authorizer.list_version({}), 0);
    EXPECT_EQ(bed.send_list(request), UpdateStatus::Accepted);
    EXPECT_EQ(bed.authorizer.list_version({}), 1);
    EXPECT_EQ(bed.authorizer.list_version(disabled), -1);
}

TEST(Authorizer, ADisabledCacheLearnsNothingAndDropsWhatIsOutOfDate) {
    Bed bed;
    bed.learn("card", info(Accepted));
    AuthorizationRules disabled;
    disabled.cache_enabled = false;
    Effects effects;
    EXPECT_EQ(bed.authorizer.clear_cache(disabled, effects), ClearCacheStatus::Rejected);
    EXPECT_TRUE(effects.empty());
    bed.learn("card", info(Blocked), disabled);
    bed.learn("other", info(Accepted), disabled);
    EXPECT_EQ(bed.authorizer.cache().size(), 0U);
    EXPECT_TRUE(bed.store.load().records.empty());
}

TEST(Authorizer, WhatItLearnedOutlivesALossOfPower) {
    Bed bed;
    bed.learn("card", info(Accepted, noon + 1h, "family"));
    bed.send_list({3, {{{"listed", info(Blocked)}}}, UpdateType::Full});
    const Authorizer after(bed.store.load().records);
    EXPECT_EQ(after.list_version({}), 3);
    EXPECT_EQ(after.decide("card", {}, offline, noon).parent->str(), "family");
    EXPECT_EQ(after.decide("listed", {}, offline, noon).status, Blocked);
}

}  // namespace
}  // namespace busbar::ocpp
