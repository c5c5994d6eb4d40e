// SPDX-License-Identifier: Apache-2.0
// One configured uplink at work: its way to the outside, its name servers, its health, and the timer of its
// probes.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/path.hpp"
#include "gateway/tls.hpp"
#include "gateway/uplink/probe.hpp"
#include "gateway/uplink/selection.hpp"
#include "gateway/uplink/uplink_health.hpp"

namespace busbar::gateway {

class DeviceResolver;

/// Whom all uplinks are to reach.
struct UplinkTargets {
    HostPort central;
    std::vector<HostPort> neutral;
};

/// The path of a kind of uplink: how patient its sessions are. `lookup` is left to the caller.
Path path_of(const config::Uplink& uplink);

/// For people: "WiFi"; "WiFi yard", with its id, where there are several of the kind.
std::string name_of(const config::Uplink& uplink, const std::vector<config::Uplink>& all);

/// Loop thread only.
class Uplink {
  public:
    struct Surroundings {
        boost::asio::io_context& loop;
        const TlsClient& tls;  ///< outlives the uplink
        UplinkTargets targets;
        std::function<bool()>
            time_is_known;              ///< else a certificate out of its time says nothing about who answers
        std::function<void()> changed;  ///< later: the health may be another
        /// A probe of this uplink (id) passed, and the one before had failed, or there was none.
        std::function<void(const std::string& uplink)> reached;
    };

    Uplink(config::Uplink settings, std::string name, Surroundings around);
    ~Uplink();  ///< ends its probe without a word
    Uplink(const Uplink&) = delete;
    Uplink& operator=(const Uplink&) = delete;

    /// True: an address that sessions may stand on is gone while another is there, so they have to begin
    /// anew.
    bool on_interface(const InterfaceFacts& facts);
    void on_bytes();
    void on_doubt();
    void watch_closely(bool closely);

    /// All steps, patiently, for a person; the health is not told.
    void test(Probe::Handler handler);

    [[nodiscard]] const config::Uplink& settings() const { return settings_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const InterfaceFacts& facts() const { return facts_; }
    [[nodiscard]] const UplinkHealth& health() const { return health_; }
    [[nodiscard]] const Path& path() const { return path_; }
    [[nodiscard]] UplinkView view() const;

  private:
    void arm();
    void probe();
    void probed(const ProbeOutcome& outcome);
    [[nodiscard]] ProbeOrder order(const UplinkHealth::Due& due) const;

    config::Uplink settings_;
    std::string name_;
    Surroundings around_;
    DeviceResolver* resolver_ = nullptr;  ///< of the path's lookup
    Path path_;
    InterfaceFacts facts_;
    bool is_known_ = false;              ///< the facts were told once
    std::vector<std::string> stood_on_;  ///< addresses when it last was usable
    UplinkHealth health_;
    boost::asio::steady_timer timer_;
    bool doubted_ = false;  ///< the next probe asks neutral targets too
    std::shared_ptr<Probe> probe_;
    std::vector<std::weak_ptr<Probe>> tests_;
};

}  // namespace busbar::gateway
