// SPDX-License-Identifier: Apache-2.0
// The requests of the Core profile.
#include "ocpp/request_handlers.hpp"

namespace busbar::ocpp {
namespace {

KeyValue key_value(const Configuration& configuration, const KeySpec& spec, std::string_view name) {
    if (spec.access == KeyAccess::write) return {name, false, std::nullopt};
    return {name, spec.access == KeyAccess::read, configuration.text(spec.key)};
}

/// R89: 16 to 20 bytes.
bool is_hex_key(std::string_view text) {
    const bool hex = text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    return hex && text.size() >= 32 && text.size() <= 40 && text.size() % 2 == 0;
}

}  // namespace

Reply RequestHandlers::change_availability(ChargePoint& self, const ChangeAvailabilityReq& request,
                                           const Now&) {
    auto& context = self.context_;
    if (request.connectorId != 0 && self.connector(request.connectorId) == nullptr) {
        return no_such_connector(request.connectorId);
    }
    const auto busy = [&](ConnectorId id) { return self.connector(id)->busy(); };
    return confirm(ChangeAvailabilityConf{
        context.availability.change(request.connectorId, request.type, busy, context.effects)});
}

Reply RequestHandlers::change_configuration(ChargePoint& self, const ChangeConfigurationReq& request,
                                            const Now& now) {
    auto& context = self.context_;
    const KeySpec* spec = find_key(request.key.str());
    const bool is_password = spec != nullptr && spec->key == Key::AuthorizationKey;
    if (is_password && context.settings.authorization_key_is_hex && !is_hex_key(request.value.str())) {
        return confirm(ChangeConfigurationConf{ConfigurationStatus::Rejected});
    }
    if (spec != nullptr && spec->key == Key::SecurityProfile) {
        const auto& link = self.certificates_.link();
        return confirm(
            ChangeConfigurationConf{self.security_profiles_.change(request.value.str(), link, now)});
    }
    const auto status = context.configuration.change(request.key.str(), request.value.str());
    if (status == ConfigurationStatus::Accepted) {
        context.save(context.configuration.record(spec->key));
        if (is_password) self.use_new_password(request.value.str());
        if (spec->key == Key::WebSocketPingInterval) {
            context.effects.emplace_back(SetPingInterval{context.configuration.interval(spec->key)});
        }
    }
    return confirm(ChangeConfigurationConf{status});
}

Reply RequestHandlers::clear_cache(ChargePoint& self, const ClearCacheReq&, const Now&) {
    auto& context = self.context_;
    return confirm(
        ClearCacheConf{context.authorizer.clear_cache(context.authorization_rules(), context.effects)});
}

/// No vendor has an extension here (R63).
Reply RequestHandlers::data_transfer(ChargePoint&, const DataTransferReq&, const Now&) {
    return confirm(DataTransferConf{DataTransferStatus::UnknownVendorId, std::nullopt});
}

Reply RequestHandlers::get_configuration(ChargePoint& self, const GetConfigurationReq& request, const Now&) {
    GetConfigurationConf conf;
    conf.configurationKey.emplace();
    if (!request.key || request.key->empty()) {
        for (const auto& spec : configuration_keys()) {
            conf.configurationKey->push_back(key_value(self.context_.configuration, spec, spec.name));
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
            conf.configurationKey->push_back(key_value(self.context_.configuration, *spec, name.str()));
        } else if (conf.unknownKey) {
            conf.unknownKey->push_back(name);
        } else {
            conf.unknownKey.emplace({name});
        }
    }
    return confirm(conf);
}

/// R54: without connectorId the first connector that can, before all others one that is kept for the tag.
Connector* RequestHandlers::connector_to_start(ChargePoint& self, const RemoteStartTransactionReq& request) {
    Connector* first = nullptr;
    const auto& reservations = self.context_.reservations;
    for (auto& one : self.connectors_) {
        const bool meant = !request.connectorId || *request.connectorId == one.id();
        const Admission admission = one.admission(presented(request.idTag.str(), std::nullopt));
        if (!meant || !one.can_start_remotely() || admission == Admission::refuse) continue;
        const bool kept = reservations.find_by_connector(one.id()) != nullptr;
        if (kept && admission == Admission::accept) return &one;
        if (first == nullptr) first = &one;
    }
    return first;
}

/// R57.
bool RequestHandlers::fits_remote_start(const ChargePoint& self, ConnectorId connector,
                                        const std::optional<ChargingProfile>& profile) {
    return !profile || (profile->chargingProfilePurpose == ChargingProfilePurposeType::TxProfile &&
                        !profile->transactionId && is_installable(self, connector, *profile));
}

Reply RequestHandlers::remote_start(ChargePoint& self, const RemoteStartTransactionReq& request,
                                    const Now& now) {
    Connector* one = connector_to_start(self, request);
    const bool possible = one != nullptr && self.context_.registration.accepted() && !self.restarting_ &&
                          fits_remote_start(self, one->id(), request.chargingProfile);
    if (!possible) return confirm(RemoteStartTransactionConf{RemoteStartStopStatus::Rejected});
    const bool ask = self.context_.configuration.boolean(Key::AuthorizeRemoteTxRequests);
    one->authorize(request.idTag.str(), request.chargingProfile, ask, now, true);
    return confirm(RemoteStartTransactionConf{RemoteStartStopStatus::Accepted});
}

Reply RequestHandlers::remote_stop(ChargePoint& self, const RemoteStopTransactionReq& request,
                                   const Now& now) {
    const Transaction* transaction = self.context_.ledger.find_open_by_id(request.transactionId);
    Connector* one = transaction == nullptr ? nullptr : self.connector(transaction->connector);
    if (one == nullptr || !self.context_.registration.accepted()) {
        return confirm(RemoteStopTransactionConf{RemoteStartStopStatus::Rejected});
    }
    one->stop(Reason::Remote, now);
    return confirm(RemoteStopTransactionConf{RemoteStartStopStatus::Accepted});
}

Reply RequestHandlers::reset(ChargePoint& self, const ResetReq& request, const Now& now) {
    self.begin_restart(request.type == ResetType::Hard, now);
    return confirm(ResetConf{ResetStatus::Accepted});
}

/// R60: NotSupported also for a fixed cable, whose transaction goes on.
Reply RequestHandlers::unlock_connector(ChargePoint& self, const UnlockConnectorReq& request,
                                        const Now& now) {
    const auto& context = self.context_;
    Connector* one = self.connector(request.connectorId);
    if (one == nullptr || !context.capabilities.unlock) {
        return confirm(UnlockConnectorConf{UnlockStatus::NotSupported});
    }
    if (self.unlocking_) return confirm(UnlockConnectorConf{UnlockStatus::UnlockFailed});
    self.unlocking_ = ChargePoint::Unlocking{context.cause.message_id, one->id(), now.steady, std::nullopt};
    one->stop(Reason::UnlockCommand, now);
    return Later{};
}

}  // namespace busbar::ocpp
