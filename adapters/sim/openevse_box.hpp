// SPDX-License-Identifier: Apache-2.0
// OpenEVSE: a single-phase controller that speaks RAPI, after the description of protocol 5 in its firmware
// (rapi_proc.h) and its host library (RapiSender).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/sim/box.hpp"
#include "adapters/sim/outlet.hpp"
#include "adapters/sim/write_log.hpp"

namespace busbar::sim {

struct OpenEvseOptions {
    CarOptions car;
    int hardware_max_a = 32;
    int stored_a = 32;  ///< the capacity in EEPROM, in force after every boot
    double energy_wh = 1'234'567;
    std::string firmware = "7.1.3";
    std::string serial = "0123456789ABCDEF";
    bool checksums = true;  ///< false: firmware before 2.0 answers without
    bool sequences = true;  ///< from 3.0 on
    bool flags = true;      ///< the fourth parameter of GS
    bool ammeter = true;
    bool voltmeter = false;
    bool socket_lock = false;
    bool boot_lock = false;
    bool heartbeats = true;
    bool pp_auto = false;  ///< builds that reset the pilot to the maximum when the car's state changes
    Timing timing{5ms, 0ms, 0ms};
};

class OpenEvseBox final : public Box {
  public:
    OpenEvseBox(const OpenEvseOptions& options, const BoxSetup& setup);

    std::optional<Bytes> exchange(const Bytes& request) override;
    [[nodiscard]] Timing timing() const override { return options_.timing; }
    [[nodiscard]] bool speaks_by_itself() const override { return true; }
    std::vector<Bytes> take_notifications() override;

    Car& car() override { return outlet_.car(); }
    Result<void> fault(std::string_view name) override;
    void clear_fault() override { fault_ = 0; }
    Result<void> lock(bool locked) override;  ///< the authorisation lock
    void power_cycle() override;
    [[nodiscard]] nlohmann::json show() const override;
    [[nodiscard]] nlohmann::json writes() const override;

  protected:
    void step(SteadyTime::duration length) override;

  private:
    friend struct OpenEvseCommands;

    struct Heartbeat {
        int interval_s = 0;
        int fallback_a = 0;
        int trigger = 0;  ///< 1: a pulse was missed once, 2: it still limits
        SteadyTime last_pulse;
    };

    [[nodiscard]] int state() const;
    [[nodiscard]] int pilot_state() const;
    [[nodiscard]] int flags() const;
    [[nodiscard]] bool relay_closed() const { return outlet_.car().asks(); }
    [[nodiscard]] int capacity() const;  ///< A, what the pilot says when it offers
    [[nodiscard]] double offer() const;
    [[nodiscard]] double total_wh() const { return options_.energy_wh + outlet_.metered_wh(); }
    void boot();
    void say(std::string_view text);
    void say_state();

    OpenEvseOptions options_;
    Outlet outlet_;
    WriteLog writes_;
    int set_a_ = 0;  ///< by SC, volatile or not
    int millivolts_ = 240'000;
    bool asleep_ = false;
    bool disabled_ = false;
    bool boot_locked_ = false;
    bool auth_locked_ = false;
    bool lock_manual_ = false;
    bool lock_closed_ = false;
    bool car_slept_before_ = false;  ///< when it was put to sleep: waking it wakes the car
    bool plugged_before_ = false;
    int fault_ = 0;
    Heartbeat heartbeat_;
    SteadyTime ready_at_;
    bool booted_ = true;
    double session_from_wh_ = 0;
    double session_wh_ = 0;  ///< of the last car, once it is gone
    double added_wh_ = 0;    ///< sessions that ended: only they are in the total that GU tells
    int opened_under_load_ = 0;
    int stored_writes_ = 0;  ///< SC without V, SY with settings
    std::string last_said_;
    int last_car_state_ = 1;
    std::vector<Bytes> notifications_;
};

extern const Model openevse_model;

}  // namespace busbar::sim
