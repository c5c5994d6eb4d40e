// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/life.hpp"

#include <algorithm>

#include "tests/sim/troublemaker.hpp"

namespace busbar::simulation {
namespace {

constexpr Moment longest_peace{600'000'000};

/// Every link works and nothing waits to be told.
bool is_told(Site& site) {
    const auto waiting = site.queue_length();
    if (!waiting || *waiting > 0) return false;
    for (std::size_t i = 0; i < site.places().size(); ++i) {
        const auto& witness = site.places()[i].witness;
        const bool idle =
            witness.link.accepted() && !witness.transactions.any_open() && witness.status.all_available();
        if (site.link(i) == nullptr || !idle) return false;
    }
    return true;
}

bool is_quiet(Site& site) {
    auto& places = site.places();
    return is_told(site) && std::none_of(places.begin(), places.end(),
                                         [](const Place& place) { return place.witness.link.waits(); });
}

/// What a transaction that ignores the cable needs to end, and what shows the keys.
void ask_in_peace(Site& site) {
    for (auto& place : site.places()) {
        if (!place.central_system.accepted()) continue;
        if (place.witness.transactions.any_open()) {
            place.central_system.ask("ChangeConfiguration",
                                     {{"key", "StopTransactionOnEVSideDisconnect"}, {"value", "true"}});
        }
    }
}

void check_the_end(Site& site, World& world) {
    for (auto& place : site.places()) place.central_system.ask("GetConfiguration", ocpp::Json::object());
    site.pass(Moment(2'000'000));
    if (!is_told(site)) {
        const auto waiting = site.queue_length();
        world.verdict.broken("all is told in the end", "gw",
                             "waiting: " + std::to_string(waiting.value_or(-1)) + " messages");
    }
    for (auto& place : site.places()) {
        place.witness.messages.expect_all_told();
        place.witness.transactions.expect_pairs();
        place.witness.status.expect_all_available();
        place.witness.link.expect_all_answered();
    }
}

void end_in_peace(Site& site, World& world) {
    constexpr Moment least{12'000'000};
    constexpr Moment step{5'000'000};
    const Moment end = world.clock.now() + longest_peace;
    site.pass(least);
    while (!is_quiet(site) && world.clock.now() < end && !world.verdict.reason()) {
        ask_in_peace(site);
        site.pass(step);
    }
    site.pass(step);
    if (!world.verdict.reason()) check_the_end(site, world);
}

void go_through(Site& site, Troublemaker& maker, World& world, const LifePlan& plan,
                const std::function<void(int)>& on_day) {
    const auto goes_on = [&](int event) {
        return plan.lasts ? world.clock.now() < Moment(*plan.lasts) : event < plan.events;
    };
    int days = 0;
    for (int event = 0; goes_on(event) && !world.verdict.reason(); ++event) {
        maker.next();
        const auto day = std::chrono::floor<std::chrono::days>(world.clock.now()).count();
        if (on_day && day > days) on_day(days = static_cast<int>(day));
    }
    if (world.verdict.reason()) return;
    maker.make_peace();
    end_in_peace(site, world);
}

Outcome live_by(const LifePlan& plan, World& world, const std::function<void(int)>& on_day) {
    Outcome outcome;
    {
        Site site(world, plan, world.random.next());
        Troublemaker maker(world, plan, site);
        site.start();
        go_through(site, maker, world, plan, on_day);
        outcome.counts = site.counts();
        for (auto& place : site.places()) outcome.counts.transactions += place.witness.transactions.count();
        outcome.hash = world.transcript.hash();
        outcome.broken = world.verdict.reason();
        outcome.disk_bytes = site.disk().bytes();
    }
    outcome.transcript = world.transcript.lines();
    return outcome;
}

}  // namespace

Outcome live(std::uint64_t seed, bool keep_transcript) {
    World world(seed, keep_transcript);
    const LifePlan plan = draw_plan(world.random);
    return live_by(plan, world, {});
}

Outcome live_long(std::uint64_t seed, int chargers, std::chrono::days lasts, bool keep_transcript,
                  const std::function<void(int)>& on_day) {
    World world(seed, keep_transcript);
    const LifePlan plan = draw_long_plan(world.random, chargers, lasts);
    return live_by(plan, world, on_day);
}

}  // namespace busbar::simulation
