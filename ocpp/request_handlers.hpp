// SPDX-License-Identifier: Apache-2.0
// The requests of the central system (OCPP 1.6 section 5): one function each, given the decoded request.
#pragma once

#include <string>
#include <variant>

#include "ocpp/charge_point.hpp"
#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {

/// The answer comes when the work is done.
struct Later {};

/// The JSON text of a confirmation, the reason for a CALLERROR, or neither yet.
using Reply = std::variant<std::string, SchemaViolation, Later>;

template <class Conf>
Reply confirm(const Conf& conf) {
    return to_text(encode(conf));
}

inline SchemaViolation no_such_connector(int id) {
    return {CallErrorCode::PropertyConstraintViolation,
            "connectorId: there is no connector " + std::to_string(id)};
}

struct RequestHandlers {
    // core_requests.cpp
    static Reply change_availability(ChargePoint& self, const ChangeAvailabilityReq& request, const Now& now);
    static Reply change_configuration(ChargePoint& self, const ChangeConfigurationReq& request,
                                      const Now& now);
    static Reply clear_cache(ChargePoint& self, const ClearCacheReq& request, const Now& now);
    static Reply data_transfer(ChargePoint& self, const DataTransferReq& request, const Now& now);
    static Reply get_configuration(ChargePoint& self, const GetConfigurationReq& request, const Now& now);
    static Reply remote_start(ChargePoint& self, const RemoteStartTransactionReq& request, const Now& now);
    static Reply remote_stop(ChargePoint& self, const RemoteStopTransactionReq& request, const Now& now);
    static Reply reset(ChargePoint& self, const ResetReq& request, const Now& now);
    static Reply unlock_connector(ChargePoint& self, const UnlockConnectorReq& request, const Now& now);

    // access_requests.cpp
    static Reply get_local_list_version(ChargePoint& self, const GetLocalListVersionReq& request,
                                        const Now& now);
    static Reply send_local_list(ChargePoint& self, const SendLocalListReq& request, const Now& now);
    static Reply reserve_now(ChargePoint& self, const ReserveNowReq& request, const Now& now);
    static Reply cancel_reservation(ChargePoint& self, const CancelReservationReq& request, const Now& now);

    // charging_requests.cpp
    static Reply clear_charging_profile(ChargePoint& self, const ClearChargingProfileReq& request,
                                        const Now& now);
    static Reply get_composite_schedule(ChargePoint& self, const GetCompositeScheduleReq& request,
                                        const Now& now);
    static Reply set_charging_profile(ChargePoint& self, const SetChargingProfileReq& request,
                                      const Now& now);

    // maintenance_requests.cpp
    static Reply get_diagnostics(ChargePoint& self, const GetDiagnosticsReq& request, const Now& now);
    static Reply get_log(ChargePoint& self, const GetLogReq& request, const Now& now);
    static Reply signed_update_firmware(ChargePoint& self, const SignedUpdateFirmwareReq& request,
                                        const Now& now);
    static Reply trigger_message(ChargePoint& self, const TriggerMessageReq& request, const Now& now);
    static Reply update_firmware(ChargePoint& self, const UpdateFirmwareReq& request, const Now& now);

    // helpers that look into the charge point
    static Connector* connector_to_start(ChargePoint& self, const RemoteStartTransactionReq& request);
    static bool fits_remote_start(const ChargePoint& self, ConnectorId connector,
                                  const std::optional<ChargingProfile>& profile);
    static bool is_installable(const ChargePoint& self, ConnectorId connector,
                               const ChargingProfile& profile);
    static void trigger_on_connectors(ChargePoint& self, const TriggerMessageReq& request, const Now& now);
};

}  // namespace busbar::ocpp
