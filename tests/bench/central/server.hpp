// SPDX-License-Identifier: Apache-2.0
// A WebSocket server on TLS 1.2 for charge points, as plain as Beast makes it. Beast stays behind this
// header.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace busbar::bench {

/// One connection. Everything on the loop's thread.
class Peer {
  public:
    virtual ~Peer() = default;
    [[nodiscard]] virtual const std::string& charge_point() const = 0;  ///< last segment of the path
    virtual void send(std::string text) = 0;                            ///< queued; one write at a time
    virtual void drop() = 0;  ///< closes the socket without a word; `closed` follows
};
using PeerPtr = std::shared_ptr<Peer>;

class Server {
  public:
    struct Events {
        std::function<void(const PeerPtr&)> opened;
        std::function<void(const PeerPtr&, std::string_view text)> received;
        std::function<void(const PeerPtr&)> closed;  ///< once, after opened
    };

    /// Listens on a free port of 127.0.0.1. Throws where the PEM files cannot be read.
    Server(boost::asio::io_context& loop, const std::string& certificate_file, const std::string& key_file,
           Events events);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace busbar::bench
