// SPDX-License-Identifier: Apache-2.0
#include "rates.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "gateway/base/time.hpp"
#include "ocpp/composite_schedule.hpp"
#include "ocpp/frame.hpp"

namespace busbar::bench {
namespace {

using ocpp::ChargingProfile;
using ocpp::ChargingProfilePurposeType;

constexpr const char* frame =
    R"([2,"19223201-7f3a-4a0e-9f6f-6a8f0c2d1e77","SetChargingProfile",{"connectorId":1,"csChargingProfiles":{)"
    R"("chargingProfileId":7,"transactionId":42,"stackLevel":2,"chargingProfilePurpose":"TxProfile",)"
    R"("chargingProfileKind":"Absolute","chargingSchedule":{"duration":3600,"startSchedule":"2026-11-22T12:00:00Z",)"
    R"("chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16.0},)"
    R"({"startPeriod":900,"limit":10.0},{"startPeriod":1800,"limit":0.0}]}}}])";

const UtcTime noon{std::chrono::seconds(1'795'348'800)};

/// `work` gives something that must not be optimised away.
template <class Work>
double per_second(double for_seconds, Work work) {
    const auto began = steady_now();
    const auto end =
        began + std::chrono::duration_cast<SteadyEpoch::duration>(std::chrono::duration<double>(for_seconds));
    std::uint64_t count = 0;
    std::size_t kept = 0;
    auto now = began;
    for (; now < end; now = steady_now()) {
        for (int i = 0; i < 16; ++i) kept += work();
        count += 16;
    }
    if (kept == 0) throw std::runtime_error("the work that is timed does nothing");
    return static_cast<double>(count) / std::chrono::duration<double>(now - began).count();
}

ChargingProfile profile(int id, ChargingProfilePurposeType purpose, int stack_level, int periods) {
    ChargingProfile made;
    made.chargingProfileId = id;
    made.stackLevel = stack_level;
    made.chargingProfilePurpose = purpose;
    made.chargingSchedule.startSchedule = noon;
    for (int period = 0; period < periods; ++period)
        made.chargingSchedule.chargingSchedulePeriod.push_back(
            {900 * period, 6.0 + (period * (id + 1)) % 11, {}});
    return made;
}

/// A day in quarters of an hour by three profiles, one of each purpose.
struct Day {
    Day() {
        ocpp::Effects effects;
        profiles.install(0, profile(1, ChargingProfilePurposeType::ChargePointMaxProfile, 0, 96), "", noon,
                         effects);
        profiles.install(0, profile(2, ChargingProfilePurposeType::TxDefaultProfile, 0, 96), "", noon,
                         effects);
        profiles.install(1, profile(3, ChargingProfilePurposeType::TxProfile, 1, 96), "start", noon, effects);
        connector.transaction = ocpp::TransactionContext{"start", {SteadyTime(seconds(1000)), noon}};
    }
    [[nodiscard]] ocpp::GetCompositeScheduleConf schedule() const {
        return composite_schedule({1, 86'400, ocpp::ChargingRateUnitType::A}, profiles, {connector},
                                  {Amperes(32), {}, 100}, {SteadyTime(seconds(1000)), noon});
    }
    ocpp::ChargingProfiles profiles{{}};
    ocpp::ConnectorInUse connector;
};

}  // namespace

std::string core_rates(double seconds_each) {
    const Day day;
    const auto answer = day.schedule();
    const double parsed = per_second(seconds_each, [] { return ocpp::parse_frame(frame).index() + 1; });
    const double json = per_second(seconds_each, [] { return nlohmann::ordered_json::parse(frame).size(); });
    const double schedules = per_second(
        seconds_each, [&] { return day.schedule().chargingSchedule->chargingSchedulePeriod.size(); });
    const double encoded = per_second(seconds_each, [&] { return ocpp::encode(answer).dump().size(); });
    return fmt::format(
        R"("frames_per_s":{:.0f},"json_parse_per_s":{:.0f},"schedules_per_s":{:.0f},"schedule_periods":{},"schedule_text_per_s":{:.0f})",
        parsed, json, schedules, answer.chargingSchedule->chargingSchedulePeriod.size(), encoded);
}

}  // namespace busbar::bench
