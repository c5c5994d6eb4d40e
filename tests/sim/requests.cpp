// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/requests.hpp"

#include <array>
#include <vector>

#include "ocpp/date_time.hpp"

namespace busbar::simulation {
namespace {

using ocpp::Json;
using Context = RequestContext;

constexpr std::array limits{0.0, 0.0, 5.0, 6.0, 8.0, 10.0, 13.0, 16.0, 32.0, 40.0};
constexpr std::array triggers{"BootNotification", "Heartbeat", "MeterValues", "StatusNotification",
                              "FirmwareStatusNotification"};

int draw_connector(const Context& context) {
    return static_cast<int>(context.world.random.between(1, context.plan.settings.connectors));
}

Json draw_periods(Random& random, bool constant, double unit) {
    Json periods = Json::array();
    std::int64_t start = 0;
    const auto count = constant ? 1 : random.between(1, 3);
    for (std::int64_t i = 0; i < count; ++i) {
        const double limit = random.pick(limits) * unit;
        periods.push_back({{"startPeriod", start}, {"limit", limit}});
        start += random.between(5, 90);
    }
    return periods;
}

/// Each purpose has ids of its own, so that the same one comes again.
Json draw_profile(const Context& context, const std::string& purpose) {
    Random& random = context.world.random;
    const bool ceiling = purpose == "ChargePointMaxProfile";
    const bool in_watts = random.chance(5);
    const auto level = random.below(3);
    const std::int64_t family = ceiling ? 100 : purpose == "TxProfile" ? 200 : 300;
    Json schedule{{"chargingRateUnit", in_watts ? "W" : "A"},
                  {"chargingSchedulePeriod", draw_periods(random, ceiling, in_watts ? 690.0 : 1.0)}};
    if (!ceiling && random.chance(3)) schedule["duration"] = random.between(10, 120);
    const bool absolute = ceiling || random.chance(4);
    if (absolute && !ceiling) {
        const auto start = context.world.clock.true_utc() + seconds(random.between(-60, 60));
        schedule["startSchedule"] = ocpp::to_iso8601(start);
    }
    return {{"chargingProfileId", family + random.below(4)},
            {"stackLevel", level},
            {"chargingProfilePurpose", purpose},
            {"chargingProfileKind", absolute ? "Absolute" : "Relative"},
            {"chargingSchedule", schedule}};
}

Json remote_start(const Context& context) {
    Json request{{"idTag", "REMOTE" + std::to_string(context.number)}};
    if (context.world.random.chance(2)) request["connectorId"] = draw_connector(context);
    if (context.world.random.chance(3)) request["chargingProfile"] = draw_profile(context, "TxProfile");
    return request;
}

Json remote_stop(const Context& context) {
    return {{"transactionId",
             std::max<std::int64_t>(0, context.next_transaction - 1 - context.world.random.below(3) / 2)}};
}

Json set_profile(const Context& context) {
    static constexpr std::array purposes{"TxDefaultProfile", "TxDefaultProfile", "TxProfile", "TxProfile",
                                         "ChargePointMaxProfile"};
    const std::string purpose = context.world.random.pick(purposes);
    int connector = draw_connector(context);
    if (purpose == "ChargePointMaxProfile") connector = 0;
    if (purpose == "TxDefaultProfile" && context.world.random.chance(2)) connector = 0;
    return {{"connectorId", connector}, {"csChargingProfiles", draw_profile(context, purpose)}};
}

Json clear_profile(const Context& context) {
    if (context.world.random.chance(2)) return Json::object();
    return {{"chargingProfilePurpose", context.world.random.chance(2) ? "TxDefaultProfile" : "TxProfile"}};
}

Json trigger(const Context& context) {
    Json request{{"requestedMessage", context.world.random.pick(triggers)}};
    if (context.world.random.chance(2)) request["connectorId"] = draw_connector(context);
    return request;
}

Json change_key(const Context& context) {
    static constexpr std::array<std::pair<const char*, const char*>, 16> changes{{
        {"MeterValueSampleInterval", "0"},
        {"MeterValueSampleInterval", "7"},
        {"MeterValueSampleInterval", "15"},
        {"HeartbeatInterval", "20"},
        {"HeartbeatInterval", "300"},
        {"MinimumStatusDuration", "0"},
        {"MinimumStatusDuration", "3"},
        {"StopTransactionOnEVSideDisconnect", "false"},
        {"StopTransactionOnEVSideDisconnect", "true"},
        {"StopTransactionOnInvalidId", "true"},
        {"StopTxnSampledData", "Energy.Active.Import.Register"},
        {"StopTxnSampledData", ""},
        {"AllowOfflineTxForUnknownId", "true"},
        {"WebSocketPingInterval", "0"},
        {"ConnectionTimeOut", "many"},
        {"NoSuchKey", "1"},
    }};
    const auto& [key, value] = context.world.random.pick(changes);
    return {{"key", key}, {"value", value}};
}

Json nothing(const Context&) {
    return Json::object();
}

Json reset(const Context& context) {
    return {{"type", context.world.random.chance(2) ? "Hard" : "Soft"}};
}

Json reserve(const Context& context) {
    return {{"connectorId", draw_connector(context)},
            {"expiryDate", ocpp::to_iso8601(context.world.clock.true_utc() + seconds(30))},
            {"idTag", "RESERVED"},
            {"reservationId", context.number}};
}

Json local_list(const Context& context) {
    return {
        {"listVersion", context.number}, {"updateType", "Full"}, {"localAuthorizationList", Json::array()}};
}

Json data_transfer(const Context&) {
    return {{"vendorId", "org.example"}, {"data", "x"}};
}

Json composite(const Context& context) {
    return {{"connectorId", draw_connector(context)}, {"duration", 300}};
}

Json unlock(const Context& context) {
    return {{"connectorId", draw_connector(context)}};
}

struct Kind {
    int weight;
    const char* action;
    Json (*draw)(const Context&);
};

constexpr std::array kinds{
    Kind{14, "RemoteStartTransaction", remote_start},
    Kind{8, "RemoteStopTransaction", remote_stop},
    Kind{14, "SetChargingProfile", set_profile},
    Kind{3, "ClearChargingProfile", clear_profile},
    Kind{8, "TriggerMessage", trigger},
    Kind{8, "ChangeConfiguration", change_key},
    Kind{2, "GetConfiguration", nothing},
    Kind{2, "Reset", reset},
    Kind{1, "GetCompositeSchedule", composite},
    Kind{1, "ReserveNow", reserve},
    Kind{1, "SendLocalList", local_list},
    Kind{1, "GetLocalListVersion", nothing},
    Kind{1, "UnlockConnector", unlock},
    Kind{1, "ClearCache", nothing},
    Kind{1, "DataTransfer", data_transfer},
};

}  // namespace

std::pair<std::string, ocpp::Json> draw_request(const RequestContext& context) {
    int total = 0;
    for (const auto& kind : kinds) total += kind.weight;
    auto draw = context.world.random.below(total);
    for (const auto& kind : kinds) {
        draw -= kind.weight;
        if (draw < 0) return {kind.action, kind.draw(context)};
    }
    return {"ClearCache", ocpp::Json::object()};
}

}  // namespace busbar::simulation
