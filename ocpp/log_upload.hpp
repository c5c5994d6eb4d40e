// SPDX-License-Identifier: Apache-2.0
// GetLog and its LogStatusNotification (OCPP 1.6 security whitepaper, use case N01); the upload itself is
// somebody else's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocpp/diagnostics_upload.hpp"
#include "ocpp/effect.hpp"
#include "ocpp/file_transfer.hpp"
#include "ocpp/transfer_messages.hpp"

namespace busbar::ocpp {

/// A status on its way.
struct LogTold {
    UploadLogStatus status{};
    int request = 0;
};
BOOST_DESCRIBE_STRUCT(LogTold, (), (status, request))

bool is_last_word(const LogTold& told);

/// One upload at a time. Decided where the whitepaper is silent:
/// - A further GetLog replaces the one that runs: AcceptedCanceled, and no word of the earlier any more. The
///   same request again (requestId and location) is answered as before and starts nothing.
/// - A location that cannot be used, or a latestTimestamp before the oldestTimestamp: Rejected, no status.
/// - Uploading is told once, the failure after the last attempt.
class LogUpload {
  public:
    static constexpr std::string_view record_kind = "log_upload";

    explicit LogUpload(const std::vector<Record>& saved);

    GetLogConf request(const GetLogReq& request, const DiagnosticsSource& source, const Now& now,
                       Effects& effects);

    /// Follows the time; gives the upload to start now. Call after every event.
    std::optional<UploadLog> settle(const Now& now, Effects& effects);
    /// The attempt's upload has ended. Errc::invalid and Errc::unsupported are not tried again.
    void on_done(int attempt, const Result<void>& result, const Now& now, Effects& effects);

    /// What to send now. `online`: connected and Accepted.
    std::optional<LogTold> take_status(bool online) { return outbox_.take(online); }
    void on_status_answered(Effects& effects);  ///< also by a CALLERROR
    void on_status_unanswered(Effects& effects);

    /// For ExtendedTriggerMessage: the latest that is not told yet, else Uploading, else Idle.
    [[nodiscard]] LogStatusNotificationReq status() const;
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  private:
    struct Job {
        int request;
        UploadLog upload;
        Attempts attempts;
    };

    void restore();
    void follow(Attempts::End end, const Error& why, Effects& effects);
    void save(Effects& effects);

    KeptRecord record_;
    std::optional<Job> job_;
    StatusOutbox<LogTold> outbox_;
};

}  // namespace busbar::ocpp
