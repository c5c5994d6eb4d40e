// SPDX-License-Identifier: Apache-2.0
// What the central system may ask for: one short function a request, and the table that names them.
#include <array>

#include "ocpp/charge_point.hpp"
#include "ocpp/frame.hpp"
#include "ocpp/schedule.hpp"

namespace busbar::ocpp {
namespace {

/// The JSON text of a confirmation, or the reason for a CALLERROR.
using Reply = std::variant<std::string, SchemaViolation>;

template <class Conf>
Reply confirm(const Conf& conf) {
    return to_text(encode(conf));
}

SchemaViolation no_such_connector(int id) {
    return {CallErrorCode::PropertyConstraintViolation,
            "connectorId: there is no connector " + std::to_string(id)};
}

}  // namespace

/// The requests of OCPP 1.6 section 5; each gets the decoded request and gives the confirmation.
struct RequestHandlers {
    static Reply change_configuration(ChargePoint& self, const ChangeConfigurationReq& request, const Now&) {
        auto& context = self.context_;
        const auto status = context.configuration.change(request.key.str(), request.value.str());
        if (status == ConfigurationStatus::Accepted) {
            const Key key = find_key(request.key.str())->key;
            context.save(context.configuration.record(key));
            if (key == Key::WebSocketPingInterval) {
                context.effects.emplace_back(SetPingInterval{context.configuration.interval(key)});
            }
        }
        return confirm(ChangeConfigurationConf{status});
    }

    static KeyValue key_value(const ChargePoint& self, const KeySpec& spec, std::string_view name) {
        return {name, spec.access == KeyAccess::read, self.context_.configuration.text(spec.key)};
    }

    static Reply get_configuration(ChargePoint& self, const GetConfigurationReq& request, const Now&) {
        GetConfigurationConf conf;
        conf.configurationKey.emplace();
        if (!request.key || request.key->empty()) {
            for (const auto& spec : configuration_keys()) {
                conf.configurationKey->push_back(key_value(self, spec, spec.name));
            }
            return confirm(conf);
        }
        const auto most =
            static_cast<std::size_t>(self.context_.configuration.integer(Key::GetConfigurationMaxKeys));
        if (request.key->size() > most) {
            return SchemaViolation{CallErrorCode::PropertyConstraintViolation,
                                   "key: more than GetConfigurationMaxKeys"};
        }
        for (const auto& name : *request.key) {
            if (const auto* spec = find_key(name.str())) {
                conf.configurationKey->push_back(key_value(self, *spec, name.str()));
            } else if (conf.unknownKey) {
                conf.unknownKey->push_back(name);
            } else {
                conf.unknownKey.emplace({name});
            }
        }
        return confirm(conf);
    }

    /// R54: without connectorId the first connector that can.
    static Connector* connector_to_start(ChargePoint& self, const std::optional<int>& id) {
        if (id) {
            Connector* one = self.connector(*id);
            return one != nullptr && one->can_start_remotely() ? one : nullptr;
        }
        for (auto& one : self.connectors_) {
            if (one.can_start_remotely()) return &one;
        }
        return nullptr;
    }

    /// R57.
    static bool fits_remote_start(const ChargePoint& self, ConnectorId connector,
                                  const std::optional<ChargingProfile>& profile) {
        return !profile || (profile->chargingProfilePurpose == ChargingProfilePurposeType::TxProfile &&
                            !profile->transactionId && is_installable(self, connector, *profile));
    }

    static Reply remote_start(ChargePoint& self, const RemoteStartTransactionReq& request, const Now& now) {
        Connector* one = connector_to_start(self, request.connectorId);
        const bool possible = one != nullptr && self.context_.registration.accepted() && !self.restarting_ &&
                              fits_remote_start(self, one->id(), request.chargingProfile);
        if (!possible) return confirm(RemoteStartTransactionConf{RemoteStartStopStatus::Rejected});
        const bool ask = self.context_.configuration.boolean(Key::AuthorizeRemoteTxRequests);
        one->authorize(request.idTag.str(), request.chargingProfile, ask, now);
        return confirm(RemoteStartTransactionConf{RemoteStartStopStatus::Accepted});
    }

    static Reply remote_stop(ChargePoint& self, const RemoteStopTransactionReq& request, const Now& now) {
        const Transaction* transaction = self.context_.ledger.find_open_by_id(request.transactionId);
        Connector* one = transaction == nullptr ? nullptr : self.connector(transaction->connector);
        if (one == nullptr || !self.context_.registration.accepted()) {
            return confirm(RemoteStopTransactionConf{RemoteStartStopStatus::Rejected});
        }
        one->stop(Reason::Remote, now);
        return confirm(RemoteStopTransactionConf{RemoteStartStopStatus::Accepted});
    }

    static Reply reset(ChargePoint& self, const ResetReq& request, const Now& now) {
        self.begin_restart(request.type == ResetType::Hard, now);
        return confirm(ResetConf{ResetStatus::Accepted});
    }

