// SPDX-License-Identifier: Apache-2.0
// ABL-Sursum EVCC, first generation (EVCC manual 03 0009 01, p. 13; commands from 12 on: programs in the
// field).
#pragma once

#include <string>

#include "adapters/sim/box.hpp"
#include "adapters/sim/outlet.hpp"
#include "adapters/sim/write_log.hpp"

namespace busbar::sim {

struct Evcc1Options {
    CarOptions car;
    int default_a = 16;            ///< stored by the installer; in force at power-on
    bool duty_alone_stops = true;  ///< 0: duty 999 does not end a charge that runs, only the break flag does
    std::string firmware;
    Timing timing;
};

class Evcc1Box final : public Box {
  public:
    Evcc1Box(const Evcc1Options& options, const BoxSetup& setup);

    std::optional<Bytes> exchange(const Bytes& request) override;
    [[nodiscard]] Timing timing() const override { return options_.timing; }
    [[nodiscard]] bool hears_broadcasts() const override { return true; }
    Car& car() override { return outlet_.car(); }
    Result<void> fault(std::string_view name) override;
    void clear_fault() override { fault_ = 0; }
    void power_cycle() override;
    [[nodiscard]] nlohmann::json show() const override;
    [[nodiscard]] nlohmann::json writes() const override;

  protected:
    void step(SteadyTime::duration length) override;

  private:
    /// The value of the answer, "" for none; empty: not a command, or not allowed now.
    std::optional<std::string> obey(int command, std::optional<int> value);
    std::optional<std::string> set(int command, std::optional<int> value);
    [[nodiscard]] int status() const;
    [[nodiscard]] double offer() const;  ///< A

    Evcc1Options options_;
    Outlet outlet_;
    WriteLog writes_;
    int duty_;  ///< 0.1 %; 999: not allowed
    bool break_ = false;
    bool pilot_off_ = false;
    bool manual_ = false;
    int fault_ = 0;
    SteadyTime powered_at_;
};

extern const Protocol evcc1_protocol;
extern const Model abl_evcc1_model;

}  // namespace busbar::sim
