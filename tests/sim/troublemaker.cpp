// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/troublemaker.hpp"

#include <array>

#include "tests/sim/requests.hpp"

namespace busbar::simulation {

const std::vector<Troublemaker::Event>& Troublemaker::events() {
    using T = Troublemaker;
    static const std::vector<Event> all{
        {40, &T::move_car, nullptr},
        {3, &T::break_socket, nullptr},
        {6, &T::show_card, nullptr},
        {2, &T::trouble_register, nullptr},
        {4, &T::trouble_charger, nullptr},
        {6, &T::trouble_link, &Troubles::network},
        {3, &T::trouble_line, &Troubles::network},
        {4, &T::trouble_central_system, &Troubles::central_system},
        {18, &T::ask, nullptr},
        {5, &T::plan_death, &Troubles::deaths},
        {1, &T::die_now, &Troubles::deaths},
        {1, &T::stop_process, &Troubles::deaths},
        {5, &T::trouble_disk, &Troubles::disk},
        {4, &T::trouble_clock, &Troubles::clock},
        {2, &T::calm, nullptr},
    };
    return all;
}

void Troublemaker::next() {
    const bool long_one = random_.chance(12);
    const auto most = long_one ? Moment(60'000'000) : Moment(plan_.longest_pause);
    site_.pass(world_.between(Moment(0), most));
    auto draw = random_.below(100);
    for (const auto& event : events()) {
        draw -= event.weight;
        const bool happens = event.only_with == nullptr || plan_.troubles.*event.only_with;
        if (draw < 0) return happens ? (this->*event.happen)() : move_car();
    }
}

Place& Troublemaker::any_place() {
    auto& places = site_.places();
    return places[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(places.size())))];
}

void Troublemaker::tell(const Place& place, const std::string& what) {
    world_.transcript.add(place.plan.id, "world", what);
}

Socket& Troublemaker::any_socket(const char* what) {
    auto& place = any_place();
    const auto connector = static_cast<ConnectorId>(random_.between(1, place.charger.connectors()));
    tell(place, std::string(what) + " " + std::to_string(connector));
    return place.charger.change(connector);
}

void Troublemaker::move_car() {
    Socket& socket = any_socket("the car moves at");
    if (socket.plugged && random_.chance(3)) {
        socket.plugged = socket.asks = socket.sips = false;
        socket.card.clear();
        return;
    }
    socket.plugged = true;
    socket.asks = !random_.chance(4);
    socket.sips = random_.chance(5);
    socket.car_takes = static_cast<double>(random_.between(6, 32));
    if (random_.chance(2)) {
        socket.odd = CpState::A;
        socket.fault.reset();
    }
}

void Troublemaker::break_socket() {
    static constexpr std::array states{CpState::E, CpState::F, CpState::unknown, CpState::D};
    Socket& socket = any_socket("a fault at");
    if (random_.chance(2)) {
        socket.fault = Fault{FaultCode::GroundFailure, "17", "residual current"};
    } else {
        socket.odd = random_.pick(states);
    }
}

void Troublemaker::show_card() {
    Socket& socket = any_socket("a card at");
    socket.card = socket.card.empty() ? (random_.chance(2) ? "CARD1" : "CARD2") : "";
}

void Troublemaker::trouble_register() {
    Socket& socket = any_socket("the register comes or goes at");
    socket.register_readable = !socket.register_readable;
    if (!random_.chance(6)) return;
    socket.register_zero = socket.delivered;
    socket.register_fell = true;
}

void Troublemaker::trouble_charger() {
    auto& place = any_place();
    auto& charger = place.charger;
    switch (random_.below(6)) {
        case 0:
            tell(place, "the charger reboots");
            return charger.reboot();
        case 1:
            charger.set_slow(!charger.slow());
            return tell(place, charger.slow() ? "the bus is slow" : "the bus is quick");
        default:
            charger.set_silent(!charger.silent());
            return tell(place, charger.silent() ? "the charger is silent" : "the charger answers");
    }
}

