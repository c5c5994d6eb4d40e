// SPDX-License-Identifier: Apache-2.0
// The table of models that --box can name.
#pragma once

#include <span>

#include "adapters/sim/box.hpp"

namespace busbar::sim {

std::span<const Model* const> models();

/// Null: no such model.
const Model* find_model(std::string_view name);

}  // namespace busbar::sim
