// SPDX-License-Identifier: Apache-2.0
// All that support asks for, in one file, without secrets and cards.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/web/api/jobs.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// A member of the bundle and how it is made, as JSON text.
using BundlePart = std::pair<std::string, std::function<std::string()>>;

/// The parts as one document; what carries a card or a secret is masked, whoever wrote it. Pure.
nlohmann::ordered_json bundle_of(const std::vector<BundlePart>& parts);

/// Of its lists, what carries a time outside of [from, to] is left out; what carries none stays. Pure.
nlohmann::ordered_json within(nlohmann::ordered_json bundle, const std::optional<UtcTime>& from,
                              const std::optional<UtcTime>& to);

/// POST /support-bundle. `jobs` outlives the routes.
std::vector<Route> bundle_routes(Jobs& jobs, std::vector<BundlePart> parts);

}  // namespace busbar::gateway
