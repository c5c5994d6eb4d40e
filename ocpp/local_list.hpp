// SPDX-License-Identifier: Apache-2.0
// The Local Authorization List (OCPP 1.6 sections 3.5.2, 5.10 and 5.15, R87): the central system's, changed
// by SendLocalList alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ocpp/known_tags.hpp"

namespace busbar::ocpp {

/// The configuration keys that bound it.
struct LocalListLimits {
    std::size_t request = 0;  ///< SendLocalListMaxLength: elements of one request
    std::size_t list = 0;     ///< LocalAuthListMaxLength: entries afterwards
};

/// One record an entry and one for the version and the number of entries. A list of which a record is damaged
/// or missing is no longer the list of its version: what is left of it still counts, but it says version 0
/// and takes a Full only, which the central system sends after VersionMismatch.
class LocalList {
  public:
    static constexpr std::string_view record_kind = "local_list";
    static constexpr std::string_view version_kind = "local_list_version";

    explicit LocalList(const std::vector<Record>& saved);

    /// Above 0, or 0 while the list is empty (or damaged, see above).
    [[nodiscard]] int version() const { return version_; }
    [[nodiscard]] bool intact() const { return intact_; }
    [[nodiscard]] std::size_t size() const { return tags_.entries().size(); }
    /// Expired entries too. Null: not listed. Good until the next update().
    [[nodiscard]] const IdTagInfo* find(std::string_view tag) const { return tags_.find(tag); }

    /// SendLocalList, all of it or nothing. Writes what differs and nothing else.
    /// VersionMismatch: a Differential not newer than the list. Failed: listVersion 0 or below, a tag twice
    /// (or empty), an element of a Full without idTagInfo, more than the limits allow. Never NotSupported.
    UpdateStatus update(const SendLocalListReq& request, const LocalListLimits& limits, Effects& effects);

  private:
    void take_up(const SendLocalListReq& request, Effects& effects);
    void set_version(int version, Effects& effects);

    KnownTags tags_;
    int version_ = 0;
    std::string saved_version_;  ///< body of its record, empty: there is none
    bool intact_ = true;
};

}  // namespace busbar::ocpp
