// SPDX-License-Identifier: Apache-2.0
// Accepts clients of one socket, no faster than it should and only while there is room.
#pragma once

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// What a listener may cost: so many clients at once after a rest, then so many a second.
struct AcceptPace {
    double burst = 40;
    double per_second = 20;
};

/// Loop thread only. Lives until close() and the end of what is under way.
template <class Protocol>
class AcceptLoop : public std::enable_shared_from_this<AcceptLoop<Protocol>> {
  public:
    using Socket = typename Protocol::socket;
    using Acceptor = typename Protocol::acceptor;

    AcceptLoop(Acceptor acceptor, AcceptPace pace, std::function<bool()> has_room,
               std::function<void(Socket)> accepted)
        : acceptor_(std::move(acceptor)),
          pause_(acceptor_.get_executor()),
          pace_(pace),
          credit_(pace.burst),
          credited_at_(steady_now()),
          has_room_(std::move(has_room)),
          accepted_(std::move(accepted)) {}

    /// Also when there is room again.
    void go() {
        if (busy_ || !acceptor_.is_open() || !has_room_()) return;
        if (!take_credit()) return rest(out_of_credit);
        busy_ = true;
        acceptor_.async_accept([self = this->shared_from_this()](const auto& error, Socket socket) {
            self->busy_ = false;
            if (!self->acceptor_.is_open()) return;
            if (error) return self->rest(out_of_descriptors);
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
    static constexpr milliseconds out_of_credit{100};
    static constexpr milliseconds out_of_descriptors{1000};

    bool take_credit() {
        const auto now = steady_now();
        const std::chrono::duration<double> rested = now - credited_at_;
        credited_at_ = now;
        credit_ = std::min(pace_.burst, credit_ + rested.count() * pace_.per_second);
        if (credit_ < 1) return false;
        credit_ -= 1;
        return true;
    }

    void rest(milliseconds wait) {
        busy_ = true;
        pause_.expires_after(wait);
        pause_.async_wait([self = this->shared_from_this()](const auto&) {
            self->busy_ = false;
            self->go();
        });
    }

    Acceptor acceptor_;
    boost::asio::steady_timer pause_;
    AcceptPace pace_;
    double credit_;
    SteadyTime credited_at_;
    std::function<bool()> has_room_;
    std::function<void(Socket)> accepted_;
    bool busy_ = false;
};

}  // namespace busbar::gateway
