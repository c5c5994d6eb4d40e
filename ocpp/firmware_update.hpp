// SPDX-License-Identifier: Apache-2.0
// UpdateFirmware and its FirmwareStatusNotification (OCPP 1.6 sections 4.5 and 5.19, R95); download and
// installation themselves are somebody else's.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ocpp/effect.hpp"
#include "ocpp/file_transfer.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp {

enum class FirmwareStage {
    none,
    waiting,      ///< for retrieveDate, or for UTC to tell it by
    downloading,  ///< or pausing between two attempts
    downloaded,   ///< waits until nobody charges: connectors not in use may be made Unavailable
    announced,    ///< Installing is being told; the instruction follows
    installing,
};

/// One update at a time. Decided where the specification is silent:
/// - A further UpdateFirmware replaces one that waits (for its date, for a retry, for the last car) and is
///   ignored once a download runs or Installing is told; the statuses of the running one go on.
/// - A location that cannot be used is DownloadFailed at once, UpdateFirmware.conf having no status; it too
///   replaces what waits.
/// - Installing is given announce_within to be told before the installation restarts us.
/// - A download cut off by a restart is an attempt that failed. An installation goes on across restarts and
///   has failed where nobody tells its end within longest_installation.
/// - Downloading is told once, DownloadFailed after the last attempt.
class FirmwareUpdate {
  public:
    static constexpr std::string_view record_kind = "firmware_update";
    static constexpr seconds announce_within{30};
    static constexpr seconds longest_installation{1800};

    explicit FirmwareUpdate(const std::vector<Record>& saved);

    /// False: ignored. `protocols`: the key SupportedFileTransferProtocols.
    bool request(const UpdateFirmwareReq& request, std::string_view protocols, Effects& effects);

    /// Follows the time; gives what to do now. `may_install`: no transaction runs. Call after every event.
    std::optional<Transfer> settle(bool may_install, const Now& now, Effects& effects);

    /// The attempt's download has ended. Errc::invalid and Errc::unsupported are not tried again.
    void on_downloaded(int attempt, const Result<void>& result, const Now& now, Effects& effects);

    /// The installer's word, from this run or an earlier one; without an installation it says nothing.
    void on_installed(const Result<void>& result, Effects& effects);

    /// The FirmwareStatusNotification to send now. `online`: connected and Accepted.
    std::optional<FirmwareStatus> take_status(bool online) { return outbox_.take(online); }
    void on_status_answered(Effects& effects);  ///< also by a CALLERROR
    void on_status_unanswered(Effects& effects);

    /// For TriggerMessage: the latest that is not told yet, else that of the stage; Idle while waiting for
    /// retrieveDate and when there is nothing to do.
    [[nodiscard]] FirmwareStatus status() const;
    [[nodiscard]] FirmwareStage stage() const { return stage_; }

    /// As of the last settle().
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return deadline_; }

  private:
    void restore();
    void save(Effects& effects);
    void enter(FirmwareStage stage, std::optional<FirmwareStatus> status, Effects& effects);
    void fail(FirmwareStatus status, const std::string& why, Effects& effects);
    void follow(Attempts::End end, const std::string& why, Effects& effects);

    // one a stage
    std::optional<Transfer> wait(const Now& now, Effects& effects);
    std::optional<Transfer> download(const Now& now, Effects& effects);
    std::optional<Transfer> announce(bool may_install, const Now& now, Effects& effects);
    void watch_installation(const Now& now, Effects& effects);

    KeptRecord record_;
    StatusOutbox<FirmwareStatus> outbox_;
    FirmwareStage stage_ = FirmwareStage::none;
    std::string location_;
    UtcTime retrieve_date_;
    Attempts attempts_{RetryPlan{}};
    std::optional<SteadyTime> until_;     ///< end of the announcement, of the installation
    std::optional<SteadyTime> deadline_;  ///< what settle() waits for
};

}  // namespace busbar::ocpp
