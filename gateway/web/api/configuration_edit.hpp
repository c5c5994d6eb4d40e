// SPDX-License-Identifier: Apache-2.0
// The configuration as a document that is read and written from afar: secrets out, secrets kept, what a
// change changes. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/settings.hpp"

namespace busbar::gateway {

/// Every secret is null.
nlohmann::ordered_json without_secrets(nlohmann::ordered_json configuration);

/// `wanted` with the secrets of `present` where it says null, or nothing: elements of lists are told by their
/// ids. A null that nothing stands for is taken out, so that the reader says what is missing.
nlohmann::ordered_json with_secrets_of(const nlohmann::ordered_json& present, nlohmann::ordered_json wanted);

/// A list of {"op", "path", "from", "to"}; secrets read as null.
nlohmann::ordered_json changes_between(const nlohmann::ordered_json& from, const nlohmann::ordered_json& to);

/// A quoted entity tag: equal texts have equal ones.
std::string etag_of(std::string_view text);

/// Ids of the charge points of `to` that are in `from` and would be made anew.
std::vector<std::string> restarted_by(const GatewaySettings& from, const GatewaySettings& to);

}  // namespace busbar::gateway
