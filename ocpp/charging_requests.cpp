// SPDX-License-Identifier: Apache-2.0
// The requests of the profile SmartCharging.
#include "ocpp/composite_schedule.hpp"
#include "ocpp/request_handlers.hpp"
#include "ocpp/schedule.hpp"

namespace busbar::ocpp {
namespace {

/// R76, R77: where each purpose may be installed. Gives the transaction a TxProfile belongs to.
std::optional<std::string> transaction_for(TransactionLedger& ledger, int connector,
                                           const ChargingProfile& profile) {
    switch (profile.chargingProfilePurpose) {
        case ChargingProfilePurposeType::ChargePointMaxProfile:
            return connector == 0 ? std::optional<std::string>("") : std::nullopt;
        case ChargingProfilePurposeType::TxDefaultProfile:
            return "";
        case ChargingProfilePurposeType::TxProfile:
            break;
    }
    const Transaction* running = connector > 0 ? ledger.find_open(connector) : nullptr;
    const bool is_its_own =
        running != nullptr && (!profile.transactionId || profile.transactionId == running->id);
    return is_its_own ? std::optional(running->local_id) : std::nullopt;
}

}  // namespace

bool RequestHandlers::is_installable(const ChargePoint& self, ConnectorId connector,
                                     const ChargingProfile& profile) {
    const auto& keys = self.context_.configuration;
    return !schedule_problem(profile, keys.integer(Key::ChargingScheduleMaxPeriods)) &&
           profile.stackLevel >= 0 && profile.stackLevel <= keys.integer(Key::ChargeProfileMaxStackLevel) &&
           self.context_.profiles.size_with(connector, profile) <=
               static_cast<std::size_t>(keys.integer(Key::MaxChargingProfilesInstalled));
}

Reply RequestHandlers::set_charging_profile(ChargePoint& self, const SetChargingProfileReq& request,
                                            const Now& now) {
    if (request.connectorId != 0 && self.connector(request.connectorId) == nullptr) {
        return no_such_connector(request.connectorId);
    }
    const auto transaction =
        transaction_for(self.context_.ledger, request.connectorId, request.csChargingProfiles);
    if (!transaction || !is_installable(self, request.connectorId, request.csChargingProfiles)) {
        return confirm(SetChargingProfileConf{ChargingProfileStatus::Rejected});
    }
    self.context_.profiles.install(request.connectorId, request.csChargingProfiles, *transaction, now.utc,
                                   self.context_.effects);
    return confirm(SetChargingProfileConf{ChargingProfileStatus::Accepted});
}

Reply RequestHandlers::clear_charging_profile(ChargePoint& self, const ClearChargingProfileReq& request,
                                              const Now&) {
    const bool any = self.context_.profiles.clear(request, self.context_.effects);
    return confirm(ClearChargingProfileConf{any ? ClearChargingProfileStatus::Accepted
                                                : ClearChargingProfileStatus::Unknown});
}

/// Whoever starts in mode remote is started by the central system, for whom the hours do not count.
void ChargePoint::add_own_schedule(const Connector& one, ConnectorInUse& use, const Now& now) const {
    const ConnectorView view = one.view();
    const OwnSchedule& own = one.own_schedule();
    const bool keeps_hours = view.transaction != nullptr
                                 ? own.keeps_hours(*view.transaction)
                                 : context_.settings.mode != AuthorizationMode::remote;
    if (keeps_hours && context_.settings.times.off_peak.any()) use.hours = &context_.settings.times.off_peak;
    const auto& held = own.held();
    if (view.transaction == nullptr || !held || held->off_peak || !held->until || !now.utc) return;
    use.delayed = held->limit;
    use.delayed_until = *now.utc + std::chrono::ceil<milliseconds>(*held->until - now.steady);
}

GetCompositeScheduleConf ChargePoint::schedule(const GetCompositeScheduleReq& request, const Now& now) const {
    std::vector<ConnectorInUse> connectors;
    for (const auto& one : connectors_) {
        const Transaction* running = one.view().transaction;
        connectors.push_back({one.id(), std::nullopt, context_.ledger.count_open()});
        add_own_schedule(one, connectors.back(), now);
        if (running == nullptr) continue;
        connectors.back().transaction = {running->local_id, running->start};
        connectors.back().before = context_.ledger.open_before(one.id());
        const auto ceiling = context_.ceilings.find(one.id());
        if (ceiling != context_.ceilings.end() && one.view().demand > Amperes(0))
            connectors.back().ceiling = ceiling->second;
    }
    const Installation installation{context_.max_current(), context_.supply(),
                                    context_.configuration.integer(Key::ChargingScheduleMaxPeriods),
                                    context_.capabilities.min_current};
    return composite_schedule(request, context_.profiles, connectors, installation, now);
}

Reply RequestHandlers::get_composite_schedule(ChargePoint& self, const GetCompositeScheduleReq& request,
                                              const Now& now) {
    return confirm(self.schedule(request, now));
}

}  // namespace busbar::ocpp
