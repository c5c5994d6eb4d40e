// SPDX-License-Identifier: Apache-2.0
// Tags the central system has spoken about: what both the local list and the authorisation cache are made of.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocpp/effect.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp {

/// A tag as it is looked up: idTags are compared without case (OCPP 1.6 section 6.3), and of a longer card
/// number the first 20 characters, which are what the central system is asked about.
std::string folded(std::string_view tag);

/// Equal in every field, as it would be kept.
bool same_info(const IdTagInfo& a, const IdTagInfo& b);

/// What an entry is worth at a given time.
enum class Standing {
    valid,         ///< Accepted, and its expiryDate has not come
    not_accepted,  ///< any other status, ConcurrentTx too (OCPP 1.6 section 3.5.4)
    expired,       ///< Accepted, but its expiryDate has come
    undated,       ///< Accepted, with an expiryDate that cannot be judged while UTC is unknown
    unknown,       ///< there is no entry
};

Standing standing_of(const IdTagInfo& info, std::optional<UtcTime> utc);

/// By folded tag, with one record an entry, so that a change costs what it changes. Effects are for the store
/// alone; those of one turn land in one commit.
class KnownTags {
  public:
    using Entries = std::map<std::string, IdTagInfo, std::less<>>;

    /// Takes up the records of `kind`. What cannot be read, or stands under another tag's key, is left out
    /// and stays in the store until erase_damaged().
    KnownTags(std::string_view kind, const std::vector<Record>& saved);

    [[nodiscard]] const Entries& entries() const { return entries_; }
    /// Null: unknown. Good until the next change.
    [[nodiscard]] const IdTagInfo* find(std::string_view tag) const;

    /// What is there already writes nothing.
    void put(std::string_view tag, const IdTagInfo& info, Effects& effects);
    void erase(std::string_view tag, Effects& effects);
    void erase_damaged(Effects& effects);

  private:
    std::string kind_;
    Entries entries_;
    std::vector<std::string> damaged_;  ///< keys
};

}  // namespace busbar::ocpp
