// SPDX-License-Identifier: Apache-2.0
// The requests of the profiles FirmwareManagement and RemoteTrigger, and the security whitepaper's for files.
#include "ocpp/request_handlers.hpp"

namespace busbar::ocpp {

void RequestHandlers::trigger_on_connectors(ChargePoint& self, const TriggerMessageReq& request,
                                            const Now& now) {
    const bool all = !request.connectorId;
    const bool status = request.requestedMessage == MessageTrigger::StatusNotification;
    if (status && (all || request.connectorId == 0)) self.zero_.send_status(now);
    for (auto& one : self.connectors_) {
        if (!all && one.id() != *request.connectorId && *request.connectorId != 0) continue;
        if (status && request.connectorId != 0) one.send_status(now);
        if (!status) one.send_meter_values(now);
    }
}

Reply RequestHandlers::get_diagnostics(ChargePoint& self, const GetDiagnosticsReq& request, const Now& now) {
    return confirm(self.maintenance_.get_diagnostics(request, now));
}

Reply RequestHandlers::update_firmware(ChargePoint& self, const UpdateFirmwareReq& request, const Now&) {
    self.maintenance_.update_firmware(request);
    return confirm(UpdateFirmwareConf{});
}

Reply RequestHandlers::get_log(ChargePoint& self, const GetLogReq& request, const Now& now) {
    return confirm(self.maintenance_.get_log(request, now));
}

Reply RequestHandlers::signed_update_firmware(ChargePoint& self, const SignedUpdateFirmwareReq& request,
                                              const Now&) {
    return confirm(self.maintenance_.update_signed_firmware(request));
}

Reply RequestHandlers::trigger_message(ChargePoint& self, const TriggerMessageReq& request, const Now& now) {
    const bool on_connector = request.requestedMessage == MessageTrigger::StatusNotification ||
                              request.requestedMessage == MessageTrigger::MeterValues;
    const int id = request.connectorId.value_or(0);
    if (on_connector && id != 0 && self.connector(id) == nullptr) {
        return confirm(TriggerMessageConf{TriggerMessageStatus::Rejected});
    }
    switch (request.requestedMessage) {
        case MessageTrigger::BootNotification:
            self.push_boot(true);
            break;
        case MessageTrigger::DiagnosticsStatusNotification:
            self.maintenance_.send_diagnostics_status();
            break;
        case MessageTrigger::FirmwareStatusNotification:
            self.maintenance_.send_firmware_status();
            break;
        case MessageTrigger::Heartbeat:
            self.context_.calls.push({self.context_.new_message_id(), "Heartbeat", "{}", true, 0, 0});
            break;
        case MessageTrigger::StatusNotification:
        case MessageTrigger::MeterValues:
            trigger_on_connectors(self, request, now);
            break;
    }
    return confirm(TriggerMessageConf{TriggerMessageStatus::Accepted});
}

}  // namespace busbar::ocpp
