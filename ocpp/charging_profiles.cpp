// SPDX-License-Identifier: Apache-2.0
#include "ocpp/charging_profiles.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

using Purpose = ChargingProfilePurposeType;

/// R83: absent numberPhases means 3, and more phases than we have do not count.
int phases_of(const ChargingSchedulePeriod& period, const Supply& supply) {
    return std::clamp(period.numberPhases.value_or(3), 1, std::max(supply.phases, 1));
}

/// R83: A counts per phase, W in total.
Amperes in_amperes(double rate, ChargingRateUnitType unit, int phases, const Supply& supply) {
    if (unit == ChargingRateUnitType::A) return Amperes(rate);
    return Amperes(rate / (supply.voltage.value() * phases));
}

bool matches(const ClearChargingProfileReq& filter, ConnectorId connector, const ChargingProfile& profile) {
    if (filter.id) return profile.chargingProfileId == *filter.id;
    return (!filter.connectorId || *filter.connectorId == connector) &&
           (!filter.chargingProfilePurpose ||
            *filter.chargingProfilePurpose == profile.chargingProfilePurpose) &&
           (!filter.stackLevel || *filter.stackLevel == profile.stackLevel);
}

/// An equal part for each of those that get enough to charge.
Amperes part_of(Amperes ceiling, const Sharing& sharing) {
    int served = std::max(sharing.sharers, 1);
    while (served > 1 && ceiling / served < sharing.minimum) --served;
    return sharing.before < served ? ceiling / served : Amperes(0);
}

}  // namespace

ChargingProfiles::ChargingProfiles(const std::vector<Record>& saved) {
    for (const auto& record : saved) {
        if (record.kind != record_kind) continue;
        const Json body = Json::parse(record.body, nullptr, false);
        if (!body.is_object() || !body.contains("profile")) continue;
        auto profile = decode<ChargingProfile>(body["profile"]);
        if (!profile) continue;
        insert({field(body, "connector", 0), *profile, field(body, "transaction", std::string()),
                field(body, "since", UtcTime())});
    }
}

/// A TxProfile over a TxDefaultProfile, one of the connector over one of all, then the higher stack level.
bool ChargingProfiles::rules_over(const Installed& a, const Installed& b) {
    const auto rank = [](const Installed& entry) {
        return std::tuple(entry.profile.chargingProfilePurpose, entry.connector > 0,
                          entry.profile.stackLevel);
    };
    return rank(a) > rank(b);
}

