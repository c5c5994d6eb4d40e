// SPDX-License-Identifier: Apache-2.0
#include "gateway/charge_point_host.hpp"

#include <algorithm>
#include <utility>

#include "ocpp/deferred.hpp"

namespace busbar::gateway {
namespace {

constexpr std::uint16_t normal_closure = 1000;  ///< RFC 6455 section 7.4.1

/// Security whitepaper, edition 3, section 8.
std::optional<ocpp::SecurityEventType> security_event_of(const LinkFailure& failure) {
    if (failure.flaw == PeerFlaw::unproven) return ocpp::SecurityEventType::CentralSystemFailedToAuthenticate;
    switch (failure.cause) {
        case LinkCause::http_401:
            return ocpp::SecurityEventType::FailedToAuthenticateAtCentralSystem;
        case LinkCause::tls_version:
            return ocpp::SecurityEventType::InvalidTLSVersion;
        case LinkCause::cipher:
            return ocpp::SecurityEventType::InvalidTLSCipherSuite;
        case LinkCause::unknown_ca:
        case LinkCause::expired:
        case LinkCause::not_yet_valid:
        case LinkCause::host_mismatch:
            return ocpp::SecurityEventType::InvalidCentralSystemCertificate;
        default:
            return std::nullopt;
    }
}

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
    point_->on_link_security(around_.link_security());
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
        point_->on_sim(around_.sim());
        point_->on_link_security(around_.link_security());
        point_->on_connected(around_.now());
        carry_out();
    };
    events.frame = [this](std::string_view text) {
        point_->on_frame(text, around_.now());
        carry_out();
    };
    events.failing = [this](const LinkFailure& failure) { on_link_failure(failure); };
    events.quiet = [this] { return !point_->view().awaits_answer; };
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
    for (const auto& reading : readings) {
        const auto heard = reading.silence.empty() ? Result<Reading>(reading)
                                                   : Result<Reading>(Error{Errc::timeout, reading.silence});
        point_->on_reading(++connector, heard, around_.now());
    }
    carry_out();
}

void ChargePointHost::on_bus_failure(const Error& error) {
    for (ConnectorId connector = 1; connector <= settings_.connectors; ++connector) {
        point_->on_reading(connector, error, around_.now());
    }
    carry_out();
}

void ChargePointHost::on_security_event(ocpp::SecurityEvent event) {
    point_->on_security_event(std::move(event), around_.now());
    carry_out();
}

void ChargePointHost::on_certificates_brought(const std::string& what) {
    point_->on_link_security(around_.link_security());
    point_->on_certificates_brought(what, around_.now());
    carry_out();
}

void ChargePointHost::on_link_failure(const LinkFailure& failure) {
    if (const auto type = security_event_of(failure)) on_security_event({*type, failure.detail});
}

void ChargePointHost::set_ceiling(ConnectorId connector, Amperes ceiling) {
    settings_.ceilings[connector] = ceiling;
    point_->on_ceiling(connector, ceiling, around_.now());
    carry_out();
}

void ChargePointHost::set_local_limit(ConnectorId connector, const ocpp::LocalLimit& limit) {
    point_->on_local_limit(connector, limit, around_.now());
    carry_out();
}

void ChargePointHost::charge_now(ConnectorId connector) {
    point_->on_charge_now(connector, around_.now());
    carry_out();
}

void ChargePointHost::set_trial_limit(ConnectorId connector, std::optional<Amperes> limit) {
    point_->on_trial_limit(connector, limit, around_.now());
    carry_out();
}

void ChargePointHost::execute(const Command& command, std::function<void(const Result<void>&)> done) {
    port_->execute(command, {}, [done = std::move(done)](const Result<void>& result) { done(result); });
}

void ChargePointHost::start_anew() {
    point_->on_stop();
    restart_wanted_ = true;
    carry_out();
}

void ChargePointHost::on_tick() {
    point_->on_tick(around_.now());
    carry_out();
}

std::optional<SteadyTime> ChargePointHost::queued_since() const {
    if (around_.store.queue_length(id_) == 0) return std::nullopt;
    const auto first = around_.store.queue(id_, 0, 1);
    if (first.empty()) return std::nullopt;
    return ocpp::happened_at(first.front().payload, settings_.run, around_.now());
}

void ChargePointHost::on_stop() {
    point_->on_stop();
    carry_out();
}

/// One overload an effect.
struct ChargePointHost::Visitor {
    ChargePointHost& host;

    void operator()(ocpp::SendFrame&& frame) const { host.frames_.push_back(std::move(frame)); }
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
    void operator()(ocpp::StartTransfer&& start) const { host.transfer(start.what); }
    void operator()(ocpp::UsePassword&& use) const {
        host.link_->set_password(std::move(use.password));
        host.reconnect_wanted_ = host.reconnect_wanted_ || use.reconnect;
    }
    void operator()(ocpp::UseSecurityProfile&& use) const {
        host.around_.use_security_profile(use.profile, use.fallback);
        host.reconnect_wanted_ = host.reconnect_wanted_ || use.reconnect;
    }
    void operator()(ocpp::AskCertificates&& ask) const { host.ask_certificates(ask); }
    void operator()(ocpp::LogSecurityEvent&& log) const { host.around_.security_event(log.event); }
    void operator()(ocpp::SetPingInterval&& set) const { host.link_->set_ping_interval(set.interval); }
    void operator()(ocpp::OfferTime&& offer) const { host.around_.offer_time(offer.utc); }
    void operator()(ocpp::TransactionEnded&& ended) const {
        if (host.around_.transaction_ended) host.around_.transaction_ended(ended);
    }
    void operator()(ocpp::Restart&&) const { host.restart_wanted_ = true; }
    void operator()(ocpp::Note&& note) const { write(host.log_, std::move(note)); }
};

