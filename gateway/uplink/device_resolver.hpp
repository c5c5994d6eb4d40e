// SPDX-License-Identifier: Apache-2.0
// Asks an uplink's own name servers through its own device, so that a dead uplink cannot spoil the answers of
// another. c-ares stays behind this header.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "gateway/resolver.hpp"

namespace busbar::gateway {

/// The files of the system are asked first (/etc/hosts), its resolv.conf never. An answer takes 8 s at most.
class DeviceResolver final : public Resolver {
  public:
    /// `device`: "wwan0". Needs no privilege (SO_BINDTODEVICE on a fresh socket, Linux 5.7).
    DeviceResolver(boost::asio::io_context& loop, std::string device);
    ~DeviceResolver() override;

    /// Literal addresses, each with ":port" if it is not 53; those that are none are left out. Open
    /// questions fail. Without any server only the files are asked.
    void set_servers(const std::vector<std::string>& servers);

    void ask(const std::string& host, int port, Handler handler) override;

  private:
    class Channel;

    void open();
    [[nodiscard]] Error nobody_to_ask() const;

    boost::asio::io_context& loop_;
    std::string device_;
    std::vector<std::string> servers_;
    std::shared_ptr<Channel> channel_;  ///< null: the servers are no addresses
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace busbar::gateway
