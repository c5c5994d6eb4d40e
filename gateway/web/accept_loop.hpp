// SPDX-License-Identifier: Apache-2.0
// Accepts clients of one socket while there is room.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// Loop thread only. Lives until close() and the end of what is under way.
template <class Protocol>
class AcceptLoop : public std::enable_shared_from_this<AcceptLoop<Protocol>> {
  public:
    using Socket = typename Protocol::socket;
    using Acceptor = typename Protocol::acceptor;

    AcceptLoop(Acceptor acceptor, std::function<bool()> has_room, std::function<void(Socket)> accepted)
        : acceptor_(std::move(acceptor)),
          pause_(acceptor_.get_executor()),
          has_room_(std::move(has_room)),
          accepted_(std::move(accepted)) {}

    /// Also when there is room again.
    void go() {
        if (busy_ || !acceptor_.is_open() || !has_room_()) return;
        busy_ = true;
        acceptor_.async_accept([self = this->shared_from_this()](const auto& error, Socket socket) {
            self->busy_ = false;
            if (!self->acceptor_.is_open()) return;
            if (error) return self->rest();
            self->accepted_(std::move(socket));
            self->go();
        });
    }

    void close() {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        has_room_ = [] { return false; };
        accepted_ = {};
    }

    [[nodiscard]] const Acceptor& acceptor() const { return acceptor_; }

  private:
    static constexpr seconds out_of_descriptors{1};

    void rest() {
        busy_ = true;
        pause_.expires_after(out_of_descriptors);
        pause_.async_wait([self = this->shared_from_this()](const auto&) {
            self->busy_ = false;
            self->go();
        });
    }

    Acceptor acceptor_;
    boost::asio::steady_timer pause_;
    std::function<bool()> has_room_;
    std::function<void(Socket)> accepted_;
    bool busy_ = false;
};

}  // namespace busbar::gateway
