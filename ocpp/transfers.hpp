// SPDX-License-Identifier: Apache-2.0
// What the gateway is asked to carry out for GetDiagnostics and UpdateFirmware (OCPP 1.6 sections 5.9, 5.19).
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "gateway/base/time.hpp"

namespace busbar::ocpp {

/// What to upload, and where to. A new one means that an earlier one, should it still be under way, is given
/// up and not spoken of again. Answer with ChargePoint::on_uploaded().
struct UploadDiagnostics {
    std::string location;  ///< may hold a password: not for the log
    std::string file_name;
    std::optional<UtcTime> from, to;  ///< wanted time span; empty: unbounded
    int attempt = 1;
};
/// Fetch the file; a new one replaces an earlier one. Answer with ChargePoint::on_downloaded().
struct DownloadFirmware {
    std::string location;  ///< may hold a password: not for the log
    int attempt = 1;
};
/// Install what was fetched. Answer, mostly after a restart, with ChargePoint::on_installed().
struct InstallFirmware {};

using Transfer = std::variant<UploadDiagnostics, DownloadFirmware, InstallFirmware>;

}  // namespace busbar::ocpp
