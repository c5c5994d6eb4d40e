// SPDX-License-Identifier: Apache-2.0
// Charging profiles as JSON, a line each, and what they allow: limits in range, changes that lie ahead,
// answers to GetCompositeSchedule that end, and the same from the store.
#include "ocpp/composite_schedule.hpp"
#include "ocpp/json_bridge.hpp"
#include "tests/fuzz/expect.hpp"
#include "tests/ocpp/fake_store.hpp"

namespace busbar::ocpp {
namespace {

using fuzz::expect;

constexpr int most_lines = 20;
constexpr SteadyTime steady_start{seconds(1000)};
constexpr UtcTime utc_start{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h};
const TransactionContext running{"run1-1", {steady_start, utc_start}};
const Installation installation{Amperes(16), {3, Volts(230)}, 24};

class Bench {
  public:
    /// A profile is installed, a request answered, a number is seconds that pass.
    void take(const Json& line) {
        if (line.is_number_integer()) pass(seconds(line.get<std::int16_t>()));
        if (const auto request = decode<GetCompositeScheduleReq>(line)) check_composite(*request);
        if (const auto profile = decode<ChargingProfile>(line)) take(*profile);
        check_allowed();
    }

  private:
    void pass(seconds time) {
        now_.steady += std::chrono::abs(time);
        *now_.utc += time;  // a clock may be put back
    }

    void take(const ChargingProfile& profile) {
        const ScheduleState state = state_at(profile, {utc_start, utc_start}, *now_.utc);
        expect(!state.next_change || *state.next_change > *now_.utc, "state_at looks ahead");
        if (schedule_problem(profile, 24)) return;
        const bool of_all =
            profile.chargingProfilePurpose == ChargingProfilePurposeType::ChargePointMaxProfile;
        const bool of_one = profile.chargingProfilePurpose == ChargingProfilePurposeType::TxProfile;
        Effects effects;
        profiles_.install(of_all ? 0 : 1, profile, of_one ? running.local_id : "", *now_.utc, effects);
        store_.commit(effects);
    }

    void check_allowed() const {
        const ChargingProfiles reloaded(store_.load().records);
        for (const Now& now : {now_, Now{now_.steady, std::nullopt}}) {
            const auto allowed = profiles_.allowed(1, running, installation.supply, now, {2, 0, {}});
            expect(!allowed.limit || allowed.limit->value() >= 0, "a limit is not below 0");
            expect(!allowed.next_change || !now.utc || *allowed.next_change > *now.utc,
                   "a change lies ahead");
            expect(allowed.phases >= 1 && allowed.phases <= 3, "1 to 3 phases");
            const auto same = reloaded.allowed(1, running, installation.supply, now, {2, 0, {}});
            expect(same.next_change == allowed.next_change && same.phases == allowed.phases,
                   "the store keeps when and on how many phases");
        }
    }

    void check_composite(const GetCompositeScheduleReq& request) const {
        const auto conf =
            composite_schedule(request, profiles_, {{1, running}, {2, std::nullopt}}, installation, now_);
        const bool good = request.connectorId >= 0 && request.connectorId <= 2 && request.duration > 0;
        expect((conf.status == GetCompositeScheduleStatus::Accepted) == good, "a good request is accepted");
        if (!conf.chargingSchedule) return;
        const auto& schedule = *conf.chargingSchedule;
        const auto& periods = schedule.chargingSchedulePeriod;
        expect(!periods.empty() && periods.size() <= 24, "1 to 24 periods");
        expect(periods.front().startPeriod == 0, "the first period begins now");
        expect(*schedule.duration > periods.back().startPeriod && *schedule.duration <= request.duration,
               "every period lies within the duration");
        const double most = request.chargingRateUnit == ChargingRateUnitType::W ? 16 * 3 * 230 : 16;
        for (std::size_t i = 0; i < periods.size(); ++i) {
            expect(i == 0 || periods[i].startPeriod > periods[i - 1].startPeriod, "startPeriod rises");
            const double limit = periods[i].limit;
            expect(limit >= 0 && limit <= most * (request.connectorId == 0 ? 2 : 1), "a limit is in range");
        }
    }

    Now now_{steady_start, utc_start};
    ChargingProfiles profiles_{{}};
    test::FakeStore store_;
};

}  // namespace
}  // namespace busbar::ocpp

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    auto text = busbar::fuzz::text_of(data, size);
    busbar::ocpp::Bench bench;
    for (int lines = 0; !text.empty() && lines < busbar::ocpp::most_lines; ++lines) {
        const auto line = busbar::ocpp::Json::parse(busbar::fuzz::take_line(text), nullptr, false);
        if (!line.is_discarded()) bench.take(line);
    }
    return 0;
}
