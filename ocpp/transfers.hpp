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
/// The same for a log that GetLog asks for; one of its own beside that. Answer with
/// ChargePoint::on_log_uploaded().
struct UploadLog {
    std::string location;  ///< may hold a password: not for the log
    std::string file_name;
    bool security = false;            ///< the security log, else the diagnostics
    std::optional<UtcTime> from, to;  ///< wanted time span; empty: unbounded
    int attempt = 1;
};
/// Fetch the file; a new one replaces an earlier one. Answer with ChargePoint::on_downloaded().
struct DownloadFirmware {
    std::string location;  ///< may hold a password: not for the log
    int attempt = 1;
};
/// Is what was fetched signed with this certificate's key? Answer with ChargePoint::on_verified().
struct VerifyFirmware {
    std::string certificate;  ///< PEM
    std::string signature;    ///< Base64
};
/// Install what was fetched. Answer, mostly after a restart, with ChargePoint::on_installed().
struct InstallFirmware {};

using Transfer =
    std::variant<UploadDiagnostics, UploadLog, DownloadFirmware, VerifyFirmware, InstallFirmware>;

}  // namespace busbar::ocpp
