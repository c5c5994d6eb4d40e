// SPDX-License-Identifier: Apache-2.0
// One charge point with all it hangs on: its host, its link, its timer, its place on the bus.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "config/shared_profile.hpp"
#include "gateway/bus.hpp"
#include "gateway/certificates/certificate_desk.hpp"
#include "gateway/certificates/link_credentials.hpp"
#include "gateway/charge_point_host.hpp"
#include "gateway/csms_session.hpp"
#include "gateway/status_report.hpp"

namespace busbar::gateway {

/// What a charge point is made from; equal makings need no new charge point.
struct Making {
    config::Charger charger;
    config::SharedProfile profile;
    std::optional<config::SharedProfile> meter;  ///< of charger.meter
    bool shares_feed = false;                    ///< a group limits it
    config::Charging charging{};
    std::string file_transfer_protocols{};  ///< "HTTPS,FTP"; "": none
    int certificate_rsa_bits = 0;           ///< of central_system, as the next
    bool additional_root_check = false;
    friend bool operator==(const Making&, const Making&) = default;
};

/// What all charge points share. Everything outlives them.
struct UnitSurroundings {
    CsmsContext csms;
    Store& store;
    Turn& turn;
    std::function<Now()> now;
    std::function<void(UtcTime)> offer_time;
    std::string boot_id;
    std::function<SimIdentity()> sim;
    std::function<void()> changed;  ///< something of a charge point may be another: its view, its deadline
    std::function<void(const std::string& charge_point, const ocpp::TransactionEnded&)> transaction_ended{};
    KeyMaker* key_maker;
    std::string certificates;            ///< folder of the certificates of charge points
    std::function<UtcTime()> verify_at;  ///< the time by which certificates are judged
    std::function<void(const std::string& charge_point, const ocpp::SecurityEvent&)> security_event{};
    /// Carries out a file transfer; `done` is called later, never from within this call.
    std::function<void(const std::string& charge_point, const ocpp::Transfer&,
                       std::function<void(Result<void>)> done)>
        transfer{};
};

/// Loop thread only.
class ChargePointUnit {
  public:
    ChargePointUnit(const UnitSurroundings& around, Making making);
    ChargePointUnit(const ChargePointUnit&) = delete;
    ChargePointUnit& operator=(const ChargePointUnit&) = delete;
    ~ChargePointUnit();  ///< drops the link without a word

    /// Its charger is now `device` of `bus`; before start(), and again when the bus was built anew.
    void attach(Bus& bus, std::size_t device);
    void start();
    /// Saves what only memory holds, then closes the link politely.
    void stop(std::function<void()> done);

    void on_report(const DeviceReport& report);
    void on_meter_report(const DeviceReport& report);
    void on_failure(const Error& error) { host_.on_bus_failure(error); }

    void on_security_event(ocpp::SecurityEvent event) { host_.on_security_event(std::move(event)); }

    void set_ceiling(ConnectorId connector, Amperes ceiling) { host_.set_ceiling(connector, ceiling); }

    void set_local_limit(ConnectorId connector, const ocpp::LocalLimit& limit) {
        host_.set_local_limit(connector, limit);
    }
    void charge_now(ConnectorId connector) { host_.charge_now(connector); }
    void set_trial_limit(ConnectorId connector, std::optional<Amperes> limit) {
        host_.set_trial_limit(connector, limit);
    }
    void execute(const Command& command, std::function<void(const Result<void>&)> done) {
        host_.execute(command, std::move(done));
    }
    void start_anew() { host_.start_anew(); }
    void hold_installation(bool held) { host_.hold_installation(held); }
    /// The end of an installation that an earlier run began.
    void on_installed(const Result<void>& result) { host_.on_installed(result); }

    /// The link, over to the path that is now right.
    void move(Move how) { session_.move(how); }
    [[nodiscard]] LinkStatus link_status() const { return session_.status(); }

    [[nodiscard]] const Making& making() const { return making_; }
    [[nodiscard]] ocpp::ChargePointView view() const { return host_.view(); }
    [[nodiscard]] ocpp::GetCompositeScheduleConf schedule(
        const ocpp::GetCompositeScheduleReq& request) const {
        return host_.schedule(request);
    }
    [[nodiscard]] ChargePointReport report() const;
    /// Changes go through `change`, which is told the book and gives what it did, for the charge point to
    /// tell; "": nothing.
    void change_certificates(const std::function<std::string(CertificateBook&)>& change);
    [[nodiscard]] const CertificateBook& certificates() const { return book_; }

  private:
    class Port;
    void arm();
    [[nodiscard]] ocpp::Settings settings(const UnitSurroundings& around) const;
    HostSurroundings host_surroundings(const UnitSurroundings& around);

    Making making_;
    Store& store_;
    std::optional<DeviceReport> meter_;
    boost::asio::steady_timer timer_;
    std::optional<SteadyTime> wakes_at_;  ///< of the timer, where it runs
    std::unique_ptr<Port> port_;
    CertificateBook book_;
    LinkCredentials credentials_;
    CertificateDesk desk_;
    ChargePointHost host_;
    CsmsSession session_;
};

}  // namespace busbar::gateway
