// SPDX-License-Identifier: Apache-2.0
// ABL eMH1 with the controller EVCC2 or EVCC3 (ABL "API subset for external applications", 05 0015 20 Rev B;
// what only the field knows says so).
#pragma once

#include <string>

#include "adapters/sim/box.hpp"
#include "adapters/sim/outlet.hpp"
#include "adapters/sim/write_log.hpp"

namespace busbar::sim {

struct AblOptions {
    CarOptions car;
    int default_a = 16;           ///< Icmax at power-on
    bool has_meter = true;        ///< bit 5 of register 1
    seconds upstream_timeout{0};  ///< silence that leads to F4; 0: off
    seconds sleeps_after{10};     ///< field: the first request after such a silence is not heard; 0: never
    std::string serial;           ///< 14 characters
    Timing timing;
};

class AblBox final : public Box {
  public:
    AblBox(const AblOptions& options, const BoxSetup& setup);

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
    enum State : std::uint8_t { A1 = 0xA1, B1 = 0xB1, B2 = 0xB2, C2 = 0xC2, E0 = 0xE0, E2 = 0xE2, F4 = 0xF4 };

    bool hear();
    [[nodiscard]] std::uint8_t state() const;
    [[nodiscard]] bool timed_out() const;
    [[nodiscard]] double offer() const;  ///< A

    /// The bytes after the echo; empty: there is no such register of this length.
    [[nodiscard]] Bytes content(std::uint16_t address, std::uint16_t count) const;
    [[nodiscard]] Bytes current_full() const;
    [[nodiscard]] Bytes device_info() const;

    bool write(std::uint16_t address, std::uint16_t value);
    bool modify_state(std::uint16_t value);

    AblOptions options_;
    int unit_;
    Outlet outlet_;
    WriteLog writes_;
    int icmax_;              ///< 0.1 % of duty cycle; 1000: no current
    std::uint8_t mode_ = 0;  ///< E0 or E2, as register 5 set it
    std::uint8_t fault_ = 0;
    int unanswered_ = 0;
    SteadyTime last_heard_;
    SteadyTime powered_at_;
};

extern const Protocol abl_protocol;
extern const Model abl_evcc2_model;

}  // namespace busbar::sim
