// SPDX-License-Identifier: Apache-2.0
// GetDiagnostics and its DiagnosticsStatusNotification (OCPP 1.6 sections 4.4 and 5.9); the upload itself is
// somebody else's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocpp/effect.hpp"
#include "ocpp/file_transfer.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp {

/// What there is for a GetDiagnostics.
struct DiagnosticsSource {
    std::string serial;     ///< of the charge point, or its id: goes into the file name
    std::string protocols;  ///< the key SupportedFileTransferProtocols
    bool available = true;  ///< false: there is nothing to upload
};

/// "diagnostics-SERIAL-20261122T120000Z.tar.gz" for the prefix "diagnostics-"; without the time where UTC is
/// unknown. What is not a letter, digit, '.', '-' or '_' becomes '_'; at most 255 characters.
std::string archive_name(std::string_view prefix, std::string_view serial, const std::optional<UtcTime>& utc);

/// One upload at a time. Decided where the specification is silent:
/// - While one runs, a repeated request (same location) is answered with the name of the file under way, one
///   with another location with no file name; neither starts anything.
/// - Nothing to upload, or a stopTime before the startTime: no file name, no status.
/// - A location that cannot be used: no file name, then UploadFailed.
/// - Uploading is told once, UploadFailed after the last attempt.
/// - An upload cut off by a restart is an attempt that failed; the upload goes on under the same name.
class DiagnosticsUpload {
  public:
    static constexpr std::string_view record_kind = "diagnostics_upload";

    explicit DiagnosticsUpload(const std::vector<Record>& saved);

    GetDiagnosticsConf request(const GetDiagnosticsReq& request, const DiagnosticsSource& source,
                               const Now& now, Effects& effects);

    /// Follows the time; gives the upload to start now. Call after every event.
    std::optional<UploadDiagnostics> settle(const Now& now, Effects& effects);

    /// The attempt's upload has ended. Errc::invalid and Errc::unsupported are not tried again.
    void on_done(int attempt, const Result<void>& result, const Now& now, Effects& effects);

    /// The DiagnosticsStatusNotification to send now. `online`: connected and Accepted.
    std::optional<DiagnosticsStatus> take_status(bool online) { return outbox_.take(online); }
    void on_status_answered(Effects& effects);  ///< also by a CALLERROR
    void on_status_unanswered(Effects& effects);

    /// For TriggerMessage: the latest that is not told yet, else Uploading or Idle.
    [[nodiscard]] DiagnosticsStatus status() const;

    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  private:
    struct Job {
        UploadDiagnostics upload;
        Attempts attempts;
    };

    void restore();
    void follow(Attempts::End end, const std::string& why, Effects& effects);
    void save(Effects& effects);

    KeptRecord record_;
    std::optional<Job> job_;
    StatusOutbox<DiagnosticsStatus> outbox_;
};

}  // namespace busbar::ocpp
