// SPDX-License-Identifier: Apache-2.0
// Connector 0, the charge point as a whole: its status (R47) and the sum of its connectors' meters.
#pragma once

#include <deque>
#include <optional>

#include "ocpp/clock_sampler.hpp"
#include "ocpp/connector.hpp"
#include "ocpp/context.hpp"
#include "ocpp/status_reporter.hpp"

namespace busbar::ocpp {

class ConnectorZero {
  public:
    explicit ConnectorZero(Context& context) : context_(context) {}

    /// Before the connectors tell theirs.
    void report_status(const Now& now);
    /// Follows up whatever has changed, when the connectors are settled.
    void settle(const std::deque<Connector>& connectors, const Now& now);
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return clock_sampler_.next_deadline(); }

    /// TriggerMessage(StatusNotification).
    void send_status(const Now& now) { push_status(now, true); }

    /// The central system contradicts the local list.
    void report_list_conflict(const Now& now);

    void on_status_answered() { reporter_.on_answered(); }
    void on_status_unanswered() { reporter_.on_unanswered(); }
    void on_link_lost() { reporter_.on_link_lost(); }
    void on_registered() { reporter_.on_registered(); }

  private:
    void push_status(const Now& now, bool triggered,
                     ChargePointErrorCode error = ChargePointErrorCode::NoError);
    void sample_clock(const std::deque<Connector>& connectors, const Now& now);

    Context& context_;
    StatusReporter reporter_;
    ClockSampler clock_sampler_;
};

}  // namespace busbar::ocpp
