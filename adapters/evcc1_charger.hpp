// SPDX-License-Identifier: Apache-2.0
// ABL-Sursum's first EVCC (E.ON Ladebox): lines of text, a duty cycle as limit, no meter.
#pragma once

#include <optional>
#include <string>

#include "adapters/dialog_charger.hpp"
#include "adapters/evcc1_frame.hpp"

namespace busbar::adapters {

/// Paused is: the duty cycle "not allowed" and the break flag, since neither alone is documented to end a
/// running charge. The default duty cycle that the installer stored is read as upper limit, never written.
class Evcc1Charger final : public DialogCharger {
  public:
    /// `placement.unit` is 1 to 8. `line` outlives this.
    Evcc1Charger(config::Profile profile, Placement placement, FrameLine& line, Log log);

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
    void hear(std::string_view /*message*/, SteadyTime /*now*/) override {}
    void forget() override;

    [[nodiscard]] Dialog dialog(Evcc1Command command, std::optional<int> parameter = {}) const;
    Result<void> take(Evcc1Command command, const std::string& value, SteadyTime now);
    [[nodiscard]] Seen seen_duty(int duty) const;
    [[nodiscard]] Seen seen_flag(bool broken) const;

    std::string firmware_;
    std::optional<Measured<int>> status_;
    std::optional<int> present_duty_;
    std::optional<int> default_duty_;
    std::optional<bool> broken_;                   ///< the break flag
    SteadyTime waking_until_ = SteadyTime::min();  ///< an unplugged car means nothing before
    SteadyTime pilot_told_ = SteadyTime::min();    ///< the pilot was switched on last
};

}  // namespace busbar::adapters
