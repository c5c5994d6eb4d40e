// SPDX-License-Identifier: Apache-2.0
// The messages of the OCPP 1.6 security whitepaper (edition 3) about logs and signed firmware: sections
// 5.9 to 5.12 of its messages, 6 of its types.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>

#include "ocpp/date_time.hpp"
#include "ocpp/types.hpp"

namespace busbar::ocpp {

BOOST_DEFINE_ENUM_CLASS(LogType, DiagnosticsLog, SecurityLog)
BOOST_DEFINE_ENUM_CLASS(LogStatus, Accepted, Rejected, AcceptedCanceled)
BOOST_DEFINE_ENUM_CLASS(UploadLogStatus, BadMessage, Idle, NotSupportedOperation, PermissionDenied, Uploaded,
                        UploadFailure, Uploading)
/// Those of FirmwareStatusNotification too, under the same names.
BOOST_DEFINE_ENUM_CLASS(SignedFirmwareStatus, Downloaded, DownloadFailed, Downloading, DownloadScheduled,
                        DownloadPaused, Idle, InstallationFailed, Installing, Installed, InstallRebooting,
                        InstallScheduled, InstallVerificationFailed, InvalidSignature, SignatureVerified)
BOOST_DEFINE_ENUM_CLASS(UpdateFirmwareStatus, Accepted, Rejected, AcceptedCanceled, InvalidCertificate,
                        RevokedCertificate)

// clang-format off
struct LogParameters {
    CiString<512> remoteLocation;
    std::optional<UtcTime> oldestTimestamp, latestTimestamp;
};
BOOST_DESCRIBE_STRUCT(LogParameters, (), (remoteLocation, oldestTimestamp, latestTimestamp))
struct GetLogReq {
    LogParameters log;
    LogType logType{};
    int requestId = 0;
    std::optional<int> retries, retryInterval;
};
BOOST_DESCRIBE_STRUCT(GetLogReq, (), (log, logType, requestId, retries, retryInterval))
struct GetLogConf {
    LogStatus status{};
    std::optional<CiString<255>> filename;
};
BOOST_DESCRIBE_STRUCT(GetLogConf, (), (status, filename))

/// Without requestId only when Idle.
struct LogStatusNotificationReq {
    UploadLogStatus status{};
    std::optional<int> requestId;
};
BOOST_DESCRIBE_STRUCT(LogStatusNotificationReq, (), (status, requestId))

struct SignedFirmware {
    CiString<512> location;
    UtcTime retrieveDateTime;
    std::optional<UtcTime> installDateTime;
    CiString<5500> signingCertificate;  ///< PEM
    CiString<800> signature;            ///< Base64
};
BOOST_DESCRIBE_STRUCT(SignedFirmware, (),
                      (location, retrieveDateTime, installDateTime, signingCertificate, signature))
struct SignedUpdateFirmwareReq {
    std::optional<int> retries, retryInterval;
    int requestId = 0;
    SignedFirmware firmware;
};
BOOST_DESCRIBE_STRUCT(SignedUpdateFirmwareReq, (), (retries, retryInterval, requestId, firmware))
struct SignedUpdateFirmwareConf { UpdateFirmwareStatus status{}; };
BOOST_DESCRIBE_STRUCT(SignedUpdateFirmwareConf, (), (status))

/// Without requestId only when Idle.
struct SignedFirmwareStatusNotificationReq {
    SignedFirmwareStatus status{};
    std::optional<int> requestId;
};
BOOST_DESCRIBE_STRUCT(SignedFirmwareStatusNotificationReq, (), (status, requestId))
// clang-format on

}  // namespace busbar::ocpp
