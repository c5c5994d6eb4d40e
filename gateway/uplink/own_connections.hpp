// SPDX-License-Identifier: Apache-2.0
// Which of NetworkManager's connections the gateway made: they go with a factory reset.
#pragma once

#include <string>

#include "gateway/base/log.hpp"

namespace busbar::gateway {

/// A fresh UUID by which the connection is known as ours, whatever it is called.
std::string own_connection_uuid();
[[nodiscard]] bool is_own_connection(const std::string& uuid);

/// Before the loop runs: removes all of ours, and the networks' keys with them. Waits 5 s for each answer at
/// most; where there is no NetworkManager there are none.
void forget_own_connections(const Log& log);

}  // namespace busbar::gateway
