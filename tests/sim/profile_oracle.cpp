// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/profile_oracle.hpp"

#include <algorithm>

#include "ocpp/date_time.hpp"

namespace busbar::simulation {
namespace {

bool same_or_absent(const Json& filter, const char* name, const Json& value) {
    return !filter.contains(name) || filter[name] == value;
}

}  // namespace

void ProfileOracle::on_link_or_process_lost() {
    unknown_ = unknown_ || !asked_.empty();
    asked_.clear();
}

void ProfileOracle::on_received(const Json& frame, const std::map<ConnectorId, std::string>& running) {
    if (frame[0] != 2) return;
    const bool about_profiles = frame[2] == "SetChargingProfile" || frame[2] == "ClearChargingProfile";
    if (about_profiles) asked_[frame[1]] = {frame, running};
    if (frame[2] == "RemoteStartTransaction" && frame[3].contains("chargingProfile")) {
        with_remote_[frame[3]["idTag"]] = frame[3]["chargingProfile"];
    }
}

void ProfileOracle::on_sent(const Json& frame) {
    if (frame[0] == 2) return;
    const auto asked = asked_.find(frame[1].get<std::string>());
    if (asked == asked_.end()) return;
    const auto [request, running] = asked->second;
    asked_.erase(asked);
    if (frame[0] != 3) return;
    if (request[2] == "ClearChargingProfile") return clear(request[3]);
    if (frame[2].value("status", "") != "Accepted") return;
    const ConnectorId connector = request[3]["connectorId"];
    const Json& profile = request[3]["csChargingProfiles"];
    const bool of_transaction = profile["chargingProfilePurpose"] == "TxProfile";
    const auto found = running.find(connector);
    if (of_transaction && found == running.end()) {
        return scene_.broken("a TxProfile needs a transaction", ocpp::to_text(request));
    }
    install(connector, of_transaction ? found->second : "", profile);
}

void ProfileOracle::on_transaction_begun(ConnectorId connector, const std::string& id,
                                         const std::string& id_tag) {
    const auto found = with_remote_.find(id_tag);
    if (found != with_remote_.end()) install(connector, id, found->second);
}

void ProfileOracle::install(ConnectorId connector, std::string transaction, const Json& profile) {
    const auto gives_way = [&](const Installed& one) {
        const bool same_place = one.connector == connector &&
                                one.profile["stackLevel"] == profile["stackLevel"] &&
                                one.profile["chargingProfilePurpose"] == profile["chargingProfilePurpose"];
        return same_place || one.profile["chargingProfileId"] == profile["chargingProfileId"];
    };
    installed_.erase(std::remove_if(installed_.begin(), installed_.end(), gives_way), installed_.end());
    installed_.push_back({connector, std::move(transaction), profile});
}

void ProfileOracle::clear(const Json& filter) {
    const auto goes = [&](const Installed& one) {
        if (filter.contains("id")) return filter["id"] == one.profile["chargingProfileId"];
        return same_or_absent(filter, "connectorId", one.connector) &&
               same_or_absent(filter, "chargingProfilePurpose", one.profile["chargingProfilePurpose"]) &&
               same_or_absent(filter, "stackLevel", one.profile["stackLevel"]);
    };
    installed_.erase(std::remove_if(installed_.begin(), installed_.end(), goes), installed_.end());
    if (filter.empty()) unknown_ = false;
}

std::optional<double> ProfileOracle::limit_by(const Installed& installed, const LimitedTransaction& running,
                                              Moment at) const {
    const Json& schedule = installed.profile["chargingSchedule"];
    Moment start = running.begun;
    if (schedule.contains("startSchedule")) {
        const auto utc = *ocpp::parse_iso8601(schedule["startSchedule"].get<std::string>());
        start = scene_.now() + (utc - scene_.world.clock.true_utc());
    } else if (installed.profile["chargingProfilePurpose"] == "ChargePointMaxProfile") {
        start = Moment(0);  // these are sent with one period only
    }
    if (at < start) return std::nullopt;
    const auto into = std::chrono::duration_cast<seconds>(at - start).count();
    if (schedule.contains("duration") && into >= schedule["duration"].get<int>()) return std::nullopt;
    double limit = 0;
    for (const auto& period : schedule["chargingSchedulePeriod"]) {
        if (period["startPeriod"].get<int>() <= into) limit = period["limit"].get<double>();
    }
    return schedule["chargingRateUnit"] == "A" ? limit : limit / (3 * 230);
}

const ProfileOracle::Installed* ProfileOracle::best(const std::string& purpose, ConnectorId connector,
                                                    const LimitedTransaction& running, Moment at) const {
    const Installed* chosen = nullptr;
    for (const auto& one : installed_) {
        const bool fits = one.connector == connector && one.profile["chargingProfilePurpose"] == purpose &&
                          (one.transaction.empty() || one.transaction == running.id);
        if (!fits || !limit_by(one, running, at)) continue;
        if (chosen == nullptr || one.profile["stackLevel"] > chosen->profile["stackLevel"]) chosen = &one;
    }
    return chosen;
}

std::optional<double> ProfileOracle::limit(ConnectorId connector, const LimitedTransaction& running,
                                           Moment at, const Sharers& sharers) const {
    const Installed* chosen = best("TxProfile", connector, running, at);
    if (chosen == nullptr) chosen = best("TxDefaultProfile", connector, running, at);
    if (chosen == nullptr) chosen = best("TxDefaultProfile", 0, running, at);
    const Installed* ceiling = best("ChargePointMaxProfile", 0, running, at);
    std::optional<double> limit;
    if (chosen != nullptr) limit = limit_by(*chosen, running, at);
    if (ceiling == nullptr) return limit;
    const double whole = *limit_by(*ceiling, running, at);
    int served = sharers.count;
    while (served > 1 && whole / served < sharers.least) --served;
    const double part = sharers.earlier < served ? whole / served : 0;
    return limit ? std::min(*limit, part) : part;
}

}  // namespace busbar::simulation
