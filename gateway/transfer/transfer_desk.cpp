// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/transfer_desk.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "gateway/fitness.hpp"
#include "gateway/transfer/file_signature.hpp"

namespace busbar::gateway {
namespace {

constexpr unsigned folder_mode = 0700;

const std::string& made(const std::string& folder) {
    ::mkdir(folder.c_str(), folder_mode);
    return folder;
}

struct Carry {
    Uploads& uploads;
    FirmwareSlot& firmware;
    const std::string& charge_point;
    std::function<void(Result<void>)> done;

    void operator()(const ocpp::UploadDiagnostics& what) {
        uploads.start(charge_point, Uploads::Kind::diagnostics, what.location, what.file_name,
                      {what.from, what.to}, std::move(done));
    }
    void operator()(const ocpp::UploadLog& what) {
        uploads.start(charge_point, what.security ? Uploads::Kind::security_log : Uploads::Kind::log,
                      what.location, what.file_name, {what.from, what.to}, std::move(done));
    }
    void operator()(const ocpp::DownloadFirmware& what) {
        firmware.fetch(charge_point, what.location, std::move(done));
    }
    void operator()(const ocpp::VerifyFirmware& what) {
        firmware.verify(what.certificate, what.signature, std::move(done));
    }
    void operator()(const ocpp::InstallFirmware&) { firmware.install(charge_point, std::move(done)); }
};

}  // namespace

std::optional<std::uint64_t> bytes_left(const UplinksReport& report, const std::string& uplink) {
    constexpr std::uint64_t mega = 1'000'000;
    for (const auto& one : report.uplinks) {
        if (one.settings.id != uplink || !one.settings.metered || !one.settings.monthly_budget_mb) continue;
        const auto budget = static_cast<std::uint64_t>(*one.settings.monthly_budget_mb) * mega;
        return budget - std::min(budget, one.traffic.bytes);
    }
    return std::nullopt;
}

TransferDesk::TransferDesk(Ports ports)
    : carrier_(ports.loop.get_executor()),
      around_{ports.loop,
              carrier_,
              [&uplinks = ports.uplinks]() -> const Path& { return uplinks.path(); },
              ports.config,
              [&clock = ports.clock] { return clock.verification_time(); },
              [&uplinks = ports.uplinks] { return bytes_left(uplinks.report(), uplinks.path().uplink); },
              made(ports.folder) + "/known_hosts",
              [&site = ports.site] { return site.revoked(); }},
      uploads_(around_, {ports.folder, ports.diagnostics, ports.security_log,
                         [&clock = ports.clock] { return clock.now(); }}),
      firmware_(around_, ports.folder,
                {ports.update, [&site = ports.site] { return car_charges(site.charge_points()); },
                 [&site = ports.site](const std::string& charge_point, bool held) {
                     if (auto* unit = site.find_unit(charge_point)) unit->hold_installation(held);
                 },
                 [&site = ports.site](const std::string& charge_point, const Result<void>& result) {
                     if (auto* unit = site.find_unit(charge_point)) unit->on_installed(result);
                 }},
                ports.log),
      log_(ports.log) {}

void TransferDesk::carry_out(const std::string& charge_point, const ocpp::Transfer& what,
                             std::function<void(Result<void>)> done) {
    const Log log = log_.with("charge_point", charge_point);
    const auto told = [log, done = std::move(done)](Result<void> result) {
        result ? log.info("transfer_done", "A file transfer or its check succeeded.")
               : log.warning("transfer_failed", result.error().detail);
        done(std::move(result));
    };
    std::visit(Carry{uploads_, firmware_, charge_point, told}, what);
}

void TransferDesk::on_moved() {
    uploads_.on_moved();
    firmware_.on_moved();
}

}  // namespace busbar::gateway
