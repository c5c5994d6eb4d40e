// SPDX-License-Identifier: Apache-2.0
// A scan of a line that is no bus in service, and a trial there: a port somebody just plugged in, a bus of
// the setup's draft.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/profile_shelf.hpp"
#include "gateway/scan_job.hpp"
#include "gateway/site.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// Loop thread only. One of either at a time, on a thread of its own: buses in service notice nothing.
class LineScan {
  public:
    /// `site` outlives this. `tap` and `log` are used on the scan's thread too.
    LineScan(boost::asio::any_io_executor main, const Site& site, TraceTap tap, Log log)
        : main_(std::move(main)), site_(site), tap_(std::move(tap)), log_(std::move(log)) {}

    /// The models that scans from now on know.
    void know(const ProfileShelf& models) { models_ = models; }

    /// Ends a scan or trial on the line of one of these; returns within 2 s.
    void release(const std::vector<config::Bus>& buses);

    [[nodiscard]] std::vector<Route> routes();

  private:
    HttpResponse start(const HttpRequest& request);
    HttpResponse try_profile(const HttpRequest& request);
    /// Why nobody may speak on that line now.
    [[nodiscard]] std::optional<HttpResponse> refusal_of(const config::Checked<config::Bus>& line) const;
    Site::BusView open(const config::Bus& line);
    HttpResponse stop();
    HttpResponse report(int status = 200);

    boost::asio::any_io_executor main_;
    const Site& site_;
    TraceTap tap_;
    Log log_;
    ProfileShelf models_;
    config::Bus line_;              ///< the last one
    std::shared_ptr<ScanJob> job_;  ///< the last scan
    std::string scanned_;           ///< its bus
    std::weak_ptr<void> guest_;     ///< the scan or trial that runs
    std::unique_ptr<Bus> bus_;      ///< without chargers; gone once its guest is over and somebody looked
};

}  // namespace busbar::gateway
