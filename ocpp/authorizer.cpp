// SPDX-License-Identifier: Apache-2.0
#include "ocpp/authorizer.hpp"

#include <algorithm>
#include <array>

namespace busbar::ocpp {
namespace {

using enum AuthorizationStatus;

/// A row holds if reach and standing fit and its key, if it has one, is true; the first that holds decides.
struct Row {
    Reach reach;
    std::optional<Standing> standing;  ///< empty: any
    bool AuthorizationRules::*key;     ///< null: whatever the keys say
    Verdict verdict;
    AuthorizationStatus status;  ///< the entry's own where that is not Accepted
    std::string_view reason;
};

using enum Reach;
using enum Verdict;
using Rules = AuthorizationRules;

constexpr std::array table{
    Row{online, Standing::valid, &Rules::pre_authorize, accept, Accepted,
        "It is known, and LocalPreAuthorize is true."},
    Row{online, std::nullopt, nullptr, ask, Invalid, "The central system is asked."},
    Row{offline, Standing::valid, &Rules::authorize_offline, accept, Accepted,
        "It is known, and nobody can be asked."},
    Row{offline, Standing::valid, nullptr, refuse, Invalid,
        "Nobody can be asked, and LocalAuthorizeOffline is false."},
    Row{offline, Standing::not_accepted, nullptr, refuse, Invalid, "It is known as not accepted."},
    Row{offline, Standing::expired, nullptr, refuse, Expired, "Its expiryDate has passed."},
    Row{offline, Standing::undated, nullptr, refuse, Expired,
        "Its expiryDate cannot be judged while the time is unknown, and nobody can be asked."},
    Row{offline, Standing::unknown, &Rules::allow_unknown_offline, accept, Accepted,
        "It is unknown, nobody can be asked, and AllowOfflineTxForUnknownId is true."},
    Row{offline, Standing::unknown, nullptr, refuse, Invalid, "It is unknown, and nobody can be asked."},
};

const Row& row_for(Reach reach, Standing standing, const AuthorizationRules& rules) {
    const auto* found = std::find_if(table.begin(), table.end(), [&](const Row& row) {
        return row.reach == reach && (!row.standing || row.standing == standing) &&
               (row.key == nullptr || rules.*row.key);
    });
    return found == table.end() ? table.back() : *found;
}

/// The two statuses of a valid tag (section 3.5.2).
bool is_good(AuthorizationStatus status) {
    return status == Accepted || status == ConcurrentTx;
}

bool contradicts(const IdTagInfo& listed, const IdTagInfo& told, std::optional<UtcTime> utc) {
    const Standing standing = standing_of(listed, utc);
    if (standing == Standing::undated) return false;
    const bool listed_as_good = is_good(listed.status) && standing != Standing::expired;
    return listed_as_good != is_good(told.status);
}

}  // namespace

bool same_group(const std::optional<IdToken>& a, const std::optional<IdToken>& b) {
    return a && b && !a->empty() && equals_ignoring_case(a->str(), b->str());
}

bool answer_may_stop(const TagGroup& transaction, const IdTagInfo& answer) {
    return is_good(answer.status) && same_group(transaction.parent, answer.parentIdTag);
}

Authorizer::Entry Authorizer::look_up(std::string_view tag, const AuthorizationRules& rules) const {
    const IdTagInfo* listed = rules.list_enabled ? list_.find(tag) : nullptr;
    if (listed != nullptr) return {listed, Source::list};
    const IdTagInfo* cached = rules.cache_enabled ? cache_.find(tag) : nullptr;
    if (cached != nullptr) return {cached, Source::cache};
    return {};
}

Decision Authorizer::decide(std::string_view tag, const AuthorizationRules& rules, Reach reach,
                            std::optional<UtcTime> utc) const {
    const Entry entry = look_up(tag, rules);
    const Standing standing = entry.info == nullptr ? Standing::unknown : standing_of(*entry.info, utc);
    const Row& row = row_for(reach, standing, rules);

    Decision decision{row.verdict, row.status, entry.source, std::nullopt, row.reason};
    if (row.verdict == Verdict::accept && entry.info != nullptr) decision.parent = entry.info->parentIdTag;
    if (row.verdict == Verdict::refuse && standing == Standing::not_accepted) {
        decision.status = entry.info->status;
    }
    return decision;
}

Decision Authorizer::decide_stop(std::string_view tag, const TagGroup& transaction,
                                 const AuthorizationRules& rules, Reach reach,
                                 std::optional<UtcTime> utc) const {
    if (folded(tag) == folded(transaction.tag)) {
        return {Verdict::accept, Accepted, Source::neither, transaction.parent,
                "It started the transaction."};
    }
    Decision refused{Verdict::refuse, Invalid, Source::neither, std::nullopt,
                     "It is not of the transaction's group."};
    if (!transaction.parent || transaction.parent->empty()) return refused;
    Decision decision = decide(tag, rules, reach, utc);
    if (decision.verdict != Verdict::accept || same_group(transaction.parent, decision.parent)) {
        return decision;
    }
    if (reach == Reach::offline) return refused;
    AuthorizationRules anew = rules;  // what is known of it may be older than its membership
    anew.pre_authorize = false;
    return decide(tag, anew, reach, utc);
}

bool Authorizer::learn(std::string_view tag, const IdTagInfo& info, const AuthorizationRules& rules,
                       std::optional<UtcTime> utc, Effects& effects) {
    const IdTagInfo* listed = rules.list_enabled ? list_.find(tag) : nullptr;
    if (listed == nullptr && rules.cache_enabled) {
        cache_.update(tag, info, utc, effects);
    } else {
        cache_.forget(tag, effects);
    }
    return listed != nullptr && contradicts(*listed, info, utc);
}

UpdateStatus Authorizer::update_list(const SendLocalListReq& request, const LocalListLimits& limits,
                                     const AuthorizationRules& rules, Effects& effects) {
    if (!rules.list_enabled) return UpdateStatus::NotSupported;
    const UpdateStatus status = list_.update(request, limits, effects);
    if (status != UpdateStatus::Accepted || !request.localAuthorizationList) return status;
    for (const auto& element : *request.localAuthorizationList) cache_.forget(element.idTag.str(), effects);
    return status;
}

int Authorizer::list_version(const AuthorizationRules& rules) const {
    return rules.list_enabled ? list_.version() : -1;
}

ClearCacheStatus Authorizer::clear_cache(const AuthorizationRules& rules, Effects& effects) {
    if (!rules.cache_enabled) return ClearCacheStatus::Rejected;
    cache_.clear(effects);
    return ClearCacheStatus::Accepted;
}

}  // namespace busbar::ocpp
