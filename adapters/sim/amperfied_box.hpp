// SPDX-License-Identifier: Apache-2.0
// Amperfied connect.home / connect.business / solar: the Heidelberg map with a card reader and a phase
// switch.
#pragma once

#include "adapters/sim/heidelberg_box.hpp"

namespace busbar::sim {

class AmperfiedBox final : public HeidelbergBox {
  public:
    /// `phase_switch`: how long a change of phases takes; the box pauses meanwhile.
    AmperfiedBox(const HeidelbergOptions& options, seconds phase_switch, const BoxSetup& setup);

    Result<void> card(const Bytes& uid) override;
    void power_cycle() override;
    [[nodiscard]] nlohmann::json show() const override;

    [[nodiscard]] std::optional<std::uint16_t> read(Space space, std::uint16_t address) const override;
    [[nodiscard]] std::optional<ModbusException> refuses(std::uint16_t address,
                                                         std::uint16_t value) const override;

  protected:
    void store(std::uint16_t address, std::uint16_t value) override;
    void step(SteadyTime::duration length) override;
    [[nodiscard]] int switched_phases() const override { return now() < switched_at_ ? 0 : phases_; }

  private:
    seconds phase_switch_;
    SteadyTime switched_at_;
    int phases_ = 3;
    Bytes uid_;  ///< of the card shown for this car; forgotten when the car leaves
    bool car_was_plugged_ = false;
};

extern const Model amperfied_model;

}  // namespace busbar::sim
