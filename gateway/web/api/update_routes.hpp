// SPDX-License-Identifier: Apache-2.0
// Updates over the API: a bundle comes in, is installed at its hour, and everybody sees how it goes.
#pragma once

#include <string>
#include <vector>

#include "gateway/update_desk.hpp"
#include "gateway/web/api/jobs.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// Loop thread only.
class UpdateApi {
  public:
    /// `desk` and `jobs` outlive it.
    UpdateApi(UpdateDesk& desk, Jobs& jobs, std::function<Now()> now);

    /// It outlives the routes.
    [[nodiscard]] std::vector<Route> routes();

  private:
    [[nodiscard]] HttpResponse show(int status) const;
    [[nodiscard]] std::string page() const;
    std::optional<HttpResponse> begin(HttpRequest& head);
    HttpResponse taken(const HttpRequest& request);
    HttpResponse install(const HttpRequest& request);
    HttpResponse postpone(const HttpRequest& request);
    HttpResponse cancel();
    void follow();

    UpdateDesk& desk_;
    Jobs& jobs_;
    std::function<Now()> now_;
    std::string job_;  ///< of the installation that was asked for; empty: none
};

}  // namespace busbar::gateway
