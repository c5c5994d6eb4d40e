// SPDX-License-Identifier: Apache-2.0
// A scan as a guest of a bus, and what the main loop knows of it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <set>
#include <string>

#include "adapters/scan.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/trace.hpp"
#include "gateway/site.hpp"
#include "gateway/web/http.hpp"

namespace busbar::gateway {

/// Held by a guest, and by its last word on the way to the loop.
using Alive = std::shared_ptr<void>;

/// Loop thread only.
struct ScanJob {
    std::shared_ptr<const adapters::ProfileLibrary> profiles;
    std::weak_ptr<void> guest;
    adapters::ScanFindings findings{};
    bool over = false;

    /// It ended before everything was asked.
    void stop();
};

/// `body`: {"anyway", "thorough", "first", "unit_ids"}, or more. `in_service`: the unit ids of chargers and
/// meters on the line. Empty: the body is no JSON object.
std::optional<adapters::ScanOptions> scan_options(const std::string& body, const std::set<int>& in_service);

/// `job` is told on `main` of what is found.
Bus::Guest make_scan(const Site::BusView& view, adapters::ScanOptions options,
                     const std::shared_ptr<ScanJob>& job, Alive alive, boost::asio::any_io_executor main,
                     TraceTap tap, const Log& log);

/// The report of `job`; nullptr: none was started.
HttpResponse scan_report(const std::string& bus, ScanJob* job, int status = 200);

}  // namespace busbar::gateway
