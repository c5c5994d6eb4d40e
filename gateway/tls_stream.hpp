// SPDX-License-Identifier: Apache-2.0
// OpenSSL straight on a socket, as an Asio stream: 25 kB a connection where the stream with its own buffers
// takes 90.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <string>
#include <utility>

#include "gateway/tls.hpp"

namespace busbar::gateway {

/// One TLS connection. At most one read and one write at a time. Loop thread only. A peer that ends with or
/// without close_notify gives asio::error::eof; errors of TLS carry the category of asio's SSL errors.
class TlsStream {
  public:
    using executor_type = boost::asio::any_io_executor;
    using error_code = boost::system::error_code;

    /// A connected socket and a fresh connection state.
    TlsStream(boost::asio::ip::tcp::socket socket, SslPtr ssl);

    [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }

    template <class Handler>
    auto async_handshake(Handler&& handler) {
        return run([](TlsStream& self) { return self.handshake(); }, std::forward<Handler>(handler));
    }

    template <class Buffers, class Handler>
    auto async_read_some(const Buffers& buffers, Handler&& handler) {
        const boost::asio::mutable_buffer target = first_of<boost::asio::mutable_buffer>(buffers);
        return run([target](TlsStream& self) { return self.read(target); }, std::forward<Handler>(handler));
    }

    /// Small pieces leave together: a WebSocket header and its payload make one TLS record.
    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& buffers, Handler&& handler) {
        return run([buffers](TlsStream& self) { return self.write_joined(buffers); },
                   std::forward<Handler>(handler));
    }

    /// Says close_notify and that nothing follows; the peer may still be read.
    void finish();
    /// Says close_notify if the socket takes it at once, and closes.
    void close();
    /// Closes with a reset: nothing that is still buffered reaches the peer later.
    void abort();

    /// Bytes from the wire, decrypted yet or not: proof that the peer lives.
    [[nodiscard]] std::uint64_t bytes_received() const;

    [[nodiscard]] const ssl_st& ssl() const { return *ssl_; }
    [[nodiscard]] std::string peer_address() const;  ///< "192.0.2.7:443"

  private:
    static constexpr std::size_t largest_joined =
        4608;  ///< Beast's 4 KiB of masked payload and a frame header

    /// The outcome of one attempt at the socket.
    struct Step {
        enum class Wants { nothing, readable, writable } wants = Wants::nothing;
        error_code error{};
        std::size_t bytes = 0;
    };

    Step handshake();
    Step read(boost::asio::mutable_buffer target);
    Step write(boost::asio::const_buffer source);
    template <class Call>
    Step attempt(Call call);  ///< one call into OpenSSL, which sets the number of bytes

    template <class Buffer, class Buffers>
    static Buffer first_of(const Buffers& buffers) {
        for (auto i = boost::asio::buffer_sequence_begin(buffers);
             i != boost::asio::buffer_sequence_end(buffers); ++i) {
            const Buffer buffer(*i);
            if (buffer.size() > 0) return buffer;
        }
        return {};
    }

    template <class Buffers>
    Step write_joined(const Buffers& buffers) {
        const auto first = first_of<boost::asio::const_buffer>(buffers);
        std::array<unsigned char, largest_joined> joined;
        if (first.size() >= joined.size() || first.size() == boost::asio::buffer_size(buffers))
            return write(first);
        const std::size_t size = boost::asio::buffer_copy(boost::asio::buffer(joined), buffers);
        return write(boost::asio::buffer(joined, size));
    }

    /// Tries, waits for what OpenSSL asks for, tries again. Never completes inside the call that starts it.
    template <class Attempt>
    struct Operation {
        TlsStream& stream;
        Attempt attempt;
        Step step{};
        bool started = false;

        template <class Self>
        void operator()(Self& self, const error_code& wait_error = {}) {
            if (wait_error) {  // the stream may be gone
                self.complete(wait_error, 0);
                return;
            }
            if (!started || step.wants != Step::Wants::nothing) step = attempt(stream);
            const bool inside_start = !std::exchange(started, true);
            auto& socket = stream.socket_;
            if (step.wants == Step::Wants::readable) {
                socket.async_wait(boost::asio::socket_base::wait_read, std::move(self));
            } else if (step.wants == Step::Wants::writable) {
                socket.async_wait(boost::asio::socket_base::wait_write, std::move(self));
            } else if (inside_start) {
                boost::asio::post(socket.get_executor(), std::move(self));
            } else {
                self.complete(step.error, step.bytes);
            }
        }
    };

    template <class Attempt, class Handler>
    auto run(Attempt attempt, Handler&& handler) {
        return boost::asio::async_compose<Handler, void(error_code, std::size_t)>(
            Operation<Attempt>{*this, std::move(attempt)}, handler, socket_);
    }

    boost::asio::ip::tcp::socket socket_;
    SslPtr ssl_;
};

}  // namespace busbar::gateway
