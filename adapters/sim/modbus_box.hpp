// SPDX-License-Identifier: Apache-2.0
// What all Modbus chargers have in common: registers behind the four functions, and a log of the writes.
#pragma once

#include <deque>

#include "adapters/sim/box.hpp"
#include "adapters/sim/modbus_pdu.hpp"

namespace busbar::sim {

extern const Protocol modbus_protocol;

class ModbusBox : public Box, public RegisterMap {
  public:
    using Box::Box;

    std::optional<Bytes> exchange(const Bytes& request) final;
    void write(std::uint16_t address, std::uint16_t value) final;
    [[nodiscard]] nlohmann::json writes() const final;

  protected:
    /// A valid telegram for this unit arrived; false: nobody is awake to answer it.
    virtual bool hear() = 0;
    virtual void store(std::uint16_t address, std::uint16_t value) = 0;

    [[nodiscard]] int write_count() const { return write_count_; }
    [[nodiscard]] int exception_count() const { return exception_count_; }

  private:
    struct Write {
        SteadyTime at;
        std::uint16_t address;
        std::uint16_t value;
    };

    std::deque<Write> writes_;
    int write_count_ = 0;
    int exception_count_ = 0;
};

}  // namespace busbar::sim
