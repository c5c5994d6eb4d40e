// SPDX-License-Identifier: Apache-2.0
// Random sets of charging profiles, held second by second against a slow evaluator that is written from the
// words of OCPP 1.6 and shares nothing with the product but the message structs. It counts in whole
// milliseconds and whole fractions of an ampere, so it knows nothing of rounding errors either.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <map>

#include "ocpp/composite_schedule.hpp"
#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using Kind = ChargingProfileKindType;
using Purpose = ChargingProfilePurposeType;
using Unit = ChargingRateUnitType;

const UtcTime noon = test::utc_at(test::test_start);

int below(int most) {
    return *rc::gen::inRange(0, most);
}
bool one_in(int many) {
    return below(many) == 0;
}

// --- The slow evaluator ----------------------------------------------------------------------------------

struct Entry {
    int connector;
    ChargingProfile profile;
    std::string transaction;
    UtcTime since;
};

/// What counts on one connector, in 1/part of an ampere; -1: no limit.
struct Slow {
    std::int64_t limit = -1;
    std::int64_t efficient_from = -1;
    int phases = 3;
    bool operator==(const Slow& other) const { return limit == other.limit && phases == other.phases; }
};

struct World {
    int volts = 230;
    int phases = 3;
    int max_tenths = 320;                 ///< of an ampere: the installation's own maximum
    std::map<int, UtcTime> transactions;  ///< start by connector; their local id is the connector's number
    std::vector<Entry> entries;

    /// 36 can be shared by every number of phases and connectors here.
    [[nodiscard]] std::int64_t part() const { return std::int64_t{10} * volts * 36; }
};

const ChargingSchedulePeriod* spoken(const Entry& entry, UtcTime transaction_start, UtcTime at) {
    const auto& profile = entry.profile;
    const auto& schedule = profile.chargingSchedule;
    if (profile.validFrom && at < *profile.validFrom) return nullptr;
    if (profile.validTo && !(at < *profile.validTo)) return nullptr;
    UtcTime begin =
        profile.chargingProfilePurpose == Purpose::ChargePointMaxProfile ? entry.since : transaction_start;
    if (profile.chargingProfileKind != Kind::Relative && schedule.startSchedule) {
        begin = *schedule.startSchedule;
    } else if (at < begin) {
        at = begin;
    }
    if (at < begin) return nullptr;
    if (profile.recurrencyKind) {
        const auto length =
            std::chrono::hours(*profile.recurrencyKind == RecurrencyKindType::Daily ? 24 : 168);
        while (begin + length <= at) begin += length;
    }
    const ChargingSchedulePeriod* latest = nullptr;
    for (const auto& period : schedule.chargingSchedulePeriod) {
        if (begin + seconds(period.startPeriod) <= at) latest = &period;
    }
    const bool over = schedule.duration && begin + seconds(*schedule.duration) <= at;
    return over ? nullptr : latest;
}

void restrict_to(const World& world, Slow& slow, const Entry& entry, const ChargingSchedulePeriod& period,
                 int sharers) {
    const auto& schedule = entry.profile.chargingSchedule;
    const int phases = std::min(period.numberPhases.value_or(3), world.phases);
    const auto parts = [&](double rate) {
        const std::int64_t tenths = std::llround(rate * 10);
        return schedule.chargingRateUnit == Unit::A ? tenths * world.volts * 36 : tenths * 36 / phases;
    };
    const std::int64_t limit = parts(period.limit) / sharers;
    if (slow.limit < 0 || limit < slow.limit) slow.limit = limit;
    slow.phases = std::min(slow.phases, phases);
    if (schedule.minChargingRate)
        slow.efficient_from = std::max(slow.efficient_from, parts(*schedule.minChargingRate));
}

/// Whether a profile of this purpose on connector `where` speaks for `transaction`; the highest level does.
bool apply(const World& world, Slow& slow, Purpose purpose, int where, const std::string& transaction,
           UtcTime transaction_start, UtcTime at, int sharers = 1) {
    for (int level = 3; level >= 0; --level) {
        for (const auto& entry : world.entries) {
            if (entry.profile.chargingProfilePurpose != purpose || entry.connector != where ||
                entry.profile.stackLevel != level)
                continue;
            if (purpose == Purpose::TxProfile && entry.transaction != transaction) continue;
            const auto* period = spoken(entry, transaction_start, at);
            if (period == nullptr) continue;
            restrict_to(world, slow, entry, *period, sharers);
            return true;
        }
    }
    return false;
}

