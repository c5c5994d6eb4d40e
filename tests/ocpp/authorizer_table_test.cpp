// SPDX-License-Identifier: Apache-2.0
// Every combination of list, cache, keys, reach and time against a second statement of the rules (OCPP 1.6
// section 3.5; R87, R88).
#include <gtest/gtest.h>

#include <array>

#include "ocpp/authorizer.hpp"

namespace busbar::ocpp {
namespace {

using enum AuthorizationStatus;
using enum Verdict;

constexpr UtcTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

constexpr std::size_t kinds = 8;

IdTagInfo info(AuthorizationStatus status, std::optional<UtcTime> expiry = {},
               std::optional<IdToken> parent = {}) {
    return {expiry, std::move(parent), status};
}

/// What an entry may be; none for the last.
std::optional<IdTagInfo> entry_of(std::size_t kind) {
    const std::array<IdTagInfo, kinds - 1> entries{
        info(Accepted), info(Accepted, noon + 1h, "p"), info(Accepted, noon - 1h), info(Blocked),
        info(Expired),  info(Invalid, noon + 1h),       info(ConcurrentTx)};
    return kind < entries.size() ? std::optional(entries.at(kind)) : std::nullopt;
}

struct Case {
    std::optional<IdTagInfo> listed, cached;
    AuthorizationRules rules;
    bool is_online = false, time_known = false;
};

/// List and cache with these entries, as the store would have them.
std::vector<Record> records_of(const Case& one) {
    Effects effects;
    if (one.listed) {
        LocalList({}).update({1, {{{"card", one.listed}}}, UpdateType::Full}, {1, 1}, effects);
    }
    if (one.cached) AuthorizationCache({}).update("card", *one.cached, noon, effects);
    std::vector<Record> records;
    for (const auto& effect : effects) records.push_back(std::get<SaveRecord>(effect).record);
    return records;
}

/// The rules again, in the order a person would tell them.
Decision expected(const Case& one) {
    const bool by_list = one.rules.list_enabled && one.listed;
    const bool by_cache = !by_list && one.rules.cache_enabled && one.cached;
    Decision decision;
    decision.source = by_list ? Source::list : by_cache ? Source::cache : Source::neither;
    const bool known = by_list || by_cache;
    const IdTagInfo entry = by_list ? *one.listed : by_cache ? *one.cached : IdTagInfo{};

    const bool accepted = known && entry.status == Accepted;
    const bool certainly_in_time = !entry.expiryDate || (one.time_known && *entry.expiryDate > noon);
    const bool valid = accepted && certainly_in_time;

    const bool may_accept =
        one.is_online ? valid && one.rules.pre_authorize
                      : (valid && one.rules.authorize_offline) || (!known && one.rules.allow_unknown_offline);
    decision.verdict = may_accept ? accept : one.is_online ? ask : refuse;
    decision.status = Invalid;
    if (may_accept) {
        decision.status = Accepted;
        decision.parent = entry.parentIdTag;
    } else if (!one.is_online && known && !accepted) {
        decision.status = entry.status;
    } else if (!one.is_online && known && !certainly_in_time) {
        decision.status = Expired;
    }
    return decision;
}

void check(const Authorizer& authorizer, const Case& one) {
    const auto decision = authorizer.decide("card", one.rules, one.is_online ? Reach::online : Reach::offline,
                                            one.time_known ? std::optional(noon) : std::nullopt);
    const auto wanted = expected(one);
    EXPECT_EQ(decision.verdict, wanted.verdict);
    EXPECT_EQ(decision.status, wanted.status);
    EXPECT_EQ(decision.source, wanted.source);
    EXPECT_EQ(decision.parent.has_value(), wanted.parent.has_value());
    EXPECT_FALSE(decision.reason.empty());
    EXPECT_EQ(decision.verdict == accept, decision.status == Accepted);
}

TEST(AuthorizerTable, DecidesEveryCombinationAsTheRulesSay) {
    std::size_t cases = 0;
    for (std::size_t listed = 0; listed < kinds; ++listed) {
        for (std::size_t cached = 0; cached < kinds; ++cached) {
            Case one{entry_of(listed), entry_of(cached), {}};
            const Authorizer authorizer(records_of(one));
            for (unsigned bits = 0; bits < 128; ++bits) {
                const auto bit = [&](unsigned n) { return (bits >> n & 1U) != 0; };
                one.rules = {bit(0), bit(1), bit(2), bit(3), bit(4)};
                one.is_online = bit(5);
                one.time_known = bit(6);
                SCOPED_TRACE(testing::Message()
                             << "list " << listed << " cache " << cached << " bits " << bits);
                check(authorizer, one);
                ++cases;
            }
        }
    }
    EXPECT_EQ(cases, 8192U);
}

}  // namespace
}  // namespace busbar::ocpp
