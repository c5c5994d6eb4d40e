// SPDX-License-Identifier: Apache-2.0
// The requests of the security whitepaper (edition 3), and what the charge point notices by itself.
#include <fmt/format.h>

#include "ocpp/frame.hpp"
#include "ocpp/request_handlers.hpp"

namespace busbar::ocpp {

Reply RequestHandlers::certificate_signed(ChargePoint& self, const CertificateSignedReq& request,
                                          const Now&) {
    self.certificates_.ask(request);
    return Later{};
}

Reply RequestHandlers::delete_certificate(ChargePoint& self, const DeleteCertificateReq& request,
                                          const Now&) {
    self.certificates_.ask(request);
    return Later{};
}

Reply RequestHandlers::get_installed_certificate_ids(ChargePoint& self,
                                                     const GetInstalledCertificateIdsReq& request,
                                                     const Now&) {
    self.certificates_.ask(request);
    return Later{};
}

Reply RequestHandlers::install_certificate(ChargePoint& self, const InstallCertificateReq& request,
                                           const Now&) {
    self.certificates_.ask(request);
    return Later{};
}

/// What TriggerMessage can do too, it does; the two confirmations look alike.
Reply RequestHandlers::extended_trigger_message(ChargePoint& self, const ExtendedTriggerMessageReq& request,
                                                const Now& now) {
    const auto plain = [&](MessageTrigger message) {
        return trigger_message(self, {message, request.connectorId}, now);
    };
    switch (request.requestedMessage) {
        case ExtendedMessageTrigger::BootNotification:
            return plain(MessageTrigger::BootNotification);
        case ExtendedMessageTrigger::Heartbeat:
            return plain(MessageTrigger::Heartbeat);
        case ExtendedMessageTrigger::MeterValues:
            return plain(MessageTrigger::MeterValues);
        case ExtendedMessageTrigger::StatusNotification:
            return plain(MessageTrigger::StatusNotification);
        case ExtendedMessageTrigger::LogStatusNotification:
            self.maintenance_.send_log_status();
            break;
        case ExtendedMessageTrigger::FirmwareStatusNotification:
            self.maintenance_.send_signed_firmware_status();
            break;
        case ExtendedMessageTrigger::SignChargePointCertificate:
            self.certificates_.request_signature(true);
            break;
    }
    return confirm(ExtendedTriggerMessageConf{TriggerMessageStatus::Accepted});
}

void ChargePoint::on_certificates(const std::string& call, const CertificateAnswer& answer, const Now& now) {
    if (const auto conf = certificates_.on_answer(call, answer, now)) send(result_frame(call, *conf));
    settle(now);
}

void ChargePoint::on_certificates_brought(const std::string& what, const Now& now) {
    context_.raise_event(SecurityEventType::ReconfigurationOfSecurityParameters, what);
    certificates_.use_newest();
    settle(now);
}

void ChargePoint::on_link_security(const LinkSecurity& link) {
    certificates_.on_link(link);
}

void ChargePoint::on_security_event(SecurityEvent event, const Now& now) {
    context_.raise_event(event.type, std::move(event.tech_info));
    settle(now);
}

/// One event a start: whether it was asked for decides which.
void ChargePoint::note_start(const std::vector<Record>& saved) {
    const bool reset = std::any_of(saved.begin(), saved.end(),
                                   [](const Record& record) { return record.kind == reset_record; });
    if (!reset) return context_.raise_event(SecurityEventType::StartupOfTheDevice, context_.settings.version);
    context_.raise_event(SecurityEventType::ResetOrReboot, "the central system asked for it");
    context_.effects.emplace_back(EraseRecord{std::string(reset_record), ""});
}

void ChargePoint::watch_clock(const Now& now) {
    const auto step = clock_steps_.look(now);
    if (step) {
        context_.raise_event(SecurityEventType::SettingSystemTime,
                             fmt::format("the clock was set by {:+} s", step->count()));
    }
}

/// Profile 3 shows no password: the new one waits for the day that it is needed.
void ChargePoint::use_new_password(const std::string& password) {
    const bool in_use = security_profiles_.wanted() != SecurityProfiles::client_certificate;
    context_.effects.emplace_back(UsePassword{Secret(password), in_use});
    context_.raise_event(SecurityEventType::ReconfigurationOfSecurityParameters,
                         "AuthorizationKey was set by the central system");
}

}  // namespace busbar::ocpp