    static bool is_installable(const ChargePoint& self, ConnectorId connector,
                               const ChargingProfile& profile) {
        const auto& keys = self.context_.configuration;
        return !schedule_problem(profile, keys.integer(Key::ChargingScheduleMaxPeriods)) &&
               profile.stackLevel >= 0 &&
               profile.stackLevel <= keys.integer(Key::ChargeProfileMaxStackLevel) &&
               self.context_.profiles.size_with(connector, profile) <=
                   static_cast<std::size_t>(keys.integer(Key::MaxChargingProfilesInstalled));
    }

    /// R76, R77: where each purpose may be installed. Gives the transaction a TxProfile belongs to.
    static std::optional<std::string> place_of(ChargePoint& self, int connector,
                                               const ChargingProfile& profile) {
        switch (profile.chargingProfilePurpose) {
            case ChargingProfilePurposeType::ChargePointMaxProfile:
                return connector == 0 ? std::optional<std::string>("") : std::nullopt;
            case ChargingProfilePurposeType::TxDefaultProfile:
                return "";
            case ChargingProfilePurposeType::TxProfile:
                break;
        }
        const Transaction* running = connector > 0 ? self.context_.ledger.find_open(connector) : nullptr;
        const bool is_its_own =
            running != nullptr && (!profile.transactionId || profile.transactionId == running->id);
        return is_its_own ? std::optional(running->local_id) : std::nullopt;
    }

    static Reply set_charging_profile(ChargePoint& self, const SetChargingProfileReq& request,
                                      const Now& now) {
        if (request.connectorId != 0 && self.connector(request.connectorId) == nullptr) {
            return no_such_connector(request.connectorId);
        }
        const auto place = place_of(self, request.connectorId, request.csChargingProfiles);
        if (!place || !is_installable(self, request.connectorId, request.csChargingProfiles)) {
            return confirm(SetChargingProfileConf{ChargingProfileStatus::Rejected});
        }
        self.context_.profiles.install(request.connectorId, request.csChargingProfiles, *place,
                                       now.utc.value_or(UtcTime()), self.context_.effects);
        return confirm(SetChargingProfileConf{ChargingProfileStatus::Accepted});
    }

    static Reply clear_charging_profile(ChargePoint& self, const ClearChargingProfileReq& request,
                                        const Now&) {
        const bool any = self.context_.profiles.clear(request, self.context_.effects);
        return confirm(ClearChargingProfileConf{any ? ClearChargingProfileStatus::Accepted
                                                    : ClearChargingProfileStatus::Unknown});
    }

    static void trigger_on(ChargePoint& self, const TriggerMessageReq& request, const Now& now) {
        const bool all = !request.connectorId;
        const bool status = request.requestedMessage == MessageTrigger::StatusNotification;
        if (status && (all || request.connectorId == 0)) self.push_own_status(now, true);
        for (auto& one : self.connectors_) {
            if (!all && one.id() != *request.connectorId && *request.connectorId != 0) continue;
            if (status && request.connectorId != 0) one.send_status(now);
            if (!status) one.send_meter_values(now);
        }
    }

    static Reply trigger_message(ChargePoint& self, const TriggerMessageReq& request, const Now& now) {
        const auto answer = [](TriggerMessageStatus status) { return confirm(TriggerMessageConf{status}); };
        const bool on_connector = request.requestedMessage == MessageTrigger::StatusNotification ||
                                  request.requestedMessage == MessageTrigger::MeterValues;
        const int id = request.connectorId.value_or(0);
        if (on_connector && id != 0 && self.connector(id) == nullptr)
            return answer(TriggerMessageStatus::Rejected);
        switch (request.requestedMessage) {
            case MessageTrigger::BootNotification:
                self.push_boot(true);
                break;
            case MessageTrigger::Heartbeat:
                self.context_.calls.push({self.context_.new_message_id(), "Heartbeat", "{}", true, 0, 0});
                break;
            case MessageTrigger::StatusNotification:
            case MessageTrigger::MeterValues:
                trigger_on(self, request, now);
                break;
            default:
                return answer(TriggerMessageStatus::NotImplemented);
        }
        return answer(TriggerMessageStatus::Accepted);
    }
};

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
    Route{"ChangeConfiguration", serve<ChangeConfigurationReq, Handlers::change_configuration>},
    Route{"ClearChargingProfile", serve<ClearChargingProfileReq, Handlers::clear_charging_profile>},
    Route{"GetConfiguration", serve<GetConfigurationReq, Handlers::get_configuration>},
    Route{"RemoteStartTransaction", serve<RemoteStartTransactionReq, Handlers::remote_start>},
    Route{"RemoteStopTransaction", serve<RemoteStopTransactionReq, Handlers::remote_stop>},
    Route{"Reset", serve<ResetReq, Handlers::reset>},
    Route{"SetChargingProfile", serve<SetChargingProfileReq, Handlers::set_charging_profile>},
    Route{"TriggerMessage", serve<TriggerMessageReq, Handlers::trigger_message>},
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
    send(result_frame(call.id, std::get<std::string>(reply)));
}

}  // namespace busbar::ocpp