Slow slow_ceiling(const World& world, UtcTime at, int sharers = 1) {
    Slow slow;
    slow.phases = world.phases;
    apply(world, slow, Purpose::ChargePointMaxProfile, 0, "", noon, at, sharers);
    return slow;
}

Slow slow_limit(const World& world, int connector, UtcTime start, UtcTime at, int sharers) {
    Slow slow;
    slow.phases = world.phases;
    const std::string own = world.transactions.count(connector) > 0 ? std::to_string(connector) : "";
    apply(world, slow, Purpose::TxProfile, connector, own, start, at) ||
        apply(world, slow, Purpose::TxDefaultProfile, connector, own, start, at) ||
        apply(world, slow, Purpose::TxDefaultProfile, 0, own, start, at);
    apply(world, slow, Purpose::ChargePointMaxProfile, 0, own, start, at, sharers);
    return slow;
}

/// In tenths of the unit asked for, as a fraction with the denominator that belongs to the unit.
struct SlowComposite {
    std::int64_t limit = 0;
    std::int64_t efficient_from = -1;
    int phases = 0;
};

SlowComposite slow_composite(const World& world, int asked, Unit unit, UtcTime second_zero, UtcTime at) {
    const std::int64_t most = std::int64_t{world.max_tenths} * world.volts * 36;
    const auto in_unit = [&](std::int64_t parts, int phases) {
        return unit == Unit::A ? parts : parts * phases;
    };
    SlowComposite sum;
    for (const int connector : {1, 2}) {
        if (asked != 0 && asked != connector) continue;
        const bool running = world.transactions.count(connector) > 0;
        const int sharers = asked == 0 ? 1 : int(world.transactions.size()) + (running ? 0 : 1);
        const UtcTime start = running ? world.transactions.at(connector) : second_zero;
        const Slow slow = slow_limit(world, connector, start, at, sharers);
        sum.limit += in_unit(slow.limit < 0 ? most : std::min(slow.limit, most), slow.phases);
        sum.phases = std::max(sum.phases, slow.phases);
        if (slow.efficient_from >= 0)
            sum.efficient_from =
                std::max(sum.efficient_from, in_unit(std::min(slow.efficient_from, most), slow.phases));
    }
    if (asked != 0) return sum;
    const Slow ceiling = slow_ceiling(world, at);
    if (ceiling.limit >= 0) sum.limit = std::min(sum.limit, in_unit(ceiling.limit, ceiling.phases));
    return sum;
}

// --- Random worlds, where everything happens within some minutes of noon -----------------------------------

UtcTime around_noon() {
    const seconds second(one_in(8) ? 0 : below(300) - 120);
    return noon + second + milliseconds(one_in(second == 0s ? 2 : 4) ? below(1000) : 0);
}

ChargingSchedule random_schedule() {
    ChargingSchedule schedule;
    schedule.chargingRateUnit = one_in(2) ? Unit::A : Unit::W;
    const int most = schedule.chargingRateUnit == Unit::A ? 400 : 250'000;
    int start = 0;
    for (int i = below(4); i >= 0; --i) {
        schedule.chargingSchedulePeriod.push_back({start, below(most) / 10.0, std::nullopt});
        if (one_in(3)) schedule.chargingSchedulePeriod.back().numberPhases = 1 + below(5);
        start += 1 + below(40);
    }
    if (one_in(2)) schedule.duration = below(150);
    if (one_in(3)) schedule.minChargingRate = below(most / 3) / 10.0;
    if (!one_in(4)) schedule.startSchedule = around_noon();
    return schedule;
}

/// The end of the recurrence cuts it, somewhere.
void stretch(ChargingSchedule& schedule, int recurrence) {
    auto& periods = schedule.chargingSchedulePeriod;
    const int late = recurrence - below(120);
    for (std::size_t i = 1 + std::size_t(below(2)); i < periods.size(); ++i) periods[i].startPeriod += late;
    if (schedule.duration) *schedule.duration += late;
}

