// SPDX-License-Identifier: Apache-2.0
// The last accepted writes of a box, for boxes that are no Modbus box.
#pragma once

#include <deque>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gateway/base/time.hpp"

namespace busbar::sim {

class WriteLog {
  public:
    explicit WriteLog(SteadyTime start) : start_(start) {}

    /// `what`: a register's number or a command's name.
    void add(SteadyTime at, std::string what, int value);

    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] nlohmann::json json() const;  ///< {"t_ms", "address", "value"}, oldest first

  private:
    struct Write {
        SteadyTime at;
        std::string what;
        int value;
    };

    SteadyTime start_;
    std::deque<Write> writes_;
    int count_ = 0;
};

}  // namespace busbar::sim
