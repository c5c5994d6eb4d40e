// SPDX-License-Identifier: Apache-2.0
// Where a charge point stands with its central system (OCPP 1.6 section 4.2, R20 to R28), and when
// BootNotification is due.
#pragma once

#include <optional>

#include "gateway/base/time.hpp"
#include "ocpp/call_queue.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp {

class Registration {
  public:
    /// A BootNotification without answer is repeated at once after this, one refused by CALLERROR after the
    /// other (CONTRACT.md section 6: on the same connection within 25 s).
    static constexpr seconds answer_within{20};
    static constexpr seconds retry_after_error{15};
    /// Where Pending or Rejected names no interval.
    static constexpr seconds own_interval{60};

    void on_connected(SteadyTime now);
    void on_disconnected();

    /// Its CALL is on the way.
    void on_boot_sent() { boot_at_.reset(); }
    void on_boot_conf(const BootNotificationConf& conf, SteadyTime now);
    void on_boot_error(SteadyTime now) { boot_at_ = now + retry_after_error; }
    void on_boot_unanswered(SteadyTime now) { boot_at_ = now; }

    /// TriggerMessage(BootNotification).
    void send_boot(SteadyTime now) { boot_at_ = now; }

    [[nodiscard]] bool connected() const { return connected_; }
    [[nodiscard]] bool accepted() const { return status_ == RegistrationStatus::Accepted; }
    [[nodiscard]] bool pending() const { return status_ == RegistrationStatus::Pending; }
    /// Rejected and the interval is not over: send nothing and answer nothing.
    [[nodiscard]] bool silent(SteadyTime now) const;
    [[nodiscard]] Allowed allowed(SteadyTime now) const;
    [[nodiscard]] bool boot_due(SteadyTime now) const { return connected_ && boot_at_ && now >= *boot_at_; }
    /// Empty while not connected.
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
    /// Empty before the first answer.
    [[nodiscard]] const std::optional<RegistrationStatus>& status() const { return status_; }

  private:
    bool connected_ = false;
    std::optional<RegistrationStatus> status_;
    std::optional<SteadyTime> boot_at_;
    std::optional<SteadyTime> silent_until_;
};

}  // namespace busbar::ocpp