ChargingProfile random_profile() {
    ChargingProfile profile;
    profile.chargingProfileId = below(12);
    profile.stackLevel = below(4);
    profile.chargingProfilePurpose = Purpose(below(3));
    profile.chargingProfileKind = Kind(below(3));
    profile.chargingSchedule = random_schedule();
    auto& start = profile.chargingSchedule.startSchedule;
    if (profile.chargingProfileKind == Kind::Recurring) {
        profile.recurrencyKind = one_in(2) ? RecurrencyKindType::Daily : RecurrencyKindType::Weekly;
        const auto length =
            std::chrono::hours(*profile.recurrencyKind == RecurrencyKindType::Daily ? 24 : 168);
        if (one_in(2)) stretch(profile.chargingSchedule, static_cast<int>(seconds(length).count()));
        start = start.value_or(noon) - (below(5) - 1) * length;
    }
    if (one_in(4)) profile.validFrom = around_noon();
    if (one_in(4)) profile.validTo = around_noon();
    return profile;
}

std::optional<int> maybe_below(int most) {
    return one_in(2) ? std::nullopt : std::optional(below(most));
}

/// The product and the world of the evaluator get the same messages.
struct Both {
    World world;
    test::FakeStore store;
    ChargingProfiles profiles{{}};

    void install() {
        ChargingProfile profile = random_profile();
        const Purpose purpose = profile.chargingProfilePurpose;
        const int connector = purpose == Purpose::ChargePointMaxProfile ? 0
                              : purpose == Purpose::TxProfile           ? 1 + below(2)
                                                                        : below(3);
        const bool of_transaction = purpose == Purpose::TxProfile;
        if (of_transaction && world.transactions.count(connector) == 0) return;
        const std::string owner = one_in(4) ? "another" : std::to_string(connector);
        const Entry entry{connector, profile, of_transaction ? owner : "", around_noon()};
        std::erase_if(world.entries, [&](const Entry& old) {
            return old.profile.chargingProfileId == profile.chargingProfileId ||
                   (old.connector == connector && old.profile.chargingProfilePurpose == purpose &&
                    old.profile.stackLevel == profile.stackLevel);
        });
        world.entries.push_back(entry);
        Effects effects;
        profiles.install(connector, profile, entry.transaction, entry.since, effects);
        store.commit(effects);
    }

    void clear() {
        ClearChargingProfileReq filter{maybe_below(12), maybe_below(3), std::nullopt, maybe_below(4)};
        if (one_in(2)) filter.chargingProfilePurpose = Purpose(below(3));
        const auto is_cleared = [&](const Entry& entry) {
            const auto& profile = entry.profile;
            if (filter.id) return *filter.id == profile.chargingProfileId;
            if (filter.connectorId && *filter.connectorId != entry.connector) return false;
            if (filter.stackLevel && *filter.stackLevel != profile.stackLevel) return false;
            return !filter.chargingProfilePurpose ||
                   *filter.chargingProfilePurpose == profile.chargingProfilePurpose;
        };
        const bool any = std::erase_if(world.entries, is_cleared) > 0;
        Effects effects;
        RC_ASSERT(profiles.clear(filter, effects) == any);
        store.commit(effects);
    }

    void stop_transaction(int connector) {
        world.transactions.erase(connector);
        const std::string id = std::to_string(connector);
        std::erase_if(world.entries, [&](const Entry& entry) { return entry.transaction == id; });
        Effects effects;
        profiles.forget_transaction(id, effects);
        store.commit(effects);
    }

    [[nodiscard]] Supply supply() const { return {world.phases, Volts(world.volts)}; }
    [[nodiscard]] TransactionContext transaction(int connector) const {
        return {std::to_string(connector), {test::test_start, world.transactions.at(connector)}};
    }
    [[nodiscard]] std::vector<ConnectorInUse> connectors() const {
        std::vector<ConnectorInUse> all;
        for (const int connector : {1, 2}) {
            ConnectorInUse one{connector, std::nullopt};
            if (world.transactions.count(connector) > 0) one.transaction = transaction(connector);
            all.push_back(one);
        }
        return all;
    }
};

Both random_both() {
    Both both;
    both.world.volts = one_in(3) ? 240 : 230;
    both.world.phases = one_in(3) ? 1 : 3;
    both.world.max_tenths = one_in(2) ? 320 : 160;
    for (const int connector : {1, 2}) {
        if (one_in(2)) both.world.transactions[connector] = around_noon();
    }
    for (int i = below(14); i > 0; --i) one_in(8) ? both.clear() : both.install();
    if (one_in(6)) both.stop_transaction(1);
    if (one_in(2)) both.profiles = ChargingProfiles(both.store.load().records);  // after a restart
    return both;
}

