// SPDX-License-Identifier: Apache-2.0
// One line after the other at the settings that a scan asks for, never two at once.
#pragma once

#include <memory>
#include <optional>

#include "adapters/line.hpp"
#include "adapters/scan_plan.hpp"
#include "gateway/base/log.hpp"

namespace busbar::adapters {

class ScanLines {
  public:
    ScanLines(TraceTap tap, Log log) : tap_(std::move(tap)), log_(std::move(log)) {}

    /// The line at this setting; the one before is closed. Error: unsupported, as make_line().
    Result<Line*> at(const ScanSetting& setting);

  private:
    TraceTap tap_;
    Log log_;
    std::optional<ScanSetting> setting_;
    std::unique_ptr<Line> line_;
};

}  // namespace busbar::adapters
