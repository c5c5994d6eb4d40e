// SPDX-License-Identifier: Apache-2.0
// The checklists of all chargers: kept in a file, run as jobs, ticked by hand.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/site.hpp"
#include "gateway/web/api/checklist.hpp"
#include "gateway/web/api/jobs.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// Loop thread only.
class Checklists {
  public:
    /// All of it outlives this. `file` keeps them over restarts.
    struct Surroundings {
        boost::asio::io_context& loop;
        Site& site;
        Jobs& jobs;
        std::function<Now()> now;
        std::string file;
    };

    explicit Checklists(Surroundings around);

    /// This outlives the routes.
    [[nodiscard]] std::vector<Route> routes();

  private:
    struct Run {
        ChecklistRun run;
        std::string job;
    };

    void arm();
    void look();
    /// False: it is over.
    bool look_at(const std::string& id, Run& run);
    /// A transaction that began while the link was down proves itself.
    void watch_for_offline_start(const std::string& id, const ChargePointReport& report);
    void end(const std::string& id);
    void save() const;
    [[nodiscard]] std::string text(const std::string& id);
    HttpResponse show(const std::string& id);
    HttpResponse start(const std::string& id);
    HttpResponse tick(const std::string& id, const std::string& item, const std::string& body);

    Surroundings around_;
    boost::asio::steady_timer timer_;
    std::map<std::string, Checklist> lists_;  ///< of chargers that somebody asked about
    std::map<std::string, Run> runs_;
};

}  // namespace busbar::gateway
