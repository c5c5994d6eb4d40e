// SPDX-License-Identifier: Apache-2.0
// The Authorization Cache (OCPP 1.6 section 3.5.1, R41): what the central system last said about each tag.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocpp/known_tags.hpp"

namespace busbar::ocpp {

/// One record an entry, written when the central system says something new about the tag and at no other
/// time: which entry is the oldest is kept in memory alone, and after a restart those not heard of since go
/// first.
class AuthorizationCache {
  public:
    static constexpr std::string_view record_kind = "authorization_cache";
    static constexpr std::size_t default_capacity = 500;

    explicit AuthorizationCache(const std::vector<Record>& saved, std::size_t capacity = default_capacity);

    [[nodiscard]] std::size_t size() const { return tags_.entries().size(); }
    /// Null: not in it. Whether it has expired is standing_of()'s to say, and costs no write. Good until the
    /// next change.
    [[nodiscard]] const IdTagInfo* find(std::string_view tag) const { return tags_.find(tag); }

    /// The idTagInfo of a .conf about `tag`, valid or not; the caller keeps listed tags away (section 3.5.3).
    /// A full cache gives up an entry for a new tag: one that is not valid at `utc` if there is one, the one
    /// heard of longest ago among its like.
    void update(std::string_view tag, const IdTagInfo& info, std::optional<UtcTime> utc, Effects& effects);

    /// The tag is listed now.
    void forget(std::string_view tag, Effects& effects);

    /// ClearCache.
    void clear(Effects& effects);

  private:
    void make_room(std::optional<UtcTime> utc, Effects& effects);

    KnownTags tags_;
    std::size_t capacity_;
    std::map<std::string, std::uint64_t, std::less<>> heard_;  ///< by folded tag; absent: before this start
    std::uint64_t last_heard_ = 0;
};

}  // namespace busbar::ocpp
