// SPDX-License-Identifier: Apache-2.0
// A central system for one test, on loopback: TLS, the WebSocket upgrade, and a record of what happened in
// which order.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <vector>

#include "test_certificates.hpp"

namespace busbar::gateway::testing {

class TlsPeer {
  public:
    /// `context` outlives the peer.
    TlsPeer(boost::asio::io_context& loop, SSL_CTX& context);
    ~TlsPeer();
    TlsPeer(const TlsPeer&) = delete;
    TlsPeer& operator=(const TlsPeer&) = delete;

    [[nodiscard]] int port() const;
    /// "1 tls", "1 upgrade", "1 close 1001", "1 end", "2 reset": the number is the connection's.
    [[nodiscard]] const std::vector<std::string>& story() const { return *story_; }

  private:
    class Connection;
    void accept();

    SSL_CTX& context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::shared_ptr<std::vector<std::string>> story_ = std::make_shared<std::vector<std::string>>();
    std::vector<std::weak_ptr<Connection>> connections_;
};

}  // namespace busbar::gateway::testing
