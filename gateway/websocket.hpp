// SPDX-License-Identifier: Apache-2.0
// One WebSocket connection to the central system, from the upgrade to its end. Beast stays behind this
// header.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/secret.hpp"
#include "gateway/base/time.hpp"
#include "gateway/link_failure.hpp"
#include "gateway/tls_stream.hpp"

namespace busbar::gateway {

/// What an upgrade asks for.
struct UpgradeRequest {
    std::string host;          ///< Host header
    std::string target;        ///< path and query
    Secret authorization;      ///< empty: no such header
    seconds ping_interval{0};  ///< 0: the longest that keeps a load balancer awake
    seconds pong_limit{10};    ///< from a ping to any byte
};

/// Loop thread only. Bounds: 10 s for the upgrade, 256 KiB a message, 1 MiB waiting to be sent, 2 s for a
/// close.
class WebSocket {
  public:
    struct Events {
        std::function<void()> opened;  ///< the server selected ocpp1.6
        std::function<void(std::string_view)> received;
        std::function<void(std::string_view)> sent;  ///< handed to TLS
        std::function<void()> ignored;               ///< a binary frame came
        std::function<void(LinkFailure)> ended;  ///< once, at the latest 2 s after close(); nothing follows
    };

    /// Events come later, none from within a call of these functions.
    WebSocket(boost::asio::io_context& loop, TlsStream stream, UpgradeRequest request, Events events);
    ~WebSocket();  ///< ends without an event
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;

    /// Opened and not closing.
    [[nodiscard]] bool is_open() const;
    /// Since it was made; it grows with each byte of the wire, pongs too.
    [[nodiscard]] std::uint64_t bytes_received() const;
    /// REQUIRES: is_open(). `sent` alone is reported at once.
    void send(std::string text);
    void set_ping_interval(seconds interval);
    /// REQUIRES: is_open(). Sends what is queued, then the close frame.
    void close(std::uint16_t code);

  private:
    class Connection;
    std::shared_ptr<Connection> connection_;
};

}  // namespace busbar::gateway
