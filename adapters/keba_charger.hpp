// SPDX-License-Identifier: Apache-2.0
// KEBA P20 and P30 over UDP: reports, a current and a switch, and a failsafe that is kept armed.
#pragma once

#include <optional>
#include <string>

#include "adapters/dialog_charger.hpp"
#include "adapters/keba_report.hpp"

namespace busbar::adapters {

/// To pause: the switch off, then the current 0 where the box takes that. To offer: the current, then the
/// switch on; a box that wants cards and waits for one is told that the session is allowed. What the box
/// tells by itself counts at the next poll.
class KebaCharger final : public DialogCharger {
  public:
    /// `line` outlives this. The box is never sent two datagrams within 100 ms.
    KebaCharger(config::Profile profile, Placement placement, FrameLine& line, Log log);

    [[nodiscard]] Capabilities capabilities() const override;
    [[nodiscard]] DeviceIdentity identity() const override;

  private:
    [[nodiscard]] std::vector<Question> cycle_questions(SteadyTime now) override;
    [[nodiscard]] std::vector<Question> bring_up_questions() const override;
    Dialog ask(Question question, SteadyTime now) override;
    [[nodiscard]] bool is_optional(Question question) const override;
    [[nodiscard]] std::vector<Setting> settings_of(Amperes current) const override;
    Dialog set(const Setting& setting) override;
    [[nodiscard]] LimitBounds bounds() const override;
    std::optional<Dialog> duty(SteadyTime now) override;
    std::vector<SequenceStep> sequence_of(const Command& command, SteadyTime now) override;
    Reading judge(const std::optional<Reading>& previous, SteadyTime now) const override;
    void hear(std::string_view message, SteadyTime now) override;
    void forget() override;

    [[nodiscard]] int failsafe_milliamperes() const;
    void failsafe_answered(bool taken);
    [[nodiscard]] bool wants_start() const;
    Dialog start();
    void compare();

    KebaValues values_;
    SteadyTime start_due_{};
    bool start_refused_ = false;  ///< and told so
    SteadyTime failsafe_due_{};
    int failsafe_unanswered_ = 0;  ///< in a row
    bool failsafe_known_ = true;
};

}  // namespace busbar::adapters
