// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/ocpp_sentences.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

/// A value of a sentence and where it stands in a payload.
struct Param {
    std::string_view name;
    const char* pointer;
};

struct Words {
    std::string_view action;
    std::string_view code;
    std::array<Param, 5> asked{};     ///< in the request
    std::array<Param, 2> answered{};  ///< in the answer
};

constexpr const char* period = "/csChargingProfiles/chargingSchedule/chargingSchedulePeriod/0/limit";
constexpr Param status{"answer", "/status"};
constexpr Param tag_status{"answer", "/idTagInfo/status"};
constexpr Param connector{"connector", "/connectorId"};

/// What a charge point says.
constexpr std::array said{
    Words{"Authorize", "authorize", {Param{"tag", "/idTag"}}, {tag_status}},
    Words{"BootNotification",
          "boot_notification",
          {Param{"vendor", "/chargePointVendor"},
           {"model", "/chargePointModel"},
           {"firmware", "/firmwareVersion"}},
          {status, {"interval_s", "/interval"}}},
    Words{
        "DataTransfer", "data_transfer", {Param{"vendor", "/vendorId"}, {"message", "/messageId"}}, {status}},
    Words{"DiagnosticsStatusNotification", "diagnostics_status", {Param{"status", "/status"}}, {}},
    Words{"FirmwareStatusNotification", "firmware_status", {Param{"status", "/status"}}, {}},
    Words{"Heartbeat", "heartbeat", {}, {Param{"time", "/currentTime"}}},
    Words{"MeterValues",
          "meter_values",
          {connector,
           {"transaction", "/transactionId"},
           {"value", "/meterValue/0/sampledValue/0/value"},
           {"unit", "/meterValue/0/sampledValue/0/unit"},
           {"measurand", "/meterValue/0/sampledValue/0/measurand"}},
          {}},
    Words{"SecurityEventNotification", "security_event", {Param{"type", "/type"}}, {}},
    Words{"StartTransaction",
          "start_transaction",
          {connector, {"tag", "/idTag"}, {"meter_wh", "/meterStart"}},
          {tag_status, {"transaction", "/transactionId"}}},
    Words{"StatusNotification",
          "status_notification",
          {connector, {"status", "/status"}, {"error", "/errorCode"}, {"info", "/info"}},
          {}},
    Words{"StopTransaction",
          "stop_transaction",
          {Param{"transaction", "/transactionId"}, {"meter_wh", "/meterStop"}, {"reason", "/reason"}},
          {tag_status}},
};

/// What a central system asks for.
constexpr std::array wanted{
    Words{"CancelReservation", "cancel_reservation", {Param{"reservation", "/reservationId"}}, {status}},
    Words{"ChangeAvailability", "change_availability", {connector, {"type", "/type"}}, {status}},
    Words{
        "ChangeConfiguration", "change_configuration", {Param{"key", "/key"}, {"value", "/value"}}, {status}},
    Words{"ClearCache", "clear_cache", {}, {status}},
    Words{"ClearChargingProfile",
          "clear_charging_profile",
          {connector, {"profile", "/id"}, {"purpose", "/chargingProfilePurpose"}},
          {status}},
    Words{"ExtendedTriggerMessage",
          "trigger_message",
          {Param{"message", "/requestedMessage"}, connector},
          {status}},
    Words{
        "GetCompositeSchedule", "get_composite_schedule", {connector, {"duration_s", "/duration"}}, {status}},
    Words{"GetConfiguration", "get_configuration", {Param{"key", "/key/0"}}, {}},
    Words{
        "GetDiagnostics", "get_diagnostics", {Param{"location", "/location"}}, {Param{"file", "/fileName"}}},
    Words{"GetLocalListVersion", "get_local_list_version", {}, {Param{"version", "/listVersion"}}},
    Words{"RemoteStartTransaction", "remote_start", {connector, {"tag", "/idTag"}}, {status}},
    Words{"RemoteStopTransaction", "remote_stop", {Param{"transaction", "/transactionId"}}, {status}},
    Words{"ReserveNow", "reserve_now", {connector, {"tag", "/idTag"}, {"until", "/expiryDate"}}, {status}},
    Words{"Reset", "reset", {Param{"type", "/type"}}, {status}},
    Words{"SendLocalList",
          "send_local_list",
          {Param{"version", "/listVersion"}, {"type", "/updateType"}},
          {status}},
    Words{"SetChargingProfile",
          "set_charging_profile",
          {connector,
           {"purpose", "/csChargingProfiles/chargingProfilePurpose"},
           {"limit", period},
           {"unit", "/csChargingProfiles/chargingSchedule/chargingRateUnit"},
           {"from", "/csChargingProfiles/chargingSchedule/startSchedule"}},
          {status}},
    Words{"TriggerMessage", "trigger_message", {Param{"message", "/requestedMessage"}, connector}, {status}},
    Words{"UnlockConnector", "unlock_connector", {connector}, {status}},
    Words{"UpdateFirmware", "update_firmware", {Param{"location", "/location"}}, {}},
};

void add(Json& params, std::span<const Param> places, const Json& payload) {
    for (const auto& [name, pointer] : places) {
        if (pointer == nullptr) continue;
        const Json::json_pointer place(pointer);
        if (!payload.contains(place)) continue;
        const Json& value = payload.at(place);
        if (value.is_primitive()) params[std::string(name)] = value;
    }
}

const Words* words_of(std::string_view action) {
    for (const auto rows : {std::span<const Words>(said), std::span<const Words>(wanted)}) {
        const auto found =
            std::find_if(rows.begin(), rows.end(), [=](const Words& row) { return row.action == action; });
        if (found != rows.end()) return &*found;
    }
    return nullptr;
}

}  // namespace

Json sentence_of(std::string_view action, const Json& request, const Json& answer) {
    const Words* found = words_of(action);
    if (found == nullptr) return {{"code", "other"}, {"params", {{"action", action}}}};
    Json params = Json::object();
    add(params, found->asked, request);
    add(params, found->answered, answer);
    return {{"code", found->code}, {"params", std::move(params)}};
}

}  // namespace busbar::gateway
