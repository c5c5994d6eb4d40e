// SPDX-License-Identifier: Apache-2.0
// The message side of diagnostics, logs and firmware updates of one charge point.
#pragma once

#include <optional>
#include <vector>

#include "ocpp/context.hpp"
#include "ocpp/diagnostics_upload.hpp"
#include "ocpp/firmware_update.hpp"
#include "ocpp/log_upload.hpp"

namespace busbar::ocpp {

class Maintenance {
  public:
    Maintenance(Context& context, const std::vector<Record>& saved)
        : context_(context), diagnostics_(saved), log_(saved), firmware_(saved) {}

    /// Follows up whatever has changed. `idle`: no transaction runs. Called after every event.
    void settle(bool idle, const Now& now);
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

    // ---- what the central system asks for
    GetDiagnosticsConf get_diagnostics(const GetDiagnosticsReq& request, const Now& now);
    GetLogConf get_log(const GetLogReq& request, const Now& now);
    void update_firmware(const UpdateFirmwareReq& request);
    SignedUpdateFirmwareConf update_signed_firmware(const SignedUpdateFirmwareReq& request);
    /// TriggerMessage.
    void send_diagnostics_status();
    void send_firmware_status();
    /// ExtendedTriggerMessage.
    void send_log_status();
    void send_signed_firmware_status();
    /// No installation begins while `held`: somebody charges at another charge point of the gateway.
    void hold_installation(bool held) { held_ = held; }

    // ---- how a transfer ended
    void on_uploaded(int attempt, const Result<void>& result, const Now& now);
    void on_log_uploaded(int attempt, const Result<void>& result, const Now& now);
    void on_downloaded(int attempt, const Result<void>& result, const Now& now);
    void on_verified(const Result<void>& result);
    void on_installed(const Result<void>& result);

    /// A status notification of ours was answered, or not; other calls are none of its business.
    void on_answered(const OutgoingCall& call);
    void on_unanswered(const OutgoingCall& call);

  private:
    template <class Request>
    void push(std::string_view action, const Request& request, bool triggered);

    [[nodiscard]] DiagnosticsSource source() const;
    void push_firmware(const FirmwareTold& told);

    Context& context_;
    DiagnosticsUpload diagnostics_;
    LogUpload log_;
    FirmwareUpdate firmware_;
    bool held_ = false;
};

}  // namespace busbar::ocpp
