// SPDX-License-Identifier: Apache-2.0
// When certificates look out of date: theirs are, or our clock is wrong. The central system's server is
// asked.
#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>

#include "gateway/clock.hpp"
#include "gateway/time_fetch.hpp"

namespace busbar::gateway {

/// Loop thread only.
class TimeQuestions {
  public:
    static constexpr seconds pause{60};  ///< between two questions

    /// All of it outlives the object.
    TimeQuestions(boost::asio::io_context& loop, Clock& clock, const TlsClient& tls)
        : loop_(loop), clock_(clock), tls_(tls) {}

    /// Not while the clock has a better source; its answer is offered to the clock.
    void ask(const Path& path, const config::Url& url);

  private:
    boost::asio::io_context& loop_;
    Clock& clock_;
    const TlsClient& tls_;
    std::optional<SteadyTime> asked_at_;
};

}  // namespace busbar::gateway
