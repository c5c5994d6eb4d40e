// SPDX-License-Identifier: Apache-2.0
// ModemManager as seen from the loop: the modems it knows, and what it can be told to do with them. D-Bus
// stays behind this header.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/secret.hpp"
#include "gateway/base/time.hpp"
#include "gateway/uplink/modem_facts.hpp"

namespace busbar::gateway {

/// By D-Bus object path, which is another one each time a modem appears.
using Modems = std::map<std::string, ModemFacts>;

/// Loop thread only. The bus, the service and any modem may come and go; what is missing is said once.
class ModemManager {
  public:
    struct Listener {
        std::function<void()> changed;              ///< modems() are others
        std::function<void(UtcTime)> network_time;  ///< the mobile network told the time just now
    };
    /// Error codes: refused, the SIM took the PIN for wrong; unreachable, nothing was done, because the
    /// service, the modem or the permission is missing; unsupported, this modem cannot; timeout and io, it
    /// may or may not have been done. Not called when the bus or the modem goes away
    /// meanwhile.
    using Done = std::function<void(const Result<void>&)>;

    /// Connects, now and again every 30 s while there is no bus. Nothing is called before the loop runs.
    ModemManager(boost::asio::io_context& loop, Listener listener, const Log& log);
    ~ModemManager();
    ModemManager(const ModemManager&) = delete;
    ModemManager& operator=(const ModemManager&) = delete;

    [[nodiscard]] const Modems& modems() const;

    // `modem`: a key of modems(). An answer takes 2 min at most.
    void send_pin(const std::string& modem, const Secret& pin, const Done& done);
    void enable(const std::string& modem, bool on, const Done& done);
    void reset(const std::string& modem, const Done& done);
    /// Ends its data connections; who made them may make them anew.
    void disconnect(const std::string& modem, const Done& done);

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace busbar::gateway
