// SPDX-License-Identifier: Apache-2.0
#include "gateway/charge_point_unit.hpp"

#include <utility>

#include "adapters/merge_meter.hpp"
#include "gateway/settings.hpp"
#include "gateway/state_dir.hpp"
#include "gateway/transfer/file_signature.hpp"

namespace busbar::gateway {
class ChargePointUnit::Port final : public BusPort {
  public:
    Port(Bus& bus, std::size_t device) : bus_(bus), device_(device) {}

    void execute(const Command& command, const Cause& cause,
                 std::function<void(Result<void>)> done) override {
        bus_.execute(device_, command, cause, std::move(done));
    }

  private:
    Bus& bus_;
    std::size_t device_;
};

ChargePointUnit::ChargePointUnit(const UnitSurroundings& around, Making making)
    : making_(std::move(making)),
      store_(around.store),
      timer_(around.csms.loop),
      book_(kept_certificates_file(around.certificates, making_.charger.id),
            {around.verify_at, [&tls = around.csms.tls] { return tls.revoked(); },
             making_.additional_root_check},
            around.csms.log.with("charge_point", making_.charger.id)),
      credentials_(book_, around.verify_at, around.csms.log.with("charge_point", making_.charger.id)),
      desk_(making_.charger.id, book_, *around.key_maker, making_.certificate_rsa_bits),
      host_(making_.charger.id, settings(around), host_surroundings(around), around.csms.log),
      session_(around.csms, {making_.charger.id, making_.charger.password, making_.charger.password_encoding,
                             &credentials_}) {
    host_.attach(session_);
}

ocpp::Settings ChargePointUnit::settings(const UnitSurroundings& around) const {
    ocpp::Settings settings = charge_point_settings(making_.charger, *making_.profile, making_.charging);
    settings.boot_id = around.boot_id;
    settings.file_transfer_protocols = making_.file_transfer_protocols;
    settings.additional_root_check = making_.additional_root_check;
    settings.judge_firmware_signer = [this, now = around.verify_at, &tls = around.csms.tls,
                                      log = around.csms.log](const std::string& pem) {
        const auto judged = judge_signer(pem, book_.roots(ocpp::CertificateUse::ManufacturerRootCertificate),
                                         now(), tls.revoked());
        if (judged) return ocpp::UpdateFirmwareStatus::Accepted;
        log.warning("firmware_signer_refused", judged.error().detail, {{"charge_point", making_.charger.id}});
        const bool revoked = judged.error().code == Errc::refused;
        return revoked ? ocpp::UpdateFirmwareStatus::RevokedCertificate
                       : ocpp::UpdateFirmwareStatus::InvalidCertificate;
    };
    for (ConnectorId id = 1; making_.shares_feed && id <= settings.connectors; ++id)
        settings.ceilings[id] = Amperes(0);
    return settings;
}

HostSurroundings ChargePointUnit::host_surroundings(const UnitSurroundings& around) {
    return {around.store,
            around.turn,
            around.now,
            around.offer_time,
            random_name,
            [this, changed = around.changed] {
                arm();
                changed();
            },
            [this, carry_out = around.transfer](const ocpp::Transfer& what, auto done) {
                carry_out(making_.charger.id, what, std::move(done));
            },
            around.sim,
            [this, tell = around.transaction_ended](const auto& ended) {
                if (tell) tell(making_.charger.id, ended);
            },
            [this](const auto& question, auto done) { desk_.ask(question, std::move(done)); },
            [this] { return credentials_.facts(); },
            [this](int profile, auto fallback) { credentials_.use(profile, fallback); },
            [this, tell = around.security_event](const auto& event) {
                if (tell) tell(making_.charger.id, event);
            }};
}

ChargePointUnit::~ChargePointUnit() = default;

void ChargePointUnit::attach(Bus& bus, std::size_t device) {
    port_ = std::make_unique<Port>(bus, device);
    host_.attach(*port_);
}

void ChargePointUnit::start() {
    host_.start();
    session_.start(host_.link_events());
}

void ChargePointUnit::stop(std::function<void()> done) {
    timer_.cancel();
    host_.on_stop();
    session_.stop(std::move(done));
}

void ChargePointUnit::on_report(const DeviceReport& report) {
    DeviceIdentity identity = report.identity;
    std::vector<Reading> readings = report.readings;
    if (meter_) {
        identity = adapters::merge_meter(std::move(identity), meter_->identity);
        for (auto& reading : readings)
            reading = adapters::merge_meter(std::move(reading), meter_->readings.front());
    }
    host_.on_device(report.capabilities, identity);
    host_.on_readings(readings);
}

void ChargePointUnit::on_meter_report(const DeviceReport& report) {
    if (!report.readings.empty()) meter_ = report;
}

void ChargePointUnit::change_certificates(const std::function<std::string(CertificateBook&)>& change) {
    const std::string what = change(book_);
    if (!what.empty()) host_.on_certificates_brought(what);
}

/// Each message moves the deadline: a timer that is due before it stays, and looks again then.
void ChargePointUnit::arm() {
    const auto deadline = host_.next_deadline();
    if (!deadline || (wakes_at_ && *wakes_at_ <= *deadline)) return;
    wakes_at_ = deadline;
    timer_.expires_at(std::chrono::steady_clock::time_point(deadline->time_since_epoch()));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        wakes_at_.reset();
        const auto due = host_.next_deadline();
        due&&* due <= steady_now() ? host_.on_tick() : arm();
    });
}

ChargePointReport ChargePointUnit::report() const {
    return {host_.id(),
            host_.link_status(),
            host_.view(),
            store_.queue_length(host_.id()),
            making_.profile->id,
            making_.profile->vendor,
            making_.profile->model,
            host_.queued_since(),
            {credentials_.facts(), credentials_.wanted_profile(), credentials_.complaint()}};
}

}  // namespace busbar::gateway
