// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/site.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/charge_point_host.hpp"
#include "gateway/feed.hpp"
#include "gateway/timekeeper.hpp"
#include "tests/sim/observed_store.hpp"

namespace busbar::simulation {

Place::Place(World& world, Mortality& mortality, const ChargerPlan& charger_plan, const Troubles& troubles)
    : plan(charger_plan),
      charger(world, mortality, plan),
      central_system(world, line, plan.id, troubles.central_system),
      witness({world, plan, troubles}, charger) {
    central_system.witness = [this](const CentralSystem::Heard& heard) {
        witness.transactions.on_heard(heard);
    };
    central_system.witness_status = [this](const Json& request) { witness.status.on_heard(request); };
}

/// All that dies with the process, in the order in which it is made.
struct Site::Process {
    gateway::Timekeeper timekeeper{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
    std::deque<std::function<void()>> at_end_of_turn;
    std::unique_ptr<ObservedStore> store;
    std::unique_ptr<gateway::Turn> turn;
    std::vector<std::unique_ptr<SimulatedLink>> links;
    std::vector<std::unique_ptr<gateway::ChargePointHost>> hosts;
    bool deadlines_changed = true;
    std::optional<gateway::Feed> feed;
    bool feed_changed = true;
    std::optional<Moment> next_tick;
};

Site::Site(World& world, const LifePlan& plan, std::uint64_t disk_seed)
    : world_(world), plan_(plan), disk_(disk_seed) {
    disk_.may_change = [this] { return mortality_.step(); };
    world_.clock.reboot(Moment(0));
    world_.clock.set_known(plan.clock_known);
    for (const auto& charger : plan.chargers) places_.emplace_back(world, mortality_, charger, plan.troubles);
}

Site::~Site() {
    mortality_.die(Death::kill);
}

Log Site::make_log() {
    return Log([this](const LogRecord& record) {
        if (!mortality_.alive()) return;
        world_.transcript.add("log", record.event, record.text);
        const bool disk_good = disk_.health == PowerCutDisk::Health::good;
        if (record.event == "store_corrupt" || (record.event == "store_read_failed" && disk_good)) {
            world_.verdict.broken("the store opens after every death", "store", record.text);
        }
    });
}

std::function<void()> Site::in_this_process(std::function<void()> action) {
    return [this, number = process_number_, action = std::move(action)] {
        if (number == process_number_ && mortality_.alive()) action();
    };
}

void Site::start_process() {
    ++process_number_;
    mortality_.revive();
    process_ = std::make_unique<Process>();
    world_.transcript.add("gw", "starts");
    if (!open_store(*process_)) return settle();
    make_charge_points(*process_);
    if (plan_.feed) process_->feed.emplace(Amperes(*plan_.feed));
    process_since_ = world_.clock.now();
    for (std::size_t i = 0; i < places_.size(); ++i) {
        if (mortality_.alive()) process_->hosts[i]->start();
        if (mortality_.alive()) process_->links[i]->start(process_->hosts[i]->link_events());
        schedule_poll(i, world_.between(Moment(20'000), Moment(1'500'000)));
    }
    settle();
}

/// False: the process ends at once. Only a disk that fails may be the cause.
bool Site::open_store(Process& process) {
    const Log log = make_log();
    auto store = gateway::Store::open("site.db", log, PowerCutVfs::name);
    if (!store) {
        const bool disk_good = disk_.health == PowerCutDisk::Health::good;
        if (mortality_.alive() && disk_good) {
            world_.verdict.broken("the store opens after every death", "store", store.error().detail);
        }
        mortality_.die(mortality_.death().value_or(Death::kill));
        return false;
    }
    const auto witness_of = [this](const std::string& id) -> Witness& {
        return std::find_if(places_.begin(), places_.end(), [&](auto& place) { return place.plan.id == id; })
            ->witness;
    };
    process.store = std::make_unique<ObservedStore>(*std::move(store), mortality_, witness_of, [this] {
        for (auto& place : places_) place.witness.on_committed();
    });
    process.turn = std::make_unique<gateway::Turn>(
        *process.store,
        [&process](std::function<void()> end) { process.at_end_of_turn.push_back(std::move(end)); },
        [this](milliseconds wait, std::function<void()> retry) {
            world_.agenda.after(wait, in_this_process(std::move(retry)));
        },
        [] { return 0.5; }, log);
    return true;
}

void Site::make_charge_points(Process& process) {
    const gateway::HostSurroundings around{
        *process.store,
        *process.turn,
        [this] { return process_->timekeeper.now(world_.clock.steady(), world_.clock.system()); },
        [this](UtcTime utc) {
            process_->timekeeper.offer(utc, gateway::TimeSource::ocpp, world_.clock.steady());
        },
        [this] { return "r" + std::to_string(++runs_); },
        [&process] { process.deadlines_changed = process.feed_changed = true; },
        {}};
    for (std::size_t i = 0; i < places_.size(); ++i) {
        auto& place = places_[i];
        auto& witness = place.witness;
        SimulatedLink::Witness sees{[&witness](const Json& frame) { witness.on_sent(frame); },
                                    [&witness](const Json& frame) { witness.on_received(frame); },
                                    [&witness] { witness.on_connected(); },
                                    [&witness] { witness.on_disconnected(); },
                                    [&witness] { witness.on_fresh_start(); }};
        process.links.push_back(std::make_unique<SimulatedLink>(world_, mortality_, place.plan.id, place.line,
                                                                place.central_system, std::move(sees)));
        ocpp::Settings settings = place.plan.settings;
        settings.boot_id = "boot" + std::to_string(boots_);
        process.hosts.push_back(std::make_unique<gateway::ChargePointHost>(place.plan.id, std::move(settings),
                                                                           around, make_log()));
        process.hosts.back()->attach(*process.links.back());
        process.hosts.back()->attach(place.charger);
        place.charger.on_process_start({[&witness](const Command& command) {
                                            const auto* set = std::get_if<SetLimit>(&command);
                                            if (set != nullptr) witness.limits.on_commanded(*set);
                                        },
                                        [this, i] { report(i); }});
    }
}

void Site::schedule_poll(std::size_t place, Moment after) {
    world_.agenda.after(after, in_this_process([this, place] { poll(place); }));
}

void Site::poll(std::size_t place) {
    schedule_poll(place, places_[place].plan.poll_interval);
    report(place);
}

void Site::report(std::size_t index) {
    auto& place = places_[index];
    auto& host = *process_->hosts[index];
    const bool asleep = place.central_system.asleep() || place.line.slow;
    place.witness.on_time(disk_good_since_, asleep ? std::nullopt : process_since_, host.view().connectors);
    const auto readings = place.charger.look();
    if (!readings) {
        host.on_bus_failure(readings.error());
    } else {
        const bool exact = place.plan.meter == Meter::lifetime;
        for (ConnectorId id = 1; exact && id <= place.charger.connectors(); ++id) {
            const Socket& socket = place.charger.socket(id);
            const auto& energy = readings->at(static_cast<std::size_t>(id) - 1).energy_import;
            auto& rules = place.witness.transactions;
            if (!energy) {
                rules.on_register_missing(id);
            } else {
                rules.on_register_shown(id, energy->value.value(), !socket.register_fell);
            }
        }
        place.witness.limits.on_device_known();
        host.on_device(place.plan.capabilities, {});
        if (mortality_.alive()) host.on_readings(*readings);
    }
}

void Site::schedule_start(Moment after) {
    world_.agenda.after(after, [this] {
        if (!process_) start_process();
    });
}

void Site::bury() {
    const Death death = *mortality_.death();
    const bool power_cut = death == Death::power_cut;
    world_.transcript.add("gw", power_cut ? "POWER CUT" : "KILLED");
    ++process_number_;
    process_since_.reset();
    process_.reset();
    ++(power_cut ? counts_.power_cuts : counts_.kills);
    for (auto& place : places_) place.witness.on_process_end();
    if (power_cut) {
        disk_.cut_power();
        ++boots_;
        world_.clock.reboot(world_.between(Moment(5'000'000), Moment(60'000'000)));
        if (plan_.troubles.clock) world_.clock.set_known(world_.random.chance(2));
    }
    const auto longest = world_.random.chance(6) ? Moment(90'000'000) : Moment(6'000'000);
    schedule_start(world_.between(Moment(500'000), longest));
}

std::optional<Moment> Site::next_tick() {
    if (!process_) return std::nullopt;
    if (!process_->deadlines_changed) return process_->next_tick;
    process_->deadlines_changed = false;
    process_->next_tick.reset();
    for (const auto& host : process_->hosts) {
        const auto deadline = host->next_deadline();
        if (!deadline) continue;
        const Moment when = world_.clock.moment_of(*deadline);
        process_->next_tick = std::min(process_->next_tick.value_or(when), when);
    }
    return process_->next_tick;
}

void Site::run_due_ticks() {
    for (std::size_t i = 0; i < places_.size() && mortality_.alive(); ++i) {
        auto& host = *process_->hosts[i];
        const auto deadline = host.next_deadline();
        if (!deadline || *deadline > world_.clock.steady()) continue;
        host.on_tick();
        const auto next = host.next_deadline();
        if (next && *next <= world_.clock.steady()) {
            world_.verdict.broken("a deadline lies in the future", host.id(), "next_deadline() is not later");
        }
    }
    process_->deadlines_changed = true;
}

/// The turn of the loop ends: commits, then frames; then the feed is looked at. Or the process is dead by
/// now.
void Site::settle() {
    while (process_ && mortality_.alive() && (!process_->at_end_of_turn.empty() || process_->feed_changed)) {
        if (process_->at_end_of_turn.empty()) {
            review_feed();
            continue;
        }
        auto end = std::move(process_->at_end_of_turn.front());
        process_->at_end_of_turn.pop_front();
        end();
    }
    if (process_ && !mortality_.alive()) bury();
    check_feed();
}

/// These chargers keep their limit when nobody talks to them: a lost one counts with the most it may have.
void Site::review_feed() {
    process_->feed_changed = false;
    if (!process_->feed) return;
    std::vector<gateway::FeedMember> members;
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const Amperes most = places_[i].plan.settings.max_current;
        for (auto& connector : process_->hosts[i]->view().connectors)
            members.push_back({process_->hosts[i]->id(), std::move(connector), most, most});
    }
    for (const auto& grant : process_->feed->review(members)) {
        const auto host = std::find_if(process_->hosts.begin(), process_->hosts.end(),
                                       [&](const auto& one) { return one->id() == grant.charge_point; });
        if (mortality_.alive()) (*host)->set_ceiling(grant.connector, grant.ceiling);
    }
}

/// What the chargers have in force, whoever told them.
void Site::check_feed() {
    if (!plan_.feed) return;
    double sum = 0;
    for (const auto& place : places_) {
        for (ConnectorId id = 1; id <= place.charger.connectors(); ++id)
            sum += place.charger.socket(id).limit;
    }
    if (sum > *plan_.feed + 1e-6) {
        world_.verdict.broken("a feed is never exceeded", "feed",
                              fmt::format("{} A of {} A", sum, *plan_.feed));
    }
}

void Site::pass(Moment time) {
    const Moment end = world_.clock.now() + time;
    settle();
    while (!world_.verdict.reason()) {
        const auto tick = next_tick();
        const auto entry = world_.agenda.next();
        const Moment next = std::min(tick.value_or(Moment::max()), entry.value_or(Moment::max()));
        if (next > end) break;
        if (tick && *tick <= next) {
            world_.clock.advance_to(std::max(*tick, world_.clock.now()));
            run_due_ticks();
        } else {
            world_.agenda.run_next();
        }
        settle();
    }
    world_.clock.advance_to(std::max(end, world_.clock.now()));
}

void Site::set_disk_health(PowerCutDisk::Health health) {
    constexpr std::array<const char*, 3> words{"good", "full", "failing"};
    world_.transcript.add("disk", words.at(static_cast<std::size_t>(health)));
    disk_.health = health;
    const bool good = health == PowerCutDisk::Health::good;
    disk_good_since_ = good ? std::optional(world_.clock.now()) : std::nullopt;
}

void Site::stop_in_good_order() {
    if (!process_) return;
    world_.transcript.add("gw", "stops");
    for (auto& host : process_->hosts) {
        if (mortality_.alive()) host->on_stop();
    }
    while (mortality_.alive() && !process_->at_end_of_turn.empty()) {
        auto end = std::move(process_->at_end_of_turn.front());
        process_->at_end_of_turn.pop_front();
        end();
    }
    const bool disk_good = disk_.health == PowerCutDisk::Health::good;
    for (auto& place : places_) {
        if (mortality_.alive() && disk_good) place.witness.messages.on_orderly_stop();
    }
    process_->links.clear();
    process_->hosts.clear();
    process_->turn.reset();
    process_->store.reset();  // closes the database: the log goes into the file
    if (mortality_.alive()) mortality_.die(Death::kill);
    settle();
}

SimulatedLink* Site::link(std::size_t place) {
    if (!process_ || !mortality_.alive() || !process_->links[place]->connected()) return nullptr;
    return process_->links[place].get();
}

std::optional<std::int64_t> Site::queue_length() {
    if (!process_ || !mortality_.alive()) return std::nullopt;
    std::int64_t length = 0;
    for (const auto& place : places_) length += process_->store->queue_length(place.plan.id);
    return length;
}

}  // namespace busbar::simulation