void Troublemaker::trouble_link() {
    const auto index = random_.below(static_cast<std::int64_t>(site_.places().size()));
    SimulatedLink* link = site_.link(static_cast<std::size_t>(index));
    if (link == nullptr) return;
    random_.chance(2) ? link->cut() : link->fall_silent(world_.between(Moment(0), Moment(40'000'000)));
}

void Troublemaker::trouble_line() {
    auto& place = any_place();
    auto& line = place.line;
    if (random_.chance(2)) {
        line.slow = !line.slow;
        return tell(place, line.slow ? "the line is slow" : "the line is quick");
    }
    line.down = !line.down;
    tell(place, line.down ? "the line is down" : "the line is up");
    if (line.down) trouble_link();
}

void Troublemaker::trouble_central_system() {
    static constexpr std::array statuses{"Accepted", "Accepted", "Pending", "Rejected"};
    auto& place = any_place();
    auto& central_system = place.central_system;
    switch (random_.below(3)) {
        case 0:
            tell(place, "the central system answers boots otherwise");
            return central_system.set_boot_status(random_.pick(statuses));
        case 1:
            tell(place, "the central system thinks otherwise of tags");
            return central_system.set_refuses_tags(random_.chance(3));
        default:
            tell(place, "the central system sleeps");
            const Moment for_so_long = world_.between(Moment(1'000'000), Moment(60'000'000));
            return central_system.sleep_until(world_.clock.now() + for_so_long);
    }
}

void Troublemaker::ask() {
    auto& place = any_place();
    if (!place.central_system.accepted()) return;
    const auto [action, payload] =
        draw_request({world_, place.plan, place.central_system.next_transaction(), ++requests_});
    place.central_system.ask(action, payload);
}

void Troublemaker::plan_death() {
    const Death death = random_.chance(2) ? Death::power_cut : Death::kill;
    const auto effects = random_.chance(4) ? random_.below(60) : random_.below(14);
    if (site_.mortality().alive()) site_.mortality().plan(death, effects);
}

void Troublemaker::die_now() {
    site_.mortality().die(random_.chance(2) ? Death::power_cut : Death::kill);
}

void Troublemaker::stop_process() {
    if (random_.chance(3)) plan_death();
    if (site_.mortality().alive()) site_.stop_in_good_order();
}

void Troublemaker::trouble_disk() {
    using Health = PowerCutDisk::Health;
    static constexpr std::array healths{Health::good, Health::good, Health::full, Health::failing};
    site_.set_disk_health(random_.pick(healths));
}

void Troublemaker::trouble_clock() {
    if (random_.chance(3)) return world_.clock.set_known(random_.chance(2));
    world_.transcript.add("clock", "steps");
    world_.clock.step(milliseconds(random_.between(-4'000'000, 4'000'000)));
}

void Troublemaker::calm() {
    site_.pass(world_.between(Moment(40'000'000), Moment(70'000'000)));
}

void Troublemaker::make_peace() {
    world_.transcript.add("all", "peace");
    site_.set_disk_health(PowerCutDisk::Health::good);
    world_.clock.set_known(true);
    site_.mortality().plan_nothing();
    for (std::size_t i = 0; i < site_.places().size(); ++i) {
        if (SimulatedLink* link = site_.link(i)) link->heal();
    }
    for (auto& place : site_.places()) {
        place.line = {};
        place.central_system.calm_down();
        place.charger.set_silent(false);
        place.charger.set_slow(false);
        for (ConnectorId id = 1; id <= place.charger.connectors(); ++id) {
            Socket& socket = place.charger.change(id);
            socket.plugged = socket.asks = false;
            socket.odd = CpState::A;
            socket.fault.reset();
            socket.card.clear();
            socket.register_readable = true;
        }
    }
}

}  // namespace busbar::simulation
