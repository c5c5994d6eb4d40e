// SPDX-License-Identifier: Apache-2.0
// UpdateFirmware and SignedUpdateFirmware with their status notifications (OCPP 1.6 sections 4.5 and 5.19,
// R95; security whitepaper, use case L01); download, verification and installation are somebody else's.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ocpp/effect.hpp"
#include "ocpp/file_transfer.hpp"
#include "ocpp/messages.hpp"
#include "ocpp/transfer_messages.hpp"

namespace busbar::ocpp {

enum class FirmwareStage {
    none,
    waiting,      ///< for retrieveDate, or for UTC to tell it by
    downloading,  ///< or pausing between two attempts
    downloaded,   ///< a signed one is to be verified
    ready,        ///< verified where it is signed; waits for installDateTime and until nobody charges
    announced,    ///< Installing is being told; the instruction follows
    installing,
};

/// A status on its way. `request`: of SignedUpdateFirmware; empty: UpdateFirmware.
struct FirmwareTold {
    SignedFirmwareStatus status{};
    std::optional<int> request;
};
BOOST_DESCRIBE_STRUCT(FirmwareTold, (), (status, request))

/// The last word on an update: told even if it takes a restart.
bool is_last_word(SignedFirmwareStatus status);
inline bool is_last_word(const FirmwareTold& told) {
    return is_last_word(told.status);
}

/// What FirmwareStatusNotification calls it; empty: it has no word for it and nothing is told.
std::optional<FirmwareStatus> plain_status(SignedFirmwareStatus status);

/// One update at a time, signed or not. Decided where the specifications are silent:
/// - A further UpdateFirmware replaces one that waits (for its date, for a retry, for the last car) and is
///   ignored once a download runs or Installing is told; the statuses of the running one go on.
/// - A location that cannot be used is DownloadFailed at once, UpdateFirmware.conf having no status; it too
///   replaces what waits.
/// - Installing is given announce_within to be told before the installation restarts us.
/// - A download cut off by a restart is an attempt that failed. An installation goes on across restarts and
///   has failed where nobody tells its end within longest_installation.
/// - Downloading is told once, DownloadFailed after the last attempt.
/// - A SignedUpdateFirmware replaces whatever is not being installed yet (AcceptedCanceled); then it is
/// Rejected.
///   Of what was replaced nothing is told any more. InstallScheduled is told once, where it has to wait.
class FirmwareUpdate {
  public:
    static constexpr std::string_view record_kind = "firmware_update";
    static constexpr seconds announce_within{30};
    static constexpr seconds longest_installation{1800};

    explicit FirmwareUpdate(const std::vector<Record>& saved);

    /// False: ignored. `protocols`: the key SupportedFileTransferProtocols.
    bool request(const UpdateFirmwareReq& request, std::string_view protocols, Effects& effects);

    /// The certificate has been judged. `location_problem`: see there.
    UpdateFirmwareStatus request(const SignedUpdateFirmwareReq& request, std::string_view protocols,
                                 Effects& effects);

    /// Follows the time; gives what to do now. `may_install`: no transaction runs. Call after every event.
    std::optional<Transfer> settle(bool may_install, const Now& now, Effects& effects);

    /// The attempt's download has ended. Errc::invalid and Errc::unsupported are not tried again.
    void on_downloaded(int attempt, const Result<void>& result, const Now& now, Effects& effects);

    /// Whether the file is signed as was said. True: it is not.
    bool on_verified(const Result<void>& result, Effects& effects);

    /// True: a new release runs. The installer's word, from this run or an earlier one; without an
    /// installation it says nothing.
    bool on_installed(const Result<void>& result, Effects& effects);

    /// What to send now. `online`: connected and Accepted.
    std::optional<FirmwareTold> take_status(bool online) { return outbox_.take(online); }
    void on_status_answered(Effects& effects);  ///< also by a CALLERROR
    void on_status_unanswered(Effects& effects);

    /// For TriggerMessage: the latest that is not told yet, else that of the stage; Idle while waiting for
    /// retrieveDate and when there is nothing to do.
    [[nodiscard]] FirmwareStatus status() const;
    /// For ExtendedTriggerMessage: of a signed update, else Idle.
    [[nodiscard]] SignedFirmwareStatusNotificationReq signed_status() const;
    [[nodiscard]] FirmwareStage stage() const { return stage_; }

    /// As of the last settle().
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return deadline_; }

  private:
    void restore();
    void save(Effects& effects);
    struct Signature {
        int request = 0;
        std::optional<UtcTime> install_date{};
        std::string certificate{};
        std::string signature{};
    };

    void enter(FirmwareStage stage, std::optional<SignedFirmwareStatus> status, Effects& effects);
    void fail(SignedFirmwareStatus status, const std::string& why, Effects& effects);
    void tell(SignedFirmwareStatus status);
    [[nodiscard]] FirmwareTold latest() const;
    void follow(Attempts::End end, const std::string& why, Effects& effects);

    // one a stage
    std::optional<Transfer> wait(const Now& now, Effects& effects);
    std::optional<Transfer> download(const Now& now, Effects& effects);
    std::optional<Transfer> verify();
    bool must_wait(bool may_install, const Now& now, Effects& effects);
    std::optional<Transfer> announce(bool may_install, const Now& now, Effects& effects);
    void watch_installation(const Now& now, Effects& effects);

    KeptRecord record_;
    StatusOutbox<FirmwareTold> outbox_;
    FirmwareStage stage_ = FirmwareStage::none;
    std::string location_;
    UtcTime retrieve_date_;
    Attempts attempts_{RetryPlan{}};
    std::optional<Signature> signed_;  ///< empty: UpdateFirmware
    bool verifying_ = false;
    bool scheduled_ = false;              ///< InstallScheduled is told
    std::optional<SteadyTime> until_;     ///< end of the announcement, of the installation
    std::optional<SteadyTime> deadline_;  ///< what settle() waits for
};

}  // namespace busbar::ocpp
