// SPDX-License-Identifier: Apache-2.0
#include "ocpp/maintenance.hpp"

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

constexpr std::string_view diagnostics_action = "DiagnosticsStatusNotification";
constexpr std::string_view firmware_action = "FirmwareStatusNotification";

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
    if (auto instruction = firmware_.settle(idle, now, context_.effects)) {
        context_.effects.emplace_back(StartTransfer{*std::move(instruction)});
    }
    if (const auto status = diagnostics_.take_status(context_.online())) {
        push(diagnostics_action, DiagnosticsStatusNotificationReq{*status}, false);
    }
    if (const auto status = firmware_.take_status(context_.online())) {
        push(firmware_action, FirmwareStatusNotificationReq{*status}, false);
    }
}

std::optional<SteadyTime> Maintenance::next_deadline() const {
    const auto a = diagnostics_.next_deadline();
    const auto b = firmware_.next_deadline();
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

GetDiagnosticsConf Maintenance::get_diagnostics(const GetDiagnosticsReq& request, const Now& now) {
    const auto& serial = context_.identity.serial;
    const auto& protocols = context_.configuration.text(Key::SupportedFileTransferProtocols);
    const DiagnosticsSource source{serial.empty() ? context_.settings.id : serial, protocols,
                                   !protocols.empty()};
    return diagnostics_.request(request, source, now, context_.effects);
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
    context_.calls.push(
        {context_.new_message_id(), "LogStatusNotification", R"({"status":"Idle"})", true, 0, 0});
}

void Maintenance::send_signed_firmware_status() {
    context_.calls.push(
        {context_.new_message_id(), "SignedFirmwareStatusNotification", R"({"status":"Idle"})", true, 0, 0});
}

void Maintenance::on_uploaded(int attempt, const Result<void>& result, const Now& now) {
    diagnostics_.on_done(attempt, result, now, context_.effects);
}

void Maintenance::on_downloaded(int attempt, const Result<void>& result, const Now& now) {
    firmware_.on_downloaded(attempt, result, now, context_.effects);
}

void Maintenance::on_installed(const Result<void>& result) {
    firmware_.on_installed(result, context_.effects);
}

/// A triggered one tells what is told anyway.
void Maintenance::on_answered(const OutgoingCall& call) {
    if (call.triggered) return;
    if (call.action == diagnostics_action) diagnostics_.on_status_answered(context_.effects);
    if (call.action == firmware_action) firmware_.on_status_answered(context_.effects);
}

void Maintenance::on_unanswered(const OutgoingCall& call) {
    if (call.triggered) return;
    if (call.action == diagnostics_action) diagnostics_.on_status_unanswered(context_.effects);
    if (call.action == firmware_action) firmware_.on_status_unanswered(context_.effects);
}

}  // namespace busbar::ocpp
