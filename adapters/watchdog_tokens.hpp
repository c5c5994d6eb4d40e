// SPDX-License-Identifier: Apache-2.0
// The token some chargers want to see again and again to believe that we live.
#pragma once

#include "adapters/duty.hpp"
#include "adapters/register_values.hpp"
#include "gateway/base/log.hpp"

namespace busbar::adapters {

class WatchdogTokens final : public Duty {
  public:
    WatchdogTokens(const config::Profile& profile, const RegisterValues& values, Log log);

    /// At most this long between two: the profile's, or the part of what the charger says it waits, when
    /// shorter.
    [[nodiscard]] milliseconds period() const;

    std::optional<WriteJob> next(SteadyTime now) override;
    void written(SteadyTime at) override;
    void refused(const Error& error, SteadyTime now) override;
    void restart() override;
    [[nodiscard]] std::optional<SteadyTime> due() const override;

  private:
    /// The register, if the profile names one and this charger has it.
    [[nodiscard]] const config::Register* target() const;
    [[nodiscard]] SteadyTime next_token() const;

    const config::Watchdog& watchdog_;
    const RegisterValues& values_;
    Log log_;
    std::size_t turn_ = 0;
    std::optional<SteadyTime> tried_;  ///< when the charger last took or refused one
    bool told_ = false;
};

}  // namespace busbar::adapters
