// SPDX-License-Identifier: Apache-2.0
// A TCP connection to a charger or a bus gateway, opened within a deadline.
#pragma once

#include <string>

#include "adapters/interrupt.hpp"
#include "adapters/name_lookup.hpp"
#include "gateway/base/result.hpp"

namespace busbar::adapters {

class TcpDialer {
  public:
    /// `host` is an address, or a name, which is looked up at every dial.
    TcpDialer(std::string host, int port);

    /// A connected, non-blocking socket, the caller's to close. Errors: unreachable, cancelled.
    /// A name lookup that outlasts the deadline goes on and serves the next dial.
    Result<int> dial(const Interrupt& interrupt, milliseconds deadline);

  private:
    NameLookup lookup_;
};

}  // namespace busbar::adapters
