// SPDX-License-Identifier: Apache-2.0
// A factory reset as the running gateway sees it: marked, the chargers paused, the process ended.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"
#include "gateway/site.hpp"

namespace busbar::gateway {

/// Every charger that answers has confirmed that it offers 0 A.
[[nodiscard]] bool all_paused(const std::vector<ChargePointReport>& charge_points);

/// Loop thread only. What is erased, and when, stands in erasure.hpp.
class FactoryReset {
  public:
    struct Ports {
        boost::asio::io_context& loop;
        std::string state_dir;
        Site& site;
        std::function<bool()> update_is_running;  ///< its roll-back would bring the old state back
        std::function<void()> end;                ///< as SIGTERM would
        Log log;
    };

    explicit FactoryReset(Ports ports);

    /// There is no way back from here, over a power cut either: the chargers are paused, within 10 s the
    /// process ends, and the next one erases. Error: refused while a release is installed; io.
    Result<void> begin();
    [[nodiscard]] bool under_way() const { return under_way_; }

  private:
    void pause();
    void await();

    Ports ports_;
    boost::asio::steady_timer timer_;
    bool under_way_ = false;
    int looks_left_ = 0;
};

}  // namespace busbar::gateway
