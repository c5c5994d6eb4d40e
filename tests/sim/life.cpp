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

}  // namespace

Outcome live(std::uint64_t seed, bool keep_transcript) {
    World world(seed, keep_transcript);
    const LifePlan plan = draw_plan(world.random);
    Outcome outcome;
    {
        Site site(world, plan, world.random.next());
        Troublemaker trouble(world, plan, site);
        site.start();
        for (int i = 0; i < plan.events && !world.verdict.reason(); ++i) trouble.next();
        if (!world.verdict.reason()) {
            trouble.make_peace();
            end_in_peace(site, world);
        }
        outcome.counts = site.counts();
        for (auto& place : site.places()) outcome.counts.transactions += place.witness.transactions.count();
        outcome.hash = world.transcript.hash();
        outcome.broken = world.verdict.reason();
    }
    outcome.transcript = world.transcript.lines();
    return outcome;
}

}  // namespace busbar::simulation
