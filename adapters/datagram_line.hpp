// SPDX-License-Identifier: Apache-2.0
// Messages as UDP datagrams to and from one charger (KEBA's protocol).
#pragma once

#include "adapters/frame_line.hpp"
#include "adapters/interrupt.hpp"
#include "adapters/name_lookup.hpp"
#include "adapters/open_attempts.hpp"
#include "config/config.hpp"
#include "gateway/base/log.hpp"

namespace busbar::adapters {

/// The charger answers to port 7090 of this machine, whatever port it was asked from: every such line is
/// bound to it, each connected to its own charger. Where the port is taken by another program, any other port
/// is used, with one warning.
class DatagramLine final : public FrameLine {
  public:
    /// `bus` is of kind keba-udp. Nothing is opened yet.
    DatagramLine(config::Bus bus, TraceTap tap, const Log& log);
    ~DatagramLine() override;

    Result<SteadyTime> open() override;
    void interrupt() override { interrupt_.raise(); }

  private:
    Exchange<SteadyTime> transmit(std::string_view bytes) override;
    Exchange<std::string> receive(SteadyTime deadline) override;

    Result<int> connect();
    Result<int> connect_to(const addrinfo& peer);
    Result<void> bind_to(int fd, int family);
    [[nodiscard]] ExchangeError broken(int error) const;

    config::Bus settings_;
    Log log_;
    Interrupt interrupt_;
    NameLookup lookup_;
    OpenAttempts attempts_;
    int fd_ = -1;
    SteadyTime opened_at_{};
    bool told_about_port_ = false;
};

}  // namespace busbar::adapters
