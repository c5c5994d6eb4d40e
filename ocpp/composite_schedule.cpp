// SPDX-License-Identifier: Apache-2.0
#include "ocpp/composite_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace busbar::ocpp {
namespace {

/// Looks at the profiles one answer may take, however often they change without changing the limit.
constexpr int most_looks = 4000;

/// Far more than the error of a conversion to and fro, far less than a tenth.
constexpr double rounding_error = 1e-6;

double floor_to_tenth(double value) {
    return std::floor(value * 10 + rounding_error) / 10;
}

double ceil_to_tenth(double value) {
    return std::ceil(value * 10 - rounding_error) / 10;
}

/// What is allowed at an instant, in the unit asked for.
struct Allowance {
    double limit = 0;
    int phases = 0;
    std::optional<double> efficient_from;
    std::optional<UtcTime> next_change;
};

class Composer {
  public:
    Composer(const GetCompositeScheduleReq& request, const ChargingProfiles& profiles,
             const Installation& installation, const Now& now)
        : request_(request),
          profiles_(profiles),
          installation_(installation),
          unit_(request.chargingRateUnit.value_or(ChargingRateUnitType::A)),
          now_(*now.utc),
          start_(std::chrono::floor<seconds>(*now.utc)) {}

    /// False: there is no such connector.
    bool choose(const std::vector<ConnectorInUse>& connectors, const Now& now) {
        for (const auto& one : connectors) {
            const bool asked = whole() || one.id == request_.connectorId;
            if (asked || one.transaction) ++sharers_;
            const Amperes most =
                std::min(installation_.max_current, one.ceiling.value_or(installation_.max_current));
            if (asked) chosen_.push_back({one, context_of(one, now), whole() ? 0 : one.before, most});
        }
        if (whole()) sharers_ = 1;  // the ceiling counts once, for the sum
        return !chosen_.empty();
    }

    [[nodiscard]] GetCompositeScheduleConf compose() const {
        ChargingSchedule schedule;
        schedule.duration = request_.duration;
        schedule.chargingRateUnit = unit_;
        seconds second(0);
        for (int looks = 0; second < seconds(request_.duration); ++looks) {
            const Allowance allowance = allowance_at(second == 0s ? now_ : start_ + second);
            if (looks == most_looks || !append(schedule, second, allowance)) {
                schedule.duration = static_cast<int>(second.count());
                break;
            }
            if (!allowance.next_change) break;
            second = std::chrono::ceil<seconds>(*allowance.next_change - start_);
        }
        return {GetCompositeScheduleStatus::Accepted, request_.connectorId, start_, std::move(schedule)};
    }

  private:
    struct Chosen {
        const ConnectorInUse& connector;
        TransactionContext transaction;
        int before;
        Amperes most;
    };

    [[nodiscard]] bool whole() const { return request_.connectorId == 0; }

    [[nodiscard]] TransactionContext context_of(const ConnectorInUse& connector, const Now& now) const {
        if (!connector.transaction) return {"", {now.steady, start_}};
        TransactionContext context = *connector.transaction;
        context.start.utc = utc_of(context.start, now);
        return context;
    }

    [[nodiscard]] double in_unit(Amperes current, int phases) const {
        if (unit_ == ChargingRateUnitType::A) return current.value();
        return (current * installation_.supply.voltage).value() * phases;
    }

    static void keep_own_schedule(const ConnectorInUse& connector, UtcTime at, AllowedCurrent& allowed) {
        const auto lower = [&](Amperes most, std::optional<UtcTime> change) {
            allowed.limit = std::min(allowed.limit.value_or(most), most);
            allowed.next_change = earlier(allowed.next_change, change);
        };
        if (connector.hours != nullptr && !allowed.of_transaction) {
            const auto change = connector.hours->next_change(at);
            allowed.next_change = earlier(allowed.next_change, change);
            if (!connector.hours->open_at(at)) lower(Amperes(0), change);
        }
        if (connector.delayed && at < connector.delayed_until)
            lower(*connector.delayed, connector.delayed_until);
    }

    [[nodiscard]] Allowance of_one(const Chosen& one, UtcTime at) const {
        const Now then{one.transaction.start.steady, at};
        AllowedCurrent allowed = profiles_.allowed(one.connector.id, one.transaction, installation_.supply,
                                                   then, {sharers_, one.before, installation_.min_current});
        keep_own_schedule(one.connector, at, allowed);
        Allowance allowance{in_unit(std::min(allowed.limit.value_or(one.most), one.most), allowed.phases),
                            allowed.phases, std::nullopt, allowed.next_change};
        if (allowed.efficient_from) {
            const Amperes rate = std::min(*allowed.efficient_from, installation_.max_current);
            allowance.efficient_from = in_unit(rate, allowed.phases);
        }
        return allowance;
    }

    [[nodiscard]] Allowance allowance_at(UtcTime at) const {
        Allowance sum;
        for (const auto& one : chosen_) {
            const Allowance part = of_one(one, at);
            sum.limit += part.limit;
            sum.phases = std::max(sum.phases, part.phases);
            sum.efficient_from = std::max(sum.efficient_from, part.efficient_from);
            sum.next_change = earlier(sum.next_change, part.next_change);
        }
        if (!whole()) return sum;
        // Its changes are among those of the connectors.
        const AllowedCurrent ceiling = profiles_.ceiling(installation_.supply, at);
        if (ceiling.limit) sum.limit = std::min(sum.limit, in_unit(*ceiling.limit, ceiling.phases));
        return sum;
    }

    /// False: the answer is full.
    [[nodiscard]] bool append(ChargingSchedule& schedule, seconds second, const Allowance& allowance) const {
        auto& periods = schedule.chargingSchedulePeriod;
        ChargingSchedulePeriod period;
        period.startPeriod = static_cast<int>(second.count());
        period.limit = floor_to_tenth(allowance.limit);
        if (allowance.phases < 3) period.numberPhases = allowance.phases;
        const bool goes_on = !periods.empty() && periods.back().limit == period.limit &&
                             periods.back().numberPhases == period.numberPhases;
        const auto most = static_cast<std::size_t>(std::max(installation_.most_periods, 1));
        if (!goes_on && periods.size() == most) return false;
        if (!goes_on) periods.push_back(period);
        if (allowance.efficient_from) {
            const double rate = ceil_to_tenth(*allowance.efficient_from);
            schedule.minChargingRate = std::max(schedule.minChargingRate.value_or(rate), rate);
        }
        return true;
    }

    const GetCompositeScheduleReq& request_;
    const ChargingProfiles& profiles_;
    const Installation& installation_;
    ChargingRateUnitType unit_;
    UtcTime now_;
    UtcTime start_;
    int sharers_ = 0;
    std::vector<Chosen> chosen_;
};

}  // namespace

GetCompositeScheduleConf composite_schedule(const GetCompositeScheduleReq& request,
                                            const ChargingProfiles& profiles,
                                            const std::vector<ConnectorInUse>& connectors,
                                            const Installation& installation, const Now& now) {
    GetCompositeScheduleConf rejected{GetCompositeScheduleStatus::Rejected, std::nullopt, std::nullopt,
                                      std::nullopt};
    if (!now.utc || request.duration < 1) return rejected;
    Composer composer(request, profiles, installation, now);
    return composer.choose(connectors, now) ? composer.compose() : rejected;
}

}  // namespace busbar::ocpp
