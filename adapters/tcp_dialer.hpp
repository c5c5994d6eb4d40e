// SPDX-License-Identifier: Apache-2.0
// A TCP connection to a charger or a bus gateway, opened within a deadline.
#pragma once

#include <netdb.h>

#include <memory>
#include <string>

#include "adapters/interrupt.hpp"
#include "gateway/base/result.hpp"

namespace busbar::adapters {

class TcpDialer {
  public:
    /// `host` is an address, or a name, which is looked up at every dial.
    TcpDialer(std::string host, int port);
    TcpDialer(const TcpDialer&) = delete;
    TcpDialer& operator=(const TcpDialer&) = delete;
    ~TcpDialer();

    /// A connected, non-blocking socket, the caller's to close. Errors: unreachable, cancelled.
    /// A name lookup that outlasts the deadline goes on and serves the next dial.
    Result<int> dial(const Interrupt& interrupt, milliseconds deadline);

  private:
    struct Lookup;

    Result<addrinfo*> look_up(const Interrupt& interrupt, SteadyTime deadline);

    std::string host_;
    std::string port_;
    std::unique_ptr<Lookup> lookup_;
};

}  // namespace busbar::adapters
