// SPDX-License-Identifier: Apache-2.0
// KEBA KeContact P20/P30 over UDP: reports in JSON, commands in words, and news by itself (KEBA's Modbus
// guide V1.07 for states and plug; commands and keys as programs in the field use them).
#pragma once

#include <deque>
#include <string>

#include "adapters/sim/box.hpp"
#include "adapters/sim/outlet.hpp"
#include "adapters/sim/write_log.hpp"

namespace busbar::sim {

struct KebaOptions {
    CarOptions car;
    double energy_wh = 1'234'567;
    int hardware_max_a = 32;
    bool has_meter = true;
    bool wants_cards = false;  ///< AuthON: no charging before a card
    bool takes_zero = true;    ///< `curr 0` is accepted
    bool has_failsafe = true;  ///< older firmware has not
    bool has_sessions = true;  ///< report 100
    std::string serial;
    std::string firmware;
    Timing timing;
};

class KebaBox final : public Box {
  public:
    KebaBox(const KebaOptions& options, const BoxSetup& setup);

    std::optional<Bytes> exchange(const Bytes& request) override;
    [[nodiscard]] Timing timing() const override { return options_.timing; }
    [[nodiscard]] bool speaks_by_itself() const override { return true; }
    std::vector<Bytes> take_notifications() override;
    Car& car() override { return outlet_.car(); }
    Result<void> fault(std::string_view name) override;
    void clear_fault() override { error_ = 0; }
    Result<void> card(const Bytes& uid) override;
    void power_cycle() override;
    [[nodiscard]] nlohmann::json show() const override;
    [[nodiscard]] nlohmann::json writes() const override;

  protected:
    void step(SteadyTime::duration length) override;

  private:
    using Words = std::vector<std::string>;

    [[nodiscard]] std::optional<nlohmann::ordered_json> report(int number) const;
    [[nodiscard]] nlohmann::ordered_json state_report() const;
    [[nodiscard]] nlohmann::ordered_json meter_report() const;
    [[nodiscard]] bool obey(const Words& words);
    bool start_session(const Words& words);
    bool set_failsafe(const Words& words);

    [[nodiscard]] int state() const;
    [[nodiscard]] int plug() const;
    [[nodiscard]] bool failed_safe() const;
    [[nodiscard]] bool authorized() const { return !options_.wants_cards || !card_.empty(); }
    [[nodiscard]] double offer() const;  ///< A

    KebaOptions options_;
    Outlet outlet_;
    WriteLog writes_;
    bool enabled_ = true;
    int user_ma_ = 63'000;
    int failsafe_ma_ = 0;
    seconds failsafe_after_{0};  ///< 0: off
    SteadyTime last_heard_;
    SteadyTime powered_at_;
    long error_ = 0;
    std::string card_;
    double session_from_wh_ = 0;
    int told_state_ = -1;
    int told_plug_ = -1;
    std::deque<Bytes> news_;
};

extern const Protocol keba_protocol;
extern const Model keba_udp_model;

}  // namespace busbar::sim
