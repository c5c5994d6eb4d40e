// SPDX-License-Identifier: Apache-2.0
// The last lines of the log, for whoever cannot read the journal.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/time.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

struct NumberedLine {
    std::int64_t number = 0;  ///< 1, 2, 3, ... in the order written
    SteadyTime at;
    LogLevel level = LogLevel::info;
    std::string event;
    std::string text;
    std::vector<LogField> fields;
};

/// Loop thread only, but for what tee() gives. Bounded: the oldest lines give way.
class LogRing {
  public:
    static constexpr std::size_t capacity = 1000;
    static constexpr std::size_t longest_text = 1000;

    void add(NumberedLine line);
    [[nodiscard]] const std::deque<NumberedLine>& lines() const { return lines_; }
    [[nodiscard]] std::int64_t last() const { return last_; }

    /// `log` and, by way of the loop, the ring; for every thread. Levels that `log` leaves out are here too.
    [[nodiscard]] static Log tee(const Log& log, const std::shared_ptr<LogRing>& ring,
                                 const boost::asio::any_io_executor& loop);

  private:
    std::deque<NumberedLine> lines_;
    std::int64_t last_ = 0;
};

/// GET /logs. The ring outlives the routes.
std::vector<Route> log_routes(const LogRing& ring, std::function<Now()> now);

/// The lines as the support bundle has them, as JSON text of a list.
std::string log_text(const LogRing& ring, const Now& now);

}  // namespace busbar::gateway
