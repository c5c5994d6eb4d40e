// SPDX-License-Identifier: Apache-2.0
// Heidelberg Energy Control: its states, its registers, its watchdog and standby (Walther basicEVO PRO
// manual p. 17, SENEC Wallbox pro s manual p. 67; quirks from the field say so where they are).
#pragma once

#include "adapters/sim/modbus_box.hpp"
#include "adapters/sim/outlet.hpp"

namespace busbar::sim {

struct HeidelbergOptions {
    std::uint16_t layout = 0x0108;  ///< version of the register layout, decides which registers exist
    double energy_wh = 1'234'567;   ///< since installation
    double energy_since_power_on_wh = 0;
    CarOptions car;
    bool externally_locked = false;
    int hardware_max_a = 16;
    int hardware_min_a = 6;
    int longest_read = 17;                ///< registers; field code reads the text in two halves of 16 and 17
    seconds standby_after{780};           ///< without a car; 13 minutes in the field
    bool failsafe_zero_is_error = false;  ///< owners: 262 = 0 and the watchdog expired is state F
    std::string logistics;                ///< item, date of manufacture, serial number
    Timing timing;
};

class HeidelbergBox : public ModbusBox {
  public:
    HeidelbergBox(const HeidelbergOptions& options, const BoxSetup& setup);

    [[nodiscard]] Timing timing() const override { return options_.timing; }
    Car& car() override { return outlet_.car(); }
    Result<void> fault(std::string_view name) override;
    void clear_fault() override;
    Result<void> lock(bool locked) override;
    void power_cycle() override;
    [[nodiscard]] nlohmann::json show() const override;

    [[nodiscard]] std::optional<std::uint16_t> read(Space space, std::uint16_t address) const override;
    [[nodiscard]] std::optional<ModbusException> refuses(std::uint16_t address,
                                                         std::uint16_t value) const override;
    [[nodiscard]] std::uint16_t longest_read() const override;

  protected:
    bool hear() override;
    void store(std::uint16_t address, std::uint16_t value) override;
    void step(SteadyTime::duration length) override;

    /// How many phases the box switches through; none while it changes them.
    [[nodiscard]] virtual int switched_phases() const { return 3; }

  private:
    friend struct HeidelbergRegisters;  // the tables that name what each address shows

    static constexpr seconds pilot_f_lasts{10};  ///< at least; also after unlocking (field: evcc #2286, wbec)

    enum class State : std::uint16_t { A1 = 2, A2, B1, B2, C1, C2, derating, E, F, ERR };

    /// Holding registers; all of them fall back to these values at power-on.
    struct Settings {
        std::uint16_t watchdog_ms = 15'000;   // 257, 0 = off
        std::uint16_t standby = 0;            // 258, 0 = enabled, 4 = disabled
        std::uint16_t remote_unlocked = 1;    // 259
        std::uint16_t current_command = 160;  // 261, 0.1 A
        std::uint16_t failsafe_current = 0;   // 262, 0.1 A
    };

    [[nodiscard]] State state() const;
    [[nodiscard]] SteadyTime watchdog_expires_at() const;  ///< time_point::max() while it is off
    [[nodiscard]] bool watchdog_expired() const { return now() >= watchdog_expires_at(); }
    [[nodiscard]] bool failed_safe_to_error() const;
    [[nodiscard]] bool unavailable() const;       ///< pilot state F
    [[nodiscard]] double limit_in_force() const;  ///< A; below the minimum it pauses
    [[nodiscard]] double offer() const;           ///< A
    [[nodiscard]] double lifetime_wh() const { return options_.energy_wh + outlet_.metered_wh(); }

    HeidelbergOptions options_;
    Outlet outlet_;
    Settings settings_;
    std::optional<State> fault_;
    bool standby_ = false;
    double metered_at_power_on_wh_;
    SteadyTime last_heard_;  ///< re-arms the watchdog
    SteadyTime idle_since_;
    SteadyTime powered_at_;  ///< silent and dark before
    SteadyTime unavailable_until_;
};

/// Reads the keys that every box of this family knows; `timing` is the model's own.
HeidelbergOptions heidelberg_options(KeyValues& keys, const BoxSetup& setup, const Timing& timing);

extern const Model heidelberg_model;

}  // namespace busbar::sim
