// SPDX-License-Identifier: Apache-2.0
// What the central system may ask for, as one table.
#include <algorithm>
#include <array>

#include "ocpp/frame.hpp"
#include "ocpp/request_handlers.hpp"

namespace busbar::ocpp {
namespace {

/// Decodes the payload and hands it to `handler`.
template <class Request, Reply (*handler)(ChargePoint&, const Request&, const Now&)>
Reply serve(ChargePoint& self, const Json& payload, const Now& now) {
    const auto request = decode<Request>(payload);
    if (!request) return request.error();
    return handler(self, *request, now);
}

struct Route {
    std::string_view action;
    Reply (*serve)(ChargePoint&, const Json&, const Now&);
};

using Handlers = RequestHandlers;
constexpr std::array routes{
    Route{"CancelReservation", serve<CancelReservationReq, Handlers::cancel_reservation>},
    Route{"ChangeAvailability", serve<ChangeAvailabilityReq, Handlers::change_availability>},
    Route{"ChangeConfiguration", serve<ChangeConfigurationReq, Handlers::change_configuration>},
    Route{"ClearCache", serve<ClearCacheReq, Handlers::clear_cache>},
    Route{"ClearChargingProfile", serve<ClearChargingProfileReq, Handlers::clear_charging_profile>},
    Route{"DataTransfer", serve<DataTransferReq, Handlers::data_transfer>},
    Route{"GetCompositeSchedule", serve<GetCompositeScheduleReq, Handlers::get_composite_schedule>},
    Route{"GetConfiguration", serve<GetConfigurationReq, Handlers::get_configuration>},
    Route{"GetDiagnostics", serve<GetDiagnosticsReq, Handlers::get_diagnostics>},
    Route{"GetLocalListVersion", serve<GetLocalListVersionReq, Handlers::get_local_list_version>},
    Route{"GetLog", serve<GetLogReq, Handlers::get_log>},
    Route{"RemoteStartTransaction", serve<RemoteStartTransactionReq, Handlers::remote_start>},
    Route{"RemoteStopTransaction", serve<RemoteStopTransactionReq, Handlers::remote_stop>},
    Route{"ReserveNow", serve<ReserveNowReq, Handlers::reserve_now>},
    Route{"Reset", serve<ResetReq, Handlers::reset>},
    Route{"SendLocalList", serve<SendLocalListReq, Handlers::send_local_list>},
    Route{"SetChargingProfile", serve<SetChargingProfileReq, Handlers::set_charging_profile>},
    Route{"SignedUpdateFirmware", serve<SignedUpdateFirmwareReq, Handlers::signed_update_firmware>},
    Route{"TriggerMessage", serve<TriggerMessageReq, Handlers::trigger_message>},
    Route{"UnlockConnector", serve<UnlockConnectorReq, Handlers::unlock_connector>},
    Route{"UpdateFirmware", serve<UpdateFirmwareReq, Handlers::update_firmware>},
};

}  // namespace

void ChargePoint::on_request(const Call& call, const Now& now) {
    context_.cause = {call.id};
    const auto* route = std::find_if(routes.begin(), routes.end(),
                                     [&](const Route& one) { return one.action == call.action; });
    if (route == routes.end()) {
        return send(error_frame(call.id, CallErrorCode::NotImplemented, "no such action: " + call.action));
    }
    const Reply reply = route->serve(*this, call.payload, now);
    if (const auto* violation = std::get_if<SchemaViolation>(&reply)) {
        return send(error_frame(call.id, violation->code, violation->detail));
    }
    if (const auto* conf = std::get_if<std::string>(&reply)) send(result_frame(call.id, *conf));
}

}  // namespace busbar::ocpp
