// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/simulated_link.hpp"

#include <algorithm>
#include <utility>

namespace busbar::simulation {
namespace {

/// When a frame that leaves now arrives: never before the one that left before it.
Moment arrival(World& world, const Line& line, Moment& free) {
    const Moment most = line.slow ? Moment(8'000'000) : Moment(150'000);
    const Moment least = line.slow ? Moment(500'000) : Moment(10'000);
    free = std::max(free, world.clock.now() + world.between(least, most));
    return free - world.clock.now();
}

}  // namespace

void send_down(World& world, const Line& line, const ConnectionPtr& connection, const std::string& who,
               std::string text) {
    world.transcript.add(who, "answers", text);
    const Moment delay = arrival(world, line, connection->down_free);
    world.agenda.after(delay, [connection, text = std::move(text)] {
        if (connection->to_client && !connection->hole) connection->to_client(text);
    });
}

SimulatedLink::SimulatedLink(World& world, Mortality& mortality, std::string id, Line& line, Server& server,
                             Witness witness)
    : world_(world),
      mortality_(mortality),
      id_(std::move(id)),
      line_(line),
      server_(server),
      witness_(std::move(witness)) {}

SimulatedLink::~SimulatedLink() {
    if (connection_) connection_->to_client = nullptr;
}

void SimulatedLink::start(Events events) {
    events_ = std::move(events);
    dial_after(world_.between(Moment(10'000), Moment(1'000'000)));
}

void SimulatedLink::dial_after(Moment delay) {
    world_.agenda.after(delay, [this, alive = std::weak_ptr(alive_)] {
        if (!alive.expired() && mortality_.alive()) dial();
    });
}

void SimulatedLink::dial() {
    if (connection_) return;
    if (line_.down) return dial_after(world_.between(Moment(500'000), Moment(4'000'000)));
    connection_ = std::make_shared<Connection>();
    connection_->to_client = [this](const std::string& text) { deliver(text); };
    world_.transcript.add(id_, "link", "connected");
    server_.on_connected(connection_);
    witness_.connected();
    events_.connected();
}

void SimulatedLink::deliver(const std::string& text) {
    if (!mortality_.alive()) return;
    world_.transcript.add(id_, "hears", text);
    witness_.received(Json::parse(text, nullptr, false));
    events_.frame(text);
}

void SimulatedLink::send(std::string text) {
    if (!connection_ || !mortality_.step()) return;
    world_.transcript.add(id_, "sends", text);
    Json frame = Json::parse(text, nullptr, false);
    witness_.sent(frame);
    const Moment delay = arrival(world_, line_, connection_->up_free);
    world_.agenda.after(delay, [&server = server_, connection = connection_, frame = std::move(frame)] {
        if (connection->server_open && !connection->hole) server.on_frame(connection, frame);
    });
}

void SimulatedLink::reconnect(std::uint16_t /*close_code*/) {
    if (!mortality_.step()) return;
    world_.transcript.add(id_, "link", "starts anew");
    witness_.reset();
    world_.agenda.after(Moment(1000), [this, alive = std::weak_ptr(alive_)] {
        if (!alive.expired() && mortality_.alive()) cut();
    });
}

void SimulatedLink::stop(std::function<void()> done) {
    world_.agenda.after(Moment(1000), std::move(done));
}

void SimulatedLink::cut() {
    if (!connection_) return;
    connection_->server_open = world_.random.chance(3);  // what is under way may still arrive
    close();
}

void SimulatedLink::fall_silent(Moment notice) {
    if (!connection_) return;
    world_.transcript.add(id_, "link", "falls silent");
    connection_->hole = true;
    world_.agenda.after(notice, [this, silent = connection_, alive = std::weak_ptr(alive_)] {
        if (!alive.expired() && mortality_.alive() && connection_ == silent) close();
    });
}

void SimulatedLink::close() {
    world_.transcript.add(id_, "link", "lost");
    connection_->to_client = nullptr;
    connection_ = nullptr;
    dial_after(world_.between(Moment(200'000), Moment(4'000'000)));
    witness_.disconnected();
    events_.disconnected();
}

}  // namespace busbar::simulation
