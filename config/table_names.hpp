// SPDX-License-Identifier: Apache-2.0
// How the four tables of Modbus are written.
#pragma once

#include "config/json_reader.hpp"
#include "config/profile.hpp"

namespace busbar::config {

constexpr std::array<Name<Table>, 4> kTables{{{"input", Table::input},
                                              {"holding", Table::holding},
                                              {"coil", Table::coil},
                                              {"discrete", Table::discrete}}};

}  // namespace busbar::config
