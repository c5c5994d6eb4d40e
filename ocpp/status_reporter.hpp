// SPDX-License-Identifier: Apache-2.0
// Which status of one connector the central system has heard, and when it should hear the next (R26, R45,
// R46).
#pragma once

#include <deque>
#include <optional>

#include "ocpp/connector_status.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::ocpp {

class StatusReporter {
  public:
    /// Reports whose answer is awaited; the call queue drops the oldest of more, too.
    static constexpr std::size_t most_under_way = 64;

    struct Report {
        ConnectorStatus status;
        Stamp since;
    };

    /// The connector's status is this since `since` (ignored where it is no change).
    void update(const ConnectorStatus& status, const Stamp& since);

    /// What is to be sent now: the present status, if it is not the last one sent and has lasted for
    /// MinimumStatusDuration. Counts as sent from here on.
    std::optional<Report> take_due(SteadyTime now, seconds minimum_duration);

    /// The oldest report under way was answered (a CALLERROR is an answer too).
    void on_answered();

    /// The oldest report under way got no answer in time: nobody knows whether it was heard.
    void on_unanswered();

    /// Reports under way may be lost: the next take_due() compares with the last answered one, or tells anew
    /// where it is unknown what was heard last.
    void on_link_lost();

    /// The central system starts from nothing: everything is to be told again.
    void on_registered();

    [[nodiscard]] const std::optional<Report>& present() const { return present_; }
    [[nodiscard]] std::optional<SteadyTime> next_deadline(seconds minimum_duration) const;

  private:
    [[nodiscard]] bool is_news() const;

    std::optional<Report> present_;
    std::optional<ConnectorStatus> sent_;
    std::optional<ConnectorStatus> answered_;
    std::deque<ConnectorStatus> under_way_;  ///< oldest first
};

}  // namespace busbar::ocpp
