// SPDX-License-Identifier: Apache-2.0
// A trial of a charger profile as a guest of a bus, and the wish that asks for it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <optional>
#include <string>

#include "adapters/profile_trial.hpp"
#include "config/profile.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/trace.hpp"
#include "gateway/scan_job.hpp"
#include "gateway/site.hpp"
#include "gateway/web/http.hpp"

namespace busbar::gateway {

/// What is tried where; or, where `refusal` is there, why nothing is.
struct TrialWish {
    config::Profile profile{};
    adapters::TrialPlace place{};
    std::optional<HttpResponse> refusal{};
};

/// `body`: {"profile": {...} or the id of one of `known`, "unit_id"}, optional "units" and "connectors";
/// members beside them are the caller's.
TrialWish trial_wish(const std::string& body, const adapters::ProfileLibrary& known);

/// 409: somebody else is at work on that bus.
HttpResponse bus_busy(const std::string& bus);

/// One look, without writing; `respond` is called once, on `main`, after `alive` was let go.
Bus::Guest make_trial(const Site::BusView& view, const TrialWish& wish,
                      std::function<void(HttpResponse)> respond, Alive alive,
                      const boost::asio::any_io_executor& main, TraceTap tap, const Log& log);

}  // namespace busbar::gateway
