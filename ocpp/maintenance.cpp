// SPDX-License-Identifier: Apache-2.0
#include "ocpp/maintenance.hpp"

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

constexpr std::string_view diagnostics_action = "DiagnosticsStatusNotification";
constexpr std::string_view log_action = "LogStatusNotification";
constexpr std::string_view firmware_action = "FirmwareStatusNotification";
constexpr std::string_view signed_firmware_action = "SignedFirmwareStatusNotification";

bool tells_firmware(const OutgoingCall& call) {
    return call.action == firmware_action || call.action == signed_firmware_action;
}

}  // namespace

template <class Request>
void Maintenance::push(std::string_view action, const Request& request, bool triggered) {
    context_.calls.push(
        {context_.new_message_id(), std::string(action), to_text(encode(request)), triggered, 0, 0});
}

void Maintenance::settle(bool idle, const Now& now) {
    if (auto upload = diagnostics_.settle(now, context_.effects)) {
        context_.effects.emplace_back(StartTransfer{*std::move(upload)});
    }
    if (auto upload = log_.settle(now, context_.effects)) {
        context_.effects.emplace_back(StartTransfer{*std::move(upload)});
    }
    if (auto instruction = firmware_.settle(idle && !held_, now, context_.effects)) {
        context_.effects.emplace_back(StartTransfer{*std::move(instruction)});
    }
    if (const auto status = diagnostics_.take_status(context_.online())) {
        push(diagnostics_action, DiagnosticsStatusNotificationReq{*status}, false);
    }
    if (const auto told = log_.take_status(context_.online())) {
        push(log_action, LogStatusNotificationReq{told->status, told->request}, false);
    }
    if (const auto told = firmware_.take_status(context_.online())) push_firmware(*told);
}

void Maintenance::push_firmware(const FirmwareTold& told) {
    if (told.request) {
        return push(signed_firmware_action, SignedFirmwareStatusNotificationReq{told.status, told.request},
                    false);
    }
    const auto status = plain_status(told.status).value_or(FirmwareStatus::Idle);
    push(firmware_action, FirmwareStatusNotificationReq{status}, false);
}

std::optional<SteadyTime> Maintenance::next_deadline() const {
    std::optional<SteadyTime> first;
    for (const auto at : {diagnostics_.next_deadline(), log_.next_deadline(), firmware_.next_deadline()}) {
        if (at && (!first || *at < *first)) first = at;
    }
    return first;
}

DiagnosticsSource Maintenance::source() const {
    const auto& serial = context_.identity.serial;
    const auto& protocols = context_.configuration.text(Key::SupportedFileTransferProtocols);
    return {serial.empty() ? context_.settings.id : serial, protocols, !protocols.empty()};
}

GetDiagnosticsConf Maintenance::get_diagnostics(const GetDiagnosticsReq& request, const Now& now) {
    return diagnostics_.request(request, source(), now, context_.effects);
}

GetLogConf Maintenance::get_log(const GetLogReq& request, const Now& now) {
    return log_.request(request, source(), now, context_.effects);
}

SignedUpdateFirmwareConf Maintenance::update_signed_firmware(const SignedUpdateFirmwareReq& request) {
    const auto& judge = context_.settings.judge_firmware_signer;
    const auto verdict =
        judge ? judge(request.firmware.signingCertificate.str()) : UpdateFirmwareStatus::InvalidCertificate;
    if (verdict != UpdateFirmwareStatus::Accepted) {
        context_.raise_event(SecurityEventType::InvalidFirmwareSigningCertificate,
                             "SignedUpdateFirmware with a signing certificate that is not trusted");
        return {verdict};
    }
    const auto& protocols = context_.configuration.text(Key::SupportedFileTransferProtocols);
    return {firmware_.request(request, protocols, context_.effects)};
}

void Maintenance::update_firmware(const UpdateFirmwareReq& request) {
    const auto& protocols = context_.configuration.text(Key::SupportedFileTransferProtocols);
    if (firmware_.request(request, protocols, context_.effects)) return;
    context_.note(LogLevel::warning, "firmware_update_ignored",
                  "UpdateFirmware is ignored: another update is being fetched or installed.");
}

void Maintenance::send_diagnostics_status() {
    push(diagnostics_action, DiagnosticsStatusNotificationReq{diagnostics_.status()}, true);
}

void Maintenance::send_firmware_status() {
    push(firmware_action, FirmwareStatusNotificationReq{firmware_.status()}, true);
}

void Maintenance::send_log_status() {
    push(log_action, log_.status(), true);
}

void Maintenance::send_signed_firmware_status() {
    push(signed_firmware_action, firmware_.signed_status(), true);
}

void Maintenance::on_log_uploaded(int attempt, const Result<void>& result, const Now& now) {
    log_.on_done(attempt, result, now, context_.effects);
}

void Maintenance::on_verified(const Result<void>& result) {
    if (!firmware_.on_verified(result, context_.effects)) return;
    context_.raise_event(SecurityEventType::InvalidFirmwareSignature, result.error().detail);
}

void Maintenance::on_uploaded(int attempt, const Result<void>& result, const Now& now) {
    diagnostics_.on_done(attempt, result, now, context_.effects);
}

void Maintenance::on_downloaded(int attempt, const Result<void>& result, const Now& now) {
    firmware_.on_downloaded(attempt, result, now, context_.effects);
}

void Maintenance::on_installed(const Result<void>& result) {
    if (!firmware_.on_installed(result, context_.effects)) return;
    context_.raise_event(SecurityEventType::FirmwareUpdated, context_.settings.version);
}

/// A triggered one tells what is told anyway.
void Maintenance::on_answered(const OutgoingCall& call) {
    if (call.triggered) return;
    if (call.action == diagnostics_action) diagnostics_.on_status_answered(context_.effects);
    if (call.action == log_action) log_.on_status_answered(context_.effects);
    if (tells_firmware(call)) firmware_.on_status_answered(context_.effects);
}

void Maintenance::on_unanswered(const OutgoingCall& call) {
    if (call.triggered) return;
    if (call.action == diagnostics_action) diagnostics_.on_status_unanswered(context_.effects);
    if (call.action == log_action) log_.on_status_unanswered(context_.effects);
    if (tells_firmware(call)) firmware_.on_status_unanswered(context_.effects);
}

}  // namespace busbar::ocpp
