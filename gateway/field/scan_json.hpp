// SPDX-License-Identifier: Apache-2.0
// A scan as JSON text: what GET /api/v1/buses/{bus}/scan answers and busbarctl shows.
#pragma once

#include <string>

#include "adapters/scan_findings.hpp"

namespace busbar::gateway {

std::string to_json(const std::string& bus, const adapters::ScanFindings& findings,
                    const adapters::ProfileLibrary& profiles);

}  // namespace busbar::gateway
