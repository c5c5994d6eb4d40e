// SPDX-License-Identifier: Apache-2.0
// Who may charge and who may stop: what list, cache and keys say before, or instead of, the central system
// (OCPP 1.6 sections 3.5 and 3.10; R42, R87, R88).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocpp/authorization_cache.hpp"
#include "ocpp/local_list.hpp"

namespace busbar::ocpp {

/// The configuration keys that rule it.
struct AuthorizationRules {
    bool pre_authorize = false;          ///< LocalPreAuthorize
    bool authorize_offline = true;       ///< LocalAuthorizeOffline
    bool allow_unknown_offline = false;  ///< AllowOfflineTxForUnknownId
    bool list_enabled = true;            ///< LocalAuthListEnabled
    bool cache_enabled = true;           ///< AuthorizationCacheEnabled
};

/// Whether Authorize.req would be answered. Also offline: it was asked, and there came a CALLERROR, nothing
/// in time, or the end of the link.
enum class Reach { online, offline };

/// Where an entry stands.
enum class Source { list, cache, neither };

enum class Verdict {
    accept,  ///< at once
    refuse,
    ask,  ///< Authorize.req; without an answer decide again as offline
};

struct Decision {
    Verdict verdict = Verdict::ask;
    /// Accepted, or why it is refused: the entry's own status, Expired also where UTC is unknown and the
    /// expiryDate cannot be judged, Invalid where nothing is known of the tag or may be used. Of ask:
    /// Invalid.
    AuthorizationStatus status = AuthorizationStatus::Invalid;
    Source source = Source::neither;  ///< of the entry it rests on
    std::optional<IdToken> parent;    ///< parentIdTag of an accepted entry
    std::string_view reason;          ///< words for the log; static
};

/// A transaction's tag and the parentIdTag it is known to have: from the Decision, Authorize.conf or
/// StartTransaction.conf.
struct TagGroup {
    std::string tag;
    std::optional<IdToken> parent;
};

/// Both have a parentIdTag, and the same one. A parentIdTag is compared with another and never with a
/// presented tag (section 3.10).
bool same_group(const std::optional<IdToken>& a, const std::optional<IdToken>& b);

/// Authorize.conf about another tag than the transaction's: may it stop the transaction? ConcurrentTx may: it
/// only matters to a start (section 7.2).
bool answer_may_stop(const TagGroup& transaction, const IdTagInfo& answer);

/// List and cache, and the rules between them.
class Authorizer {
  public:
    explicit Authorizer(const std::vector<Record>& saved) : list_(saved), cache_(saved) {}

    /// May `tag` start a transaction? The list beats the cache, a disabled one is as if empty.
    [[nodiscard]] Decision decide(std::string_view tag, const AuthorizationRules& rules, Reach reach,
                                  std::optional<UtcTime> utc) const;

    /// May `tag` stop `transaction`? The same tag always, unasked, whatever became of it since; another one
    /// if it would be accepted and is of the same group. Nobody is asked about a transaction without a group.
    [[nodiscard]] Decision decide_stop(std::string_view tag, const TagGroup& transaction,
                                       const AuthorizationRules& rules, Reach reach,
                                       std::optional<UtcTime> utc) const;

    /// The idTagInfo of Authorize.conf, StartTransaction.conf or StopTransaction.conf about `tag`; goes into
    /// the cache, which drops what it has of a listed tag, and of any while it is disabled. True: the list
    /// says otherwise, which is a StatusNotification with LocalListConflict for connector 0 (section 3.5.2).
    [[nodiscard]] bool learn(std::string_view tag, const IdTagInfo& info, const AuthorizationRules& rules,
                             std::optional<UtcTime> utc, Effects& effects);

    /// SendLocalList: NotSupported while the list is disabled, else as LocalList::update(). What is listed
    /// leaves the cache, so that no old word about it comes back when it leaves the list.
    UpdateStatus update_list(const SendLocalListReq& request, const LocalListLimits& limits,
                             const AuthorizationRules& rules, Effects& effects);
    /// GetLocalListVersion: -1 while the list is disabled, 0 while it is empty.
    [[nodiscard]] int list_version(const AuthorizationRules& rules) const;

    /// Rejected, and nothing done, while the cache is disabled (R62).
    ClearCacheStatus clear_cache(const AuthorizationRules& rules, Effects& effects);

    [[nodiscard]] const LocalList& list() const { return list_; }
    [[nodiscard]] const AuthorizationCache& cache() const { return cache_; }

  private:
    struct Entry {
        const IdTagInfo* info = nullptr;
        Source source = Source::neither;
    };
    [[nodiscard]] Entry look_up(std::string_view tag, const AuthorizationRules& rules) const;

    LocalList list_;
    AuthorizationCache cache_;
};

}  // namespace busbar::ocpp
