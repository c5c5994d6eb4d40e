// SPDX-License-Identifier: Apache-2.0
// Where the charge points' file transfers are carried out.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gateway/clock.hpp"
#include "gateway/site.hpp"
#include "gateway/transfer/carrier.hpp"
#include "gateway/transfer/firmware_slot.hpp"
#include "gateway/transfer/transfer.hpp"
#include "gateway/transfer/uploads.hpp"
#include "gateway/uplink/uplinks.hpp"
#include "ocpp/transfer_messages.hpp"
#include "ocpp/transfers.hpp"

namespace busbar::gateway {

/// What the month's budget leaves to the uplink of that id; empty: it is not metered, or has no budget.
std::optional<std::uint64_t> bytes_left(const UplinksReport& report, const std::string& uplink);

/// Loop thread only.
class TransferDesk {
  public:
    struct Ports {
        boost::asio::io_context& loop;
        std::string folder;  ///< STATE/transfers, made here
        std::function<const config::Config&()> config;
        const Clock& clock;
        Uplinks& uplinks;
        Site& site;
        UpdateDesk& update;
        Uploads::Source diagnostics;
        Uploads::Source security_log;
        /// ManufacturerRootCertificates of a charge point, PEM.
        std::function<std::vector<std::string>(const std::string& charge_point)> manufacturer_roots;
        Log log;
    };

    explicit TransferDesk(Ports ports);

    /// Of firmware that an earlier run of the daemon began to install.
    void start() { firmware_.start(); }
    /// `done` is called once, later, on the loop; not when something newer has replaced it.
    void carry_out(const std::string& charge_point, const ocpp::Transfer& what,
                   std::function<void(Result<void>)> done);
    /// May this certificate (PEM) sign firmware for the charge point: Accepted or InvalidCertificate.
    [[nodiscard]] ocpp::UpdateFirmwareStatus judge_firmware_signer(const std::string& charge_point,
                                                                   const std::string& pem) const;
    /// The path may be another.
    void on_moved();

  private:
    Carrier carrier_;
    TransferSurroundings around_;
    Uploads uploads_;
    FirmwareSlot firmware_;
    std::function<std::vector<std::string>(const std::string&)> manufacturer_roots_;
    Log log_;
};

}  // namespace busbar::gateway
