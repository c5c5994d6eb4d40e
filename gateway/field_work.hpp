// SPDX-License-Identifier: Apache-2.0
// Scans and trials on the buses in service, as routes of the API. One at a time on each bus.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/trace.hpp"
#include "gateway/line_scan.hpp"
#include "gateway/profile_shelf.hpp"
#include "gateway/scan_job.hpp"
#include "gateway/site.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// Loop thread only. A bus with chargers stays at its settings, and their unit ids are not asked; on one
/// without, the line is opened at whatever settings the scan tries.
class FieldWork {
  public:
    /// `site` outlives this. `bus_tap` and `log` are used on the buses' threads too.
    FieldWork(boost::asio::any_io_executor main, Site& site, TraceTap bus_tap, Log log)
        : main_(std::move(main)),
          site_(site),
          bus_tap_(std::move(bus_tap)),
          log_(std::move(log)),
          line_scan_(main_, site, bus_tap_, log_) {}

    /// The models that scans from now on know.
    void know(const ProfileShelf& models);

    /// These buses are about to be in service: nobody else speaks on their lines any more.
    void release(const std::vector<config::Bus>& buses) { line_scan_.release(buses); }

    [[nodiscard]] std::vector<Route> routes();

  private:
    [[nodiscard]] std::vector<Route> own_routes();
    HttpResponse start_scan(const HttpRequest& request);
    HttpResponse show_scan(const HttpRequest& request);
    HttpResponse stop_scan(const HttpRequest& request);
    HttpResponse try_profile(const HttpRequest& request);

    [[nodiscard]] bool busy(const std::string& bus) const;
    Alive occupy(const std::string& bus);
    [[nodiscard]] ScanJob* scan_of(const std::string& bus) const;

    boost::asio::any_io_executor main_;
    Site& site_;
    TraceTap bus_tap_;
    Log log_;
    ProfileShelf models_;
    std::map<std::string, std::weak_ptr<void>> guests_;      ///< by bus id
    std::map<std::string, std::shared_ptr<ScanJob>> scans_;  ///< the last of each bus, by its id
    LineScan line_scan_;
};

}  // namespace busbar::gateway
