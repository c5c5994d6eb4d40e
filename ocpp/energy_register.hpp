// SPDX-License-Identifier: Apache-2.0
// One connector's lifetime energy in Wh, continuous whatever the charger has: a lifetime register, a counter
// that falls back to zero with each session or power cut, or only power to integrate.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/reading.hpp"

namespace busbar::ocpp {

enum class EnergyOrigin {
    none,         ///< nothing seen yet
    lifetime,     ///< the charger's own register, passed on as it is
    accumulated,  ///< a counter that restarts, summed up here
    integrated,   ///< power over time
};
std::string_view name_of(EnergyOrigin origin);

class EnergyRegister {
  public:
    /// `saved` is an earlier record(); "" or damaged text starts anew.
    explicit EnergyRegister(std::string_view saved = {});

    /// `power` is what was measured or derived, for chargers without any counter.
    /// A register that is first seen while a transaction is billed by what was integrated goes on from there
    /// until the transaction ends; so it does where another counter was summed up before. After a restart a
    /// register that was there is waited for (register_missing_readings) before another counter takes over.
    void update(const Reading& reading, std::optional<Watts> power, bool in_transaction);

    /// Empty until the first reading; after a restart what was saved last, stale. Never falls (R40): a
    /// lifetime register that comes back lower (exchanged meter, roll-over) goes on from the last value once
    /// it has stayed lower for meter_swap_readings readings.
    [[nodiscard]] std::optional<Measured<WattHours>> value() const { return value_; }
    [[nodiscard]] EnergyOrigin origin() const { return origin_; }

    /// To be saved at start and stop of a transaction, and now and then while should_save().
    [[nodiscard]] std::string record() const;
    void on_saved();

    /// A jump was absorbed, or so much was summed up here since the last save that losing it would show.
    [[nodiscard]] bool should_save() const;

    static constexpr int meter_swap_readings = 5;
    static constexpr int register_missing_readings = 30;

  private:
    void follow_lifetime(const Measured<WattHours>& raw, bool in_transaction);
    void join(WattHours raw, bool in_transaction);
    void accumulate(const Measured<WattHours>& raw);
    void integrate(const std::optional<Watts>& power, SteadyTime now);

    [[nodiscard]] bool awaits_register();

    EnergyOrigin origin_ = EnergyOrigin::none;
    EnergyOrigin kept_origin_ = EnergyOrigin::none;  ///< of last_raw_, as it was saved
    int missing_readings_ = 0;
    WattHours offset_;  ///< value = raw + offset
    std::optional<WattHours> last_raw_;
    int lower_readings_ = 0;
    std::optional<Measured<Watts>> last_power_;
    std::optional<Measured<WattHours>> value_;
    WattHours saved_value_;
    bool jumped_ = false;
};

}  // namespace busbar::ocpp
