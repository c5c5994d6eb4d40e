// SPDX-License-Identifier: Apache-2.0
// How sessions come from one uplink to another.
#pragma once

#include <cstdint>

namespace busbar::gateway {

enum class Move : std::uint8_t {
    none,
    forced,   ///< the old uplink is dead: its sockets are reset at once, so that nothing arrives late and
              ///< double
    planned,  ///< the old one works: TLS stands on the new one, and no answer is awaited, before the old is
              ///< closed
};

}  // namespace busbar::gateway
