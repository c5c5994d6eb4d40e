// SPDX-License-Identifier: Apache-2.0
#include "ocpp/charging_profiles.hpp"

#include <algorithm>
#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

using Purpose = ChargingProfilePurposeType;

/// R83: A counts per phase, W in total; absent numberPhases means 3, and more phases than we have do not
/// count.
Amperes in_amperes(const ChargingSchedulePeriod& period, ChargingRateUnitType unit, const Supply& supply) {
    if (unit == ChargingRateUnitType::A) return Amperes(period.limit);
    const int phases = std::clamp(period.numberPhases.value_or(3), 1, supply.phases);
    return Amperes(period.limit / (supply.voltage.value() * phases));
}

bool matches(const ClearChargingProfileReq& filter, ConnectorId connector, const ChargingProfile& profile) {
    if (filter.id) return profile.chargingProfileId == *filter.id;
    return (!filter.connectorId || *filter.connectorId == connector) &&
           (!filter.chargingProfilePurpose ||
            *filter.chargingProfilePurpose == profile.chargingProfilePurpose) &&
           (!filter.stackLevel || *filter.stackLevel == profile.stackLevel);
}

std::optional<UtcTime> earlier(std::optional<UtcTime> a, std::optional<UtcTime> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

}  // namespace

ChargingProfiles::ChargingProfiles(const std::vector<Record>& saved) {
    for (const auto& record : saved) {
        if (record.kind != record_kind) continue;
        const Json body = Json::parse(record.body, nullptr, false);
        if (!body.is_object() || !body.contains("profile")) continue;
        auto profile = decode<ChargingProfile>(body["profile"]);
        if (!profile) continue;
        installed_.push_back({field(body, "connector", 0), *profile,
                              field(body, "transaction", std::string()), field(body, "since", UtcTime())});
    }
}

template <class Predicate>
bool ChargingProfiles::erase_where(Predicate predicate, Effects& effects) {
    const auto gone = std::stable_partition(installed_.begin(), installed_.end(),
                                            [&](const Installed& entry) { return !predicate(entry); });
    for (auto entry = gone; entry != installed_.end(); ++entry) {
        effects.emplace_back(
            EraseRecord{std::string(record_kind), std::to_string(entry->profile.chargingProfileId)});
    }
    const bool any = gone != installed_.end();
    installed_.erase(gone, installed_.end());
    return any;
}

bool ChargingProfiles::replaces(ConnectorId connector, const ChargingProfile& profile,
                                const Installed& earlier) {
    const bool same_place = earlier.connector == connector &&
                            earlier.profile.stackLevel == profile.stackLevel &&
                            earlier.profile.chargingProfilePurpose == profile.chargingProfilePurpose;
    return earlier.profile.chargingProfileId == profile.chargingProfileId || same_place;
}

std::size_t ChargingProfiles::size_with(ConnectorId connector, const ChargingProfile& profile) const {
    const auto stays = std::count_if(installed_.begin(), installed_.end(), [&](const Installed& entry) {
        return !replaces(connector, profile, entry);
    });
    return static_cast<std::size_t>(stays) + 1;
}

void ChargingProfiles::install(ConnectorId connector, ChargingProfile profile, const std::string& transaction,
                               UtcTime now, Effects& effects) {
    erase_where([&](const Installed& entry) { return replaces(connector, profile, entry); }, effects);
    const Json body{{"connector", connector},
                    {"transaction", transaction},
                    {"since", to_iso8601(now)},
                    {"profile", encode(profile)}};
    effects.emplace_back(
        SaveRecord{{std::string(record_kind), std::to_string(profile.chargingProfileId), to_text(body)}});
    installed_.push_back({connector, std::move(profile), transaction, now});
}

bool ChargingProfiles::clear(const ClearChargingProfileReq& filter, Effects& effects) {
    return erase_where(
        [&](const Installed& entry) { return matches(filter, entry.connector, entry.profile); }, effects);
}

void ChargingProfiles::forget_transaction(const std::string& transaction, Effects& effects) {
    erase_where([&](const Installed& entry) { return entry.transaction == transaction; }, effects);
}

ChargingProfiles::Best ChargingProfiles::best_of(Purpose purpose, ConnectorId connector,
                                                 const TransactionContext& transaction, const Now& now,
                                                 std::optional<UtcTime>& next_change) const {
    Best best;
    for (const auto& entry : installed_) {
        const bool of_ours = entry.transaction.empty() || entry.transaction == transaction.local_id;
        if (entry.profile.chargingProfilePurpose != purpose || entry.connector != connector || !of_ours)
            continue;
        ScheduleState state{lowest_period(entry.profile), std::nullopt};
        if (now.utc) state = state_at(entry.profile, {entry.since, utc_of(transaction.start, now)}, *now.utc);
        next_change = earlier(next_change, state.next_change);
        if (!state.period) continue;
        if (best.profile == nullptr || entry.profile.stackLevel > best.profile->profile.stackLevel) {
            best = {&entry, *state.period};
        }
    }
    return best;
}

AllowedCurrent ChargingProfiles::allowed(ConnectorId connector, const TransactionContext& transaction,
                                         const Supply& supply, const Now& now) const {
    AllowedCurrent allowed;
    const auto best = [&](Purpose purpose, ConnectorId where) {
        return best_of(purpose, where, transaction, now, allowed.next_change);
    };
    const Best of_transaction = best(Purpose::TxProfile, connector);
    const Best of_connector = best(Purpose::TxDefaultProfile, connector);
    const Best of_all = best(Purpose::TxDefaultProfile, 0);
    const Best ceiling = best(Purpose::ChargePointMaxProfile, 0);

    Best chosen = of_transaction;
    if (chosen.profile == nullptr) chosen = of_connector;
    if (chosen.profile == nullptr) chosen = of_all;
    for (const Best& rule : {chosen, ceiling}) {
        if (rule.profile == nullptr) continue;
        const Amperes limit =
            in_amperes(rule.period, rule.profile->profile.chargingSchedule.chargingRateUnit, supply);
        allowed.limit = allowed.limit ? std::min(*allowed.limit, limit) : limit;
    }
    return allowed;
}

}  // namespace busbar::ocpp
