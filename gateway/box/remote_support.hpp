// SPDX-License-Identifier: Apache-2.0
// Remote support: a reverse SSH tunnel to the pages of the box, switched on by its owner, ending by itself.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/hardware.hpp"
#include "gateway/backoff.hpp"
#include "gateway/base/log.hpp"
#include "gateway/box/child_process.hpp"

namespace busbar::gateway {

/// The tunnel's command. `folder` has its files: `key`, `known_hosts`, `log`.
std::vector<std::string> tunnel_command(const config::Support& server, const std::string& folder,
                                        int local_port);

struct SupportReport {
    bool configured = false;
    bool active = false;  ///< switched on, whether the tunnel stands or is tried again
    std::optional<UtcTime> until{};
    std::string host{};
    std::string public_key{};  ///< for the server's authorized_keys; "": it is being made
};

/// Loop thread only. What is on stays on over restarts, until its time; without the time nothing is.
class RemoteSupport {
  public:
    static constexpr std::chrono::minutes longest{480};

    struct Ports {
        boost::asio::io_context& loop;
        std::string folder;  ///< STATE/support
        std::function<Now()> now;
        std::function<int()> https_port;  ///< of the pages; 0: there are none
        std::function<void()> ended;      ///< by itself, at its time
        Log log;
    };

    explicit RemoteSupport(Ports ports);

    /// At start and after each reload. Another server, or none, ends what is on.
    void apply(const std::optional<config::Support>& server);
    /// For `longest` at most. Error: invalid (not configured, or no page is served), refused (the clock is
    /// unknown), io.
    Result<void> turn_on(std::chrono::minutes time);
    void turn_off();
    /// At the end of the process: what is on goes on after a restart.
    void stop();
    [[nodiscard]] SupportReport report() const;
    [[nodiscard]] const std::optional<UtcTime>& until() const { return until_; }

  private:
    [[nodiscard]] std::string file(const char* name) const { return ports_.folder + '/' + name; }
    void need_key();
    void look();
    void dial(seconds left);
    void tunnel_ended(int status);

    Ports ports_;
    boost::asio::steady_timer timer_;
    std::function<double()> random_ = random_fraction();
    Backoff backoff_;
    std::optional<config::Support> server_;
    std::optional<UtcTime> until_;
    std::optional<SteadyTime> latest_;  ///< it ends then, whatever the clock says
    std::optional<SteadyTime> dial_at_;
    std::unique_ptr<ChildProcess> key_maker_;
    std::unique_ptr<ChildProcess> tunnel_;
    std::string complaint_;
};

}  // namespace busbar::gateway
