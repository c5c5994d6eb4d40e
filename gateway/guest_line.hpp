// SPDX-License-Identifier: Apache-2.0
// The line that a guest of a bus, a scan or a trial, speaks on.
#pragma once

#include <utility>

#include "adapters/scan_lines.hpp"
#include "gateway/site.hpp"

namespace busbar::gateway {

/// The bus's own where chargers are in service, else one at any setting. On the bus's thread.
class GuestLine {
  public:
    GuestLine(const Site::BusView& view, TraceTap tap, Log log)
        : settings_{view.settings, view.protocol},
          in_service_(!view.units.empty()),
          own_(std::move(tap), std::move(log)) {}

    void use(adapters::Line& shared) { shared_ = &shared; }

    Result<adapters::Line*> at(const adapters::ScanSetting& setting) {
        if (!in_service_) return own_.at(setting);
        if (setting == settings_) return shared_;
        return Error{Errc::unsupported, "the bus's chargers speak another protocol"};
    }
    [[nodiscard]] const adapters::ScanSetting& settings() const { return settings_; }

  private:
    adapters::ScanSetting settings_;
    bool in_service_;
    adapters::ScanLines own_;
    adapters::Line* shared_ = nullptr;
};

}  // namespace busbar::gateway
