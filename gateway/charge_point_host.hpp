// SPDX-License-Identifier: Apache-2.0
// Drives one ocpp::ChargePoint: tells it what link, bus and clock say, and carries out what it wants, in
// order: bus commands at once, then the commit, then frames. No Asio: it is told the time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/bus_port.hpp"
#include "gateway/link.hpp"
#include "gateway/store/store.hpp"
#include "gateway/turn.hpp"
#include "ocpp/charge_point.hpp"

namespace busbar::gateway {

/// What a host works with; all of it outlives the host. Everything happens on the loop's thread.
struct HostSurroundings {
    Store& store;
    Turn& turn;
    std::function<Now()> now;
    std::function<void(UtcTime)> offer_time;  ///< the central system's currentTime
    std::function<std::string()> new_run;     ///< a new prefix for message ids, see ocpp::Settings::run
    std::function<void()> deadline_changed;   ///< next_deadline() may be another one
    /// Carries out a file transfer; `done` is called later, on the loop's thread, never from within this
    /// call.
    std::function<void(const ocpp::Transfer&, std::function<void(Result<void>)> done)> transfer;
    std::function<SimIdentity()> sim = [] { return SimIdentity{}; };
    std::function<void(const ocpp::TransactionEnded&)> transaction_ended{};  ///< may be empty
    /// `done` is called later, on the loop's thread, never from within this call. May be empty: then there
    /// are no certificates, and nobody is answered.
    std::function<void(const ocpp::CertificateQuestion&, std::function<void(ocpp::CertificateAnswer)> done)>
        certificates{};
    std::function<ocpp::LinkSecurity()> link_security = [] { return ocpp::LinkSecurity{}; };
    std::function<void(int profile, std::optional<int> fallback)> use_security_profile = [](int, auto) {};
    std::function<void(const ocpp::SecurityEvent&)> security_event = [](const auto&) {};
};

class ChargePointHost final : public TurnMember {
  public:
    ChargePointHost(std::string id, ocpp::Settings settings, HostSurroundings surroundings, const Log& log);
    ~ChargePointHost() override;
    ChargePointHost(const ChargePointHost&) = delete;
    ChargePointHost& operator=(const ChargePointHost&) = delete;

    /// Both before start(); a port may be exchanged later (its bus was rebuilt): the limits in force are
    /// commanded again.
    void attach(Link& link) { link_ = &link; }
    void attach(BusPort& port);
    void start();

    /// Wire these to the link.
    [[nodiscard]] Link::Events link_events();

    void on_device(const Capabilities& capabilities, const DeviceIdentity& identity);
    /// One reading per connector.
    void on_readings(const std::vector<Reading>& readings);
    void on_bus_failure(const Error& error);
    /// Something that the security whitepaper has a word for.
    void on_security_event(ocpp::SecurityEvent event);
    /// See ocpp::ChargePoint.
    void on_certificates_brought(const std::string& what);

    /// The connector's part of a shared feed; kept when the charge point is made anew.
    void set_ceiling(ConnectorId connector, Amperes ceiling);

    /// Somebody at the gateway allows the connector this; kept.
    void set_local_limit(ConnectorId connector, const ocpp::LocalLimit& limit);
    /// Somebody at the gateway overrides the own schedule for the transaction of the connector.
    void charge_now(ConnectorId connector);
    /// A limit to try the charger with; gone with the process, or without one.
    void set_trial_limit(ConnectorId connector, std::optional<Amperes> limit);
    /// A person's command; the rules of a charge point are the caller's business. `done` once, later.
    void execute(const Command& command, std::function<void(const Result<void>&)> done);
    /// As after a crash, once all is saved: transactions go on, the link is made anew.
    void start_anew();

    /// See ocpp::ChargePoint; both after start().
    void hold_installation(bool held);
    void on_installed(const Result<void>& result);

    void on_tick();
    /// Before an orderly stop; the commit at the end of the turn makes it last.
    void on_stop();
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return point_->next_deadline(); }

    void before_commit() override;
    void end_turn(bool committed) override;

    [[nodiscard]] const std::string& id() const { return id_; }
    /// When that happened which the oldest saved transaction message tells of; empty: none waits.
    [[nodiscard]] std::optional<SteadyTime> queued_since() const;
    [[nodiscard]] ocpp::ChargePointView view() const { return point_->view(); }
    [[nodiscard]] ocpp::GetCompositeScheduleConf schedule(
        const ocpp::GetCompositeScheduleReq& request) const {
        return point_->schedule(request, around_.now());
    }
    [[nodiscard]] LinkStatus link_status() const { return link_->status(); }

  private:
    struct Visitor;

    void make_point();
    void carry_out();
    void carry_out(ocpp::Effects effects);
    void tell_saved(bool saved);
    void transfer(const ocpp::Transfer& what);
    void ask_certificates(const ocpp::AskCertificates& ask);
    void on_link_failure(const LinkFailure& failure);
    void on_transferred(const ocpp::Transfer& what, const Result<void>& result);
    void command(ocpp::EffectId id, const Command& command, const Cause& cause);
    void restart();

    std::string id_;
    ocpp::Settings settings_;
    HostSurroundings around_;
    Log log_;
    Link* link_ = nullptr;
    BusPort* port_ = nullptr;

    std::unique_ptr<ocpp::ChargePoint> point_;
    std::optional<std::pair<Capabilities, DeviceIdentity>> device_;
    std::vector<SetLimit> limits_;  ///< last commanded, one a connector

    std::vector<ocpp::SendFrame> frames_;  ///< for the end of the turn
    std::optional<ocpp::FetchMessages> fetch_;
    bool restart_wanted_ = false;
    bool reconnect_wanted_ = false;  ///< with the new password
    int log_uploads_ = 0;
    int uploads_ = 0;  ///< transfers begun, to tell the newest
    int installations_ = 0;
    std::shared_ptr<int> alive_ =
        std::make_shared<int>(0);  ///< completions of a host that is gone are dropped
};

}  // namespace busbar::gateway
