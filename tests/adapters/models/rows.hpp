// SPDX-License-Identifier: Apache-2.0
// The rows of the table, by transport.
#pragma once

#include <vector>

#include "box.hpp"

namespace busbar::adapters::models {

std::vector<Model> serial_rows();
std::vector<Model> network_rows();

}  // namespace busbar::adapters::models
