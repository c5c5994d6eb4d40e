// SPDX-License-Identifier: Apache-2.0
// The D-Bus of the system in the loop: calls that answer later, signals. Through it NetworkManager is spoken
// to; ModemManager has a connection of its own in modem_manager.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/uplink/dbus_value.hpp"

namespace busbar::gateway {

/// Loop thread only. Handlers are called later, never within the call that gave them, and none after the
/// destruction, which a handler may do.
class SystemBus {
  public:
    struct Call {
        std::string service;
        std::string path;
        std::string interface;
        std::string method;
        std::vector<dbus::Value> arguments{};
        milliseconds timeout{10'000};
    };
    using Values = std::vector<dbus::Value>;
    /// Error: unreachable (nobody has that name), unsupported (no such method or object), timeout, refused
    /// (the service's words), io (the bus is gone).
    using Reply = std::function<void(Result<Values>)>;
    struct Signal {
        std::string path;
        std::string member;
        Values arguments;
    };

    /// DBUS_SYSTEM_BUS_ADDRESS or the usual place. `lost` is called once if the bus goes away; then only the
    /// destruction is left. Error: there is no bus.
    static Result<std::unique_ptr<SystemBus>> connect(boost::asio::io_context& loop,
                                                      std::function<void()> lost);
    ~SystemBus();
    SystemBus(const SystemBus&) = delete;
    SystemBus& operator=(const SystemBus&) = delete;

    void call(const Call& what, Reply reply);
    /// Waits for the answer: only while stopping, when nothing else is left to do.
    Result<Values> call_and_wait(const Call& what);
    /// `rule` as D-Bus has match rules.
    Result<void> listen(const std::string& rule, std::function<void(const Signal&)> heard);

  private:
    class Impl;
    explicit SystemBus(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace busbar::gateway
