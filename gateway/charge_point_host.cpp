// SPDX-License-Identifier: Apache-2.0
#include "gateway/charge_point_host.hpp"

#include <algorithm>
#include <utility>

namespace busbar::gateway {
namespace {

void write(const Log& log, ocpp::Note note) {
    switch (note.level) {
        case LogLevel::error:
            return log.error(note.event, std::move(note.text), std::move(note.fields));
        case LogLevel::warning:
            return log.warning(note.event, std::move(note.text), std::move(note.fields));
        case LogLevel::info:
            return log.info(note.event, std::move(note.text), std::move(note.fields));
        case LogLevel::debug:
            return log.debug(note.event, std::move(note.text), std::move(note.fields));
    }
}

}  // namespace

ChargePointHost::ChargePointHost(std::string id, ocpp::Settings settings, HostSurroundings surroundings,
                                 const Log& log)
    : id_(std::move(id)),
      settings_(std::move(settings)),
      around_(std::move(surroundings)),
      log_(log.with("charge_point", id_)) {
    make_point();
}

ChargePointHost::~ChargePointHost() {
    around_.turn.leave(*this);
}

void ChargePointHost::make_point() {
    settings_.run = around_.new_run();
    point_ = std::make_unique<ocpp::ChargePoint>(settings_, around_.store.load(id_));
}

void ChargePointHost::start() {
    const Now now = around_.now();
    if (device_) point_->on_device(device_->first, device_->second, now);
    point_->start(now);
    carry_out();
}

void ChargePointHost::attach(BusPort& port) {
    port_ = &port;
    for (const auto& limit : limits_) port_->execute(limit, {}, [](const Result<void>&) {});
}

Link::Events ChargePointHost::link_events() {
    Link::Events events;
    events.connected = [this] {
        point_->on_connected(around_.now());
        carry_out();
    };
    events.frame = [this](std::string_view text) {
        point_->on_frame(text, around_.now());
        carry_out();
    };
    events.disconnected = [this] {
        frames_.clear();
        point_->on_disconnected(around_.now());
        carry_out();
    };
    return events;
}

void ChargePointHost::on_device(const Capabilities& capabilities, const DeviceIdentity& identity) {
    device_.emplace(capabilities, identity);
    point_->on_device(capabilities, identity, around_.now());
    carry_out();
}

void ChargePointHost::on_readings(const std::vector<Reading>& readings) {
    ConnectorId connector = 0;
    for (const auto& reading : readings) point_->on_reading(++connector, reading, around_.now());
    carry_out();
}

void ChargePointHost::on_bus_failure(const Error& error) {
    for (ConnectorId connector = 1; connector <= settings_.connectors; ++connector) {
        point_->on_reading(connector, error, around_.now());
    }
    carry_out();
}

void ChargePointHost::on_tick() {
    point_->on_tick(around_.now());
    carry_out();
}

void ChargePointHost::on_stop() {
    point_->on_stop();
    carry_out();
}

/// One overload an effect.
struct ChargePointHost::Visitor {
    ChargePointHost& host;

    void operator()(ocpp::SendFrame&& frame) const { host.queue(std::move(frame)); }
    void operator()(ocpp::SaveRecord&& save) const {
        host.around_.store.put(host.id_, std::move(save.record));
    }
    void operator()(ocpp::EraseRecord&& erase) const {
        host.around_.store.erase(host.id_, erase.kind, erase.key);
    }
    void operator()(ocpp::SaveMessage&& save) const {
        host.around_.store.enqueue(host.id_, std::move(save.message));
    }
    void operator()(ocpp::EraseMessage&& erase) const { host.around_.store.dequeue(host.id_, erase.seq); }
    void operator()(ocpp::FetchMessages&& fetch) const { host.fetch_ = fetch; }
    void operator()(ocpp::RunCommand&& run) const { host.command(run.id, run.command, run.cause); }
    void operator()(ocpp::SetPingInterval&& set) const { host.link_->set_ping_interval(set.interval); }
    void operator()(ocpp::OfferTime&& offer) const { host.around_.offer_time(offer.utc); }
    void operator()(ocpp::Restart&&) const { host.restart_wanted_ = true; }
    void operator()(ocpp::Note&& note) const { write(host.log_, std::move(note)); }
};

/// A charge point has one CALL open: by making another it has given up the one that a broken disk holds back,
/// which will be repeated.
void ChargePointHost::queue(ocpp::SendFrame frame) {
    const auto is_call = [](const ocpp::SendFrame& one) { return one.text.starts_with("[2,"); };
    if (is_call(frame)) std::erase_if(frames_, is_call);
    frames_.push_back(std::move(frame));
}

void ChargePointHost::carry_out() {
    for (auto& effect : point_->take_effects()) std::visit(Visitor{*this}, std::move(effect));
    around_.turn.join(*this);
    around_.deadline_changed();
}

void ChargePointHost::command(ocpp::EffectId id, const Command& command, const Cause& cause) {
    if (const auto* limit = std::get_if<SetLimit>(&command)) {
        const auto same = std::find_if(limits_.begin(), limits_.end(), [&](const SetLimit& one) {
            return one.connector == limit->connector;
        });
        same == limits_.end() ? limits_.push_back(*limit) : void(*same = *limit);
    }
    // A charge point made anew counts its effects anew: only the one that asked hears the answer.
    const auto done = [this, id, asked = point_.get(),
                       alive = std::weak_ptr(alive_)](const Result<void>& result) {
        if (alive.expired() || asked != point_.get()) return;
        point_->on_done(id, result, around_.now());
        carry_out();
    };
    port_->execute(command, cause, done);
}

void ChargePointHost::end_turn(bool committed) {
    const auto held = std::stable_partition(
        frames_.begin(), frames_.end(), [&](const auto& frame) { return committed || !frame.after_save; });
    for (auto frame = frames_.begin(); frame != held; ++frame) link_->send(std::move(frame->text));
    frames_.erase(frames_.begin(), held);
    if (!committed) return;
    if (const auto fetch = std::exchange(fetch_, std::nullopt)) {
        point_->on_messages(around_.store.queue(id_, fetch->after, fetch->limit), fetch->limit,
                            around_.now());
        carry_out();
    }
    if (std::exchange(restart_wanted_, false)) restart();
}

void ChargePointHost::restart() {
    log_.info("charge_point_restart", "The charge point starts anew, as after a loss of power.");
    frames_.clear();
    make_point();
    start();
    link_->reconnect(1000);
}

}  // namespace busbar::gateway