void check_shape(const GetCompositeScheduleConf& conf, int duration) {
    const auto& periods = conf.chargingSchedule->chargingSchedulePeriod;
    RC_ASSERT(conf.chargingSchedule->duration == duration);
    RC_ASSERT(!conf.chargingSchedule->startSchedule);
    RC_ASSERT(periods.front().startPeriod == 0);
    RC_ASSERT(periods.back().startPeriod < duration);
    for (std::size_t i = 1; i < periods.size(); ++i) {
        RC_ASSERT(periods[i - 1].startPeriod < periods[i].startPeriod);
        RC_ASSERT(periods[i - 1].limit != periods[i].limit ||
                  periods[i - 1].numberPhases != periods[i].numberPhases);
    }
}

TEST(SmartCharging, TheCompositeScheduleIsExactInEverySecond) {
    EXPECT_TRUE(rc::check("composite schedule", [] {
        const Both both = random_both();
        const UtcTime now = noon + milliseconds(one_in(2) ? 0 : below(1000));
        const GetCompositeScheduleReq request{below(3), 1 + below(250), one_in(2) ? Unit::A : Unit::W};
        const auto conf = composite_schedule(request, both.profiles, both.connectors(),
                                             {Amperes(both.world.max_tenths / 10.0), both.supply(), 10'000},
                                             {test::test_start, now});
        RC_ASSERT(conf.status == GetCompositeScheduleStatus::Accepted);
        RC_ASSERT(conf.scheduleStart == noon);
        check_shape(conf, request.duration);

        const std::int64_t denominator = *request.chargingRateUnit == Unit::A ? both.world.volts * 36 : 36;
        const auto& periods = conf.chargingSchedule->chargingSchedulePeriod;
        std::int64_t efficient_from = -1;
        std::size_t index = 0;
        for (int second = 0; second < request.duration; ++second) {
            if (index + 1 < periods.size() && periods[index + 1].startPeriod == second) ++index;
            const UtcTime at = second == 0 ? now : noon + seconds(second);
            const auto slow =
                slow_composite(both.world, request.connectorId, *request.chargingRateUnit, noon, at);
            RC_ASSERT(std::llround(periods[index].limit * 10) == slow.limit / denominator);
            RC_ASSERT(periods[index].numberPhases.value_or(3) == slow.phases);
            efficient_from = std::max(efficient_from, slow.efficient_from);
        }
        const auto& rate = conf.chargingSchedule->minChargingRate;
        RC_ASSERT(rate.has_value() == (efficient_from >= 0));
        if (rate) RC_ASSERT(std::llround(*rate * 10) == (efficient_from + denominator - 1) / denominator);
    }));
}

TEST(SmartCharging, TheLimitIsExactInEverySecondAndItsChangesAreForeseen) {
    EXPECT_TRUE(rc::check("allowed current", [] {
        Both both = random_both();
        const int connector = 1 + below(2);
        both.world.transactions.try_emplace(connector, around_noon());
        const UtcTime start = both.world.transactions.at(connector);
        const auto part = static_cast<double>(both.world.part());
        const int sharers = 1 + below(3);
        const milliseconds fraction(one_in(2) ? 0 : below(1000));
        std::optional<Slow> before;
        std::optional<UtcTime> quiet_until;
        for (int second = -130; second < 260; ++second) {
            const UtcTime at = noon + seconds(second) + fraction;
            const auto allowed = both.profiles.allowed(connector, both.transaction(connector), both.supply(),
                                                       {test::test_start, at}, {sharers, 0, {}});
            const Slow slow = slow_limit(both.world, connector, start, at, sharers);
            RC_ASSERT(allowed.limit.has_value() == (slow.limit >= 0));
            if (allowed.limit)
                RC_ASSERT(std::abs(allowed.limit->value() - static_cast<double>(slow.limit) / part) < 1e-9);
            RC_ASSERT(allowed.phases == slow.phases);
            if (before && (!quiet_until || at < *quiet_until)) RC_ASSERT(slow == *before);
            RC_ASSERT(!allowed.next_change || *allowed.next_change > at);
            before = slow;
            quiet_until = allowed.next_change;
        }
    }));
}

}  // namespace
}  // namespace busbar::ocpp