void ChargePointHost::carry_out() {
    carry_out(point_->take_effects());
}

void ChargePointHost::carry_out(ocpp::Effects effects) {
    for (auto& effect : effects) std::visit(Visitor{*this}, std::move(effect));
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

/// A charge point made anew has not asked: it gets no answer.
void ChargePointHost::ask_certificates(const ocpp::AskCertificates& ask) {
    if (!around_.certificates) return;
    around_.certificates(ask.question,
                         [this, call = ask.call, asked = point_.get(),
                          alive = std::weak_ptr(alive_)](const ocpp::CertificateAnswer& answer) {
                             if (alive.expired() || asked != point_.get()) return;
                             const Now now = around_.now();
                             point_->on_link_security(around_.link_security());
                             point_->on_certificates(call, answer, now);
                             carry_out();
                         });
}

/// A new transfer of its kind makes the one before it history, whose end nobody hears.
void ChargePointHost::transfer(const ocpp::Transfer& what) {
    const bool upload = std::holds_alternative<ocpp::UploadDiagnostics>(what);
    const bool log = std::holds_alternative<ocpp::UploadLog>(what);
    auto& newest = upload ? uploads_ : log ? log_uploads_ : installations_;
    around_.transfer(what, [this, what, number = ++newest, &newest,
                            alive = std::weak_ptr(alive_)](const Result<void>& result) {
        if (!alive.expired() && number == newest) on_transferred(what, result);
    });
}

/// Attempts are numbered and kept: what an earlier charge point began, the present one may finish.
void ChargePointHost::on_transferred(const ocpp::Transfer& what, const Result<void>& result) {
    const Now now = around_.now();
    if (const auto* upload = std::get_if<ocpp::UploadDiagnostics>(&what)) {
        point_->on_uploaded(upload->attempt, result, now);
    } else if (const auto* download = std::get_if<ocpp::DownloadFirmware>(&what)) {
        point_->on_downloaded(download->attempt, result, now);
    } else if (const auto* log = std::get_if<ocpp::UploadLog>(&what)) {
        point_->on_log_uploaded(log->attempt, result, now);
    } else if (std::holds_alternative<ocpp::VerifyFirmware>(what)) {
        point_->on_verified(result, now);
    } else {
        point_->on_installed(result, now);
    }
    carry_out();
}

void ChargePointHost::hold_installation(bool held) {
    point_->hold_installation(held, around_.now());
    carry_out();
}

void ChargePointHost::on_installed(const Result<void>& result) {
    point_->on_installed(result, around_.now());
    carry_out();
}

/// Those in front that depend on nothing saved: frames never overtake each other for it.
void ChargePointHost::before_commit() {
    const auto waits =
        std::find_if(frames_.begin(), frames_.end(), [](const auto& frame) { return frame.after_save; });
    for (auto frame = frames_.begin(); frame != waits; ++frame) link_->send(std::move(frame->text));
    frames_.erase(frames_.begin(), waits);
}

void ChargePointHost::end_turn(bool committed) {
    const auto held = std::stable_partition(
        frames_.begin(), frames_.end(), [&](const auto& frame) { return committed || !frame.after_save; });
    for (auto frame = frames_.begin(); frame != held; ++frame) link_->send(std::move(frame->text));
    frames_.erase(frames_.begin(), held);
    tell_saved(committed);
    if (!committed) return;
    if (const auto fetch = std::exchange(fetch_, std::nullopt)) {
        point_->on_messages(around_.store.queue(id_, fetch->after, fetch->limit), fetch->limit,
                            around_.now());
        carry_out();
    }
    if (std::exchange(reconnect_wanted_, false)) link_->reconnect(normal_closure);
    if (std::exchange(restart_wanted_, false)) restart();
}

/// A CALL that a broken disk holds back would keep others from leaving: the charge point takes it back.
void ChargePointHost::tell_saved(bool saved) {
    const auto is_call = [](const ocpp::SendFrame& frame) { return frame.text.starts_with("[2,"); };
    if (saved) {
        point_->on_saved(around_.now());
    } else {
        point_->on_not_saved(std::erase_if(frames_, is_call) > 0, around_.now());
    }
    if (auto effects = point_->take_effects(); !effects.empty()) carry_out(std::move(effects));
}

void ChargePointHost::restart() {
    log_.info("charge_point_restart", "The charge point starts anew, as after a loss of power.");
    frames_.clear();
    make_point();
    start();
    link_->reconnect(normal_closure);
}

}  // namespace busbar::gateway
