// SPDX-License-Identifier: Apache-2.0
// Ultimate Speed USWB 11/22 A2: load management that only listens (manual p. 17 and 39).
#pragma once

#include "adapters/sim/box.hpp"
#include "adapters/sim/outlet.hpp"
#include "adapters/sim/write_log.hpp"

namespace busbar::sim {

/// 5AA5, length 08, address, four bytes of data, A55A; all high byte first, no checksum, no unit id: every
/// frame is for unit 1.
class UltimateSpeedFraming final : public Framing {
  public:
    void feed(const Bytes& bytes, SteadyTime now) override;
    std::optional<Request> next(SteadyTime now) override;
    [[nodiscard]] Bytes frame(const Request& request, const Bytes& answer) const override;
    void garble(Bytes& frame) const override;

  private:
    Bytes received_;
};

class UltimateSpeedBox final : public Box {
  public:
    UltimateSpeedBox(const CarOptions& car, const BoxSetup& setup);

    std::optional<Bytes> exchange(const Bytes& request) override;
    [[nodiscard]] Timing timing() const override { return {}; }
    Car& car() override { return outlet_.car(); }
    Result<void> fault(std::string_view name) override;
    void clear_fault() override {}
    void power_cycle() override { set_tenths_ = default_tenths; }
    [[nodiscard]] nlohmann::json show() const override;
    [[nodiscard]] nlohmann::json writes() const override;

  protected:
    void step(SteadyTime::duration length) override;

  private:
    static constexpr int default_tenths = 160;

    Outlet outlet_;
    WriteLog writes_;
    int set_tenths_ = default_tenths;  ///< 0.1 A
    int unknown_frames_ = 0;           ///< well-formed, for an address it has not
};

extern const Model ultimate_speed_model;

}  // namespace busbar::sim
