// SPDX-License-Identifier: Apache-2.0
// A scan of a line that is no bus in service: a port somebody just plugged in, a bus of the setup's draft.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "config/config.hpp"
#include "gateway/profile_shelf.hpp"
#include "gateway/scan_job.hpp"
#include "gateway/site.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// Loop thread only. One at a time, on a thread of its own: buses in service notice nothing.
class LineScan {
  public:
    /// `site` outlives this. `tap` and `log` are used on the scan's thread too.
    LineScan(boost::asio::any_io_executor main, const Site& site, TraceTap tap, Log log)
        : main_(std::move(main)), site_(site), tap_(std::move(tap)), log_(std::move(log)) {}

    /// The models that scans from now on know.
    void know(const ProfileShelf& models) { models_ = models; }

    /// Ends a scan on the line of one of these; returns within 2 s.
    void release(const std::vector<config::Bus>& buses);

    [[nodiscard]] std::vector<Route> routes();

  private:
    HttpResponse start(const HttpRequest& request);
    HttpResponse begin(const config::Bus& line, adapters::ScanOptions options);
    HttpResponse stop();
    HttpResponse report(int status = 200);

    boost::asio::any_io_executor main_;
    const Site& site_;
    TraceTap tap_;
    Log log_;
    ProfileShelf models_;
    config::Bus line_;              ///< of the last scan
    std::shared_ptr<ScanJob> job_;  ///< the last one
    std::unique_ptr<Bus> bus_;      ///< without chargers; gone once the scan is over and was looked at
};

}  // namespace busbar::gateway
