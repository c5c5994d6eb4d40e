// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/plan.hpp"

#include <array>
#include <memory>

namespace busbar::simulation {
namespace {

constexpr std::array modes{ocpp::AuthorizationMode::free, ocpp::AuthorizationMode::free,
                           ocpp::AuthorizationMode::remote, ocpp::AuthorizationMode::rfid};
constexpr std::array meters{Meter::lifetime, Meter::lifetime, Meter::lifetime,
                            Meter::lifetime, Meter::session,  Meter::power_only};
constexpr std::array sample_intervals{"5", "10", "20", "60"};
constexpr std::array long_sample_intervals{"60", "300", "900"};
constexpr std::array message_timeouts{"5", "10", "30"};
constexpr std::array retry_intervals{"0", "3", "10"};
constexpr std::array max_currents{10.0, 16.0, 20.0, 32.0};
constexpr std::array steps{0.1, 1.0};
constexpr std::array feeds{10.0, 16.0, 32.0, 40.0};
constexpr std::array delays{0, 30, 120, 300};
constexpr std::array poll_intervals{1000, 2000, 3000, 4000};

ocpp::Settings draw_settings(Random& random, int connectors) {
    ocpp::Settings settings;
    settings.vendor = "Heidelberg";
    settings.model = "Energy Control";
    settings.version = "busbar simulated";
    settings.mode = random.pick(modes);
    settings.id_tag = "EVENERGY01";
    settings.connectors = connectors;
    settings.max_current = Amperes(random.pick(max_currents));
    settings.lost_after = seconds(random.between(10, 30));
    settings.configuration["MeterValueSampleInterval"] = random.pick(sample_intervals);
    settings.configuration["MessageTimeout"] = random.pick(message_timeouts);
    settings.configuration["TransactionMessageRetryInterval"] = random.pick(retry_intervals);
    settings.configuration["ConnectionTimeOut"] = "20";
    if (random.chance(3)) settings.configuration["StopTxnSampledData"] = "Energy.Active.Import.Register";
    if (random.chance(4)) settings.configuration["StopTransactionOnInvalidId"] = "false";
    if (random.chance(4)) settings.configuration["AuthorizeRemoteTxRequests"] = "true";
    if (random.chance(3)) settings.configuration["AllowOfflineTxForUnknownId"] = "true";
    return settings;
}

ChargerPlan draw_charger(Random& random, std::string id) {
    ChargerPlan plan;
    plan.id = std::move(id);
    const int connectors = random.chance(4) ? 2 : 1;
    plan.settings = draw_settings(random, connectors);
    plan.capabilities.connectors = connectors;
    plan.capabilities.max_current = Amperes(random.pick(max_currents));
    plan.capabilities.step = Amperes(random.pick(steps));
    plan.capabilities.wake_up = random.chance(2);
    plan.capabilities.reboot = random.chance(2);
    plan.capabilities.card_reader = plan.settings.mode == ocpp::AuthorizationMode::rfid;
    plan.meter = random.pick(meters);
    plan.tells_power = plan.meter == Meter::power_only || !random.chance(5);
    plan.ignores_limits = random.chance(20);
    plan.poll_interval = milliseconds(random.pick(poll_intervals));
    return plan;
}

/// A charger that does what it likes would exceed any feed.
void share_a_feed(LifePlan& plan, double feed) {
    plan.feed = feed;
    for (auto& charger : plan.chargers) {
        charger.ignores_limits = false;
        for (ConnectorId id = 1; id <= charger.settings.connectors; ++id)
            charger.settings.ceilings[id] = Amperes(0);
    }
}

/// Lives begin at noon: the hours begin or end in the middle of most of these.
OpenHours draw_hours(Random& random) {
    const auto turn = std::chrono::hours(12) + std::chrono::minutes(random.between(0, 60));
    const auto other = std::chrono::minutes(turn + std::chrono::hours(8)) % std::chrono::hours(24);
    return random.chance(2) ? OpenHours{turn, other} : OpenHours{other, turn};
}

ocpp::ChargingHours charging_hours(const OpenHours& hours) {
    const auto each_day = std::bitset<7>().set();
    return {{WeeklySpan{each_day, hours.from, hours.to}}, [](UtcTime) { return seconds(0); }};
}

/// Each charger by itself: a delay, hours, or both.
void keep_own_schedule(LifePlan& plan, Random& random) {
    for (auto& charger : plan.chargers) {
        auto& times = charger.settings.times;
        times.random_delay = seconds(random.pick(delays));
        times.delay_central_system = !random.chance(3);
        const auto chance = std::make_shared<Random>(random.next());
        times.random = [chance] { return static_cast<double>(chance->below(1000)) / 1000; };
        if (times.random_delay > seconds(0) && random.chance(2)) continue;
        charger.hours = draw_hours(random);
        times.off_peak = charging_hours(*charger.hours);
    }
}

}  // namespace

bool OpenHours::open_at(UtcTime at) const {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const auto time = at - day;
    return from < to ? time >= from && time < to : time >= from || time < to;
}

LifePlan draw_plan(Random& random) {
    LifePlan plan;
    const auto count = random.chance(2) ? 1 : random.between(2, 4);
    for (std::int64_t i = 1; i <= count; ++i) {
        plan.chargers.push_back(draw_charger(random, "CP" + std::to_string(i)));
    }
    plan.troubles.clock = random.chance(3);
    plan.troubles.disk = random.chance(3);
    plan.troubles.deaths = !random.chance(8);
    plan.troubles.network = !random.chance(8);
    plan.troubles.central_system = !random.chance(4);
    plan.clock_known = !plan.troubles.clock || random.chance(2);
    plan.events = static_cast<int>(random.between(60, 160));
    if (random.chance(3)) share_a_feed(plan, random.pick(feeds));
    if (random.chance(4)) keep_own_schedule(plan, random);
    return plan;
}

LifePlan draw_long_plan(Random& random, int chargers, std::chrono::days lasts) {
    constexpr double feed_per_charger = 5;
    LifePlan plan;
    plan.lasts = lasts;
    plan.longest_pause = seconds(40);
    plan.troubles = {true, true, true, true, true};
    for (int i = 1; i <= chargers; ++i) {
        auto charger = draw_charger(random, "CP" + std::to_string(i));
        charger.settings.configuration["MeterValueSampleInterval"] = random.pick(long_sample_intervals);
        plan.chargers.push_back(std::move(charger));
    }
    if (random.chance(3)) share_a_feed(plan, feed_per_charger * chargers);
    return plan;
}

}  // namespace busbar::simulation
