// SPDX-License-Identifier: Apache-2.0
// Tells whoever listens to the event stream what the daemon's own topics say: status, trace, logs.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "gateway/base/time.hpp"
#include "gateway/web/event_stream.hpp"

namespace busbar::gateway {

/// When something is to be looked at that changes often: at once, but a gap after the last look at the
/// earliest. The last change is never lost.
class Pace {
  public:
    /// Something changed. When to look; empty: it is due already, and sees this change too.
    std::optional<SteadyTime> on_change(SteadyTime now) {
        if (due_) return std::nullopt;
        due_ = std::max(now, next_);
        return due_;
    }
    void on_looked(SteadyTime now, SteadyTime::duration gap) {
        next_ = now + gap;
        due_.reset();
    }

  private:
    SteadyTime next_;
    std::optional<SteadyTime> due_;
};

/// Loop thread only. What nobody listens to is not made.
class News {
  public:
    /// After one that was told: what a page that listens may cost is bounded.
    static constexpr milliseconds between_changes{150};
    /// After a look that found no news.
    static constexpr milliseconds between_looks{40};
    static constexpr milliseconds between_rounds{1000};

    struct Sources {
        std::function<std::string()> status;         ///< all of it
        std::function<std::string()> charge_points;  ///< what of it, when it is another, is told at once
        std::function<std::int64_t()> last_trace;
        std::function<std::int64_t()> last_log;
    };

    News(boost::asio::io_context& loop, EventStream& events, Sources sources);

    /// From now on, each second.
    void start() { tell_round(); }
    /// Something of a charge point may be another.
    void on_change();
    void stop();

  private:
    void tell_round();
    void tell_change();
    void tell_status();
    void tell_last(const char* topic, std::int64_t last, std::int64_t& told);

    EventStream& events_;
    Sources sources_;
    boost::asio::steady_timer rounds_;
    boost::asio::steady_timer changes_;
    Pace pace_;
    std::string told_charge_points_;
    std::int64_t told_trace_ = 0;
    std::int64_t told_log_ = 0;
};

}  // namespace busbar::gateway
