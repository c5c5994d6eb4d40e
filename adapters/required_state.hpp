// SPDX-License-Identifier: Apache-2.0
// Registers that must hold a value for the charger to be ours: remote mode, watchdog time, failsafe current.
#pragma once

#include <vector>

#include "adapters/duty.hpp"
#include "adapters/register_values.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/units.hpp"

namespace busbar::adapters {

/// Writes a register when it differs from what it must hold, and once blindly when it cannot be read. What
/// does not keep its value is written three times an hour at most: it may be EEPROM.
class RequiredState final : public Duty {
  public:
    /// `failsafe` is the installation's failsafe current within the model's limits.
    RequiredState(const config::Profile& profile, const RegisterValues& values, Amperes failsafe, Log log);

    std::optional<WriteJob> next(SteadyTime now) override;
    void written(SteadyTime at) override;
    void refused(const Error& error, SteadyTime now) override;
    void restart() override;
    [[nodiscard]] std::optional<SteadyTime> due() const override { return std::nullopt; }
    [[nodiscard]] std::optional<SteadyTime> last_written() const { return last_written_; }

  private:
    struct Entry {
        const config::Required* required;
        bool hopeless = false;  ///< refused, or cannot hold the value
        int attempts = 0;
        SteadyTime last_attempt{};
    };

    [[nodiscard]] double wanted(const config::Required& required) const;
    std::optional<WriteJob> job(Entry& entry, SteadyTime now);
    void give_up(Entry& entry, const std::string& why);

    const RegisterValues& values_;
    Amperes failsafe_;
    double tolerance_;  ///< of a floating point number: a thousandth of a step
    Log log_;
    std::vector<Entry> entries_;
    Entry* current_ = nullptr;
    std::optional<SteadyTime> last_written_;
};

}  // namespace busbar::adapters