void ChargingProfiles::insert(Installed entry) {
    const auto place = std::upper_bound(installed_.begin(), installed_.end(), entry, rules_over);
    installed_.insert(place, std::move(entry));
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

void ChargingProfiles::save(const Installed& entry, Effects& effects) {
    const Json body{{"connector", entry.connector},
                    {"transaction", entry.transaction},
                    {"since", to_iso8601(entry.since)},
                    {"profile", encode(entry.profile)}};
    effects.emplace_back(SaveRecord{
        {std::string(record_kind), std::to_string(entry.profile.chargingProfileId), to_text(body)}});
}

void ChargingProfiles::install(ConnectorId connector, ChargingProfile profile, const std::string& transaction,
                               std::optional<UtcTime> now, Effects& effects) {
    erase_where([&](const Installed& entry) { return replaces(connector, profile, entry); }, effects);
    Installed entry{connector, std::move(profile), transaction, now.value_or(UtcTime())};
    save(entry, effects);
    insert(std::move(entry));
}

void ChargingProfiles::date(UtcTime now, Effects& effects) {
    for (auto& entry : installed_) {
        if (entry.since != UtcTime()) continue;
        entry.since = now;
        save(entry, effects);
    }
}

bool ChargingProfiles::clear(const ClearChargingProfileReq& filter, Effects& effects) {
    return erase_where(
        [&](const Installed& entry) { return matches(filter, entry.connector, entry.profile); }, effects);
}

void ChargingProfiles::forget_transaction(const std::string& transaction, Effects& effects) {
    erase_where([&](const Installed& entry) { return entry.transaction == transaction; }, effects);
}

bool ChargingProfiles::concerns(const Installed& entry, ConnectorId connector,
                                const std::string& transaction) {
    return (entry.connector == connector || entry.connector == 0) &&
           (entry.transaction.empty() || entry.transaction == transaction);
}

/// Whoever stands behind a profile that says something cannot change anything: not asked for its changes.
template <class Predicate>
ChargingProfiles::Prevailing ChargingProfiles::prevailing(Predicate concerned,
                                                          std::optional<UtcTime> transaction_start,
                                                          UtcTime at) const {
    Prevailing found;
    for (const auto& entry : installed_) {
        const bool is_ceiling = entry.profile.chargingProfilePurpose == Purpose::ChargePointMaxProfile;
        InForce& place = is_ceiling ? found.ceiling : found.of_transaction;
        if (place.profile != nullptr || !concerned(entry)) continue;
        const ScheduleState state = state_at(entry.profile, {entry.since, transaction_start}, at);
        found.next_change = earlier(found.next_change, state.next_change);
        if (state.period) place = {&entry.profile, *state.period};
    }
    return found;
}

void ChargingProfiles::lower(AllowedCurrent& allowed, const InForce& rule, const Supply& supply,
                             const Sharing& sharing) {
    if (rule.profile == nullptr) return;
    const auto& schedule = rule.profile->chargingSchedule;
    const int phases = phases_of(rule.period, supply);
    const auto amperes = [&](double rate) {
        return in_amperes(rate, schedule.chargingRateUnit, std::max(phases, supply.drawn_on), supply);
    };
    const Amperes limit = part_of(amperes(rule.period.limit), sharing);
    allowed.limit = std::min(allowed.limit.value_or(limit), limit);
    allowed.phases = std::min(allowed.phases, phases);
    if (!schedule.minChargingRate) return;
    const Amperes rate = amperes(*schedule.minChargingRate);
    allowed.efficient_from = std::max(allowed.efficient_from.value_or(rate), rate);
}

AllowedCurrent ChargingProfiles::lowest(ConnectorId connector, const std::string& transaction,
                                        const Supply& supply, const Sharing& sharing) const {
    AllowedCurrent allowed{std::nullopt, std::nullopt, supply.phases, std::nullopt};
    for (const auto& entry : installed_) {
        if (!concerns(entry, connector, transaction)) continue;
        const bool shared = entry.profile.chargingProfilePurpose == Purpose::ChargePointMaxProfile;
        allowed.of_transaction = allowed.of_transaction || !shared;
        for (const auto& period : entry.profile.chargingSchedule.chargingSchedulePeriod) {
            lower(allowed, {&entry.profile, period}, supply, shared ? sharing : Sharing());
        }
    }
    return allowed;
}

AllowedCurrent ChargingProfiles::allowed(ConnectorId connector, const TransactionContext& transaction,
                                         const Supply& supply, const Now& now, const Sharing& sharing) const {
    if (!now.utc) return lowest(connector, transaction.local_id, supply, sharing);
    const auto concerned = [&](const Installed& entry) {
        return concerns(entry, connector, transaction.local_id);
    };
    const Prevailing found = prevailing(concerned, utc_of(transaction.start, now), *now.utc);
    AllowedCurrent allowed{std::nullopt, found.next_change, supply.phases, std::nullopt};
    lower(allowed, found.of_transaction, supply, {});
    lower(allowed, found.ceiling, supply, sharing);
    allowed.of_transaction = found.of_transaction.profile != nullptr;
    return allowed;
}

AllowedCurrent ChargingProfiles::ceiling(const Supply& supply, UtcTime at) const {
    const auto is_ceiling = [](const Installed& entry) {
        return entry.profile.chargingProfilePurpose == Purpose::ChargePointMaxProfile;
    };
    const Prevailing found = prevailing(is_ceiling, std::nullopt, at);
    AllowedCurrent allowed{std::nullopt, found.next_change, supply.phases, std::nullopt};
    lower(allowed, found.ceiling, supply, {});
    return allowed;
}

}  // namespace busbar::ocpp
