// SPDX-License-Identifier: Apache-2.0
#include "adapters/scan_lines.hpp"

#include "adapters/make_charger.hpp"

namespace busbar::adapters {

Result<Line*> ScanLines::at(const ScanSetting& setting) {
    if (line_ && setting_ == setting) return line_.get();
    line_.reset();  // gives the port back before it is opened anew
    auto line = make_line(setting.bus, setting.protocol, tap_, log_);
    if (!line) return line.error();
    line_ = std::move(*line);
    setting_ = setting;
    return line_.get();
}

}  // namespace busbar::adapters
