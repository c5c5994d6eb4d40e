// SPDX-License-Identifier: Apache-2.0
// The addresses of a host on the local network, within a deadline and until a stop.
#pragma once

#include <netdb.h>

#include <memory>
#include <string>

#include "adapters/interrupt.hpp"
#include "gateway/base/result.hpp"

namespace busbar::adapters {

class NameLookup {
  public:
    /// `host` is an address or a name; `socket_type` SOCK_STREAM or SOCK_DGRAM.
    NameLookup(std::string host, int port, int socket_type);
    NameLookup(const NameLookup&) = delete;
    NameLookup& operator=(const NameLookup&) = delete;
    ~NameLookup();

    /// Never empty; good until forget(), after which the name is looked up anew. A lookup that outlasts the
    /// deadline goes on and serves the next call. Errors: unreachable, io, cancelled.
    Result<const addrinfo*> addresses(const Interrupt& interrupt, SteadyTime deadline);
    void forget();

    [[nodiscard]] const std::string& host() const { return host_; }
    [[nodiscard]] const std::string& port() const { return port_; }

  private:
    struct Request;

    std::string host_;
    std::string port_;
    int socket_type_;
    std::unique_ptr<Request> request_;
};

}  // namespace busbar::adapters
