// SPDX-License-Identifier: Apache-2.0
// A connected client as a stream of bytes: over a unix socket, TCP, or TLS on it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <functional>
#include <memory>

#include "gateway/tls.hpp"

namespace busbar::gateway {

/// At most one read and one write at a time; the buffers outlive them. Nothing completes inside the call that
/// starts it. Loop thread only.
class Channel {
  public:
    using Done = std::function<void(const boost::system::error_code&, std::size_t)>;

    virtual ~Channel() = default;
    virtual boost::asio::any_io_executor executor() = 0;
    /// Shakes hands, where that is done.
    virtual void open(Done done) = 0;
    virtual void read(boost::asio::mutable_buffer target, Done done) = 0;
    /// All of it.
    virtual void write(boost::asio::const_buffer source, Done done) = 0;
    /// Tells the client that nothing more comes; it may still be read.
    virtual void finish() = 0;
    /// What is under way ends with an error.
    virtual void close() = 0;
};

std::unique_ptr<Channel> plain_channel(boost::asio::local::stream_protocol::socket socket);
std::unique_ptr<Channel> plain_channel(boost::asio::ip::tcp::socket socket);
/// `ssl`: a fresh server connection.
std::unique_ptr<Channel> tls_channel(boost::asio::ip::tcp::socket socket, SslPtr ssl);

}  // namespace busbar::gateway
