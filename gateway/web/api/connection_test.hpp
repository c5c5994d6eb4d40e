// SPDX-License-Identifier: Apache-2.0
// The connection doctor: every step to the central system on the production way, told one by one. It dials
// like a session and stops after TLS; what follows is told from the charge point's own link, which is only
// hurried, never doubled.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "gateway/uplink/probe.hpp"
#include "gateway/web/api/connection_steps.hpp"

namespace busbar::gateway {

/// What the test works with; all of it outlives the test.
struct ConnectionSurroundings {
    boost::asio::io_context& loop;
    const TlsClient& tls;
    std::function<Path()> path;
    std::function<const config::Url&()> url;
    std::function<Now()> now;
    std::function<TimeSource()> time_source;
    std::function<UplinksReport()> uplinks;
    std::function<bool()> has_uplinks;  ///< the configuration has some
    std::function<void()> hurry;        ///< who waits to dial does
};

/// A charge point's link as it is now.
struct LinkFacts {
    LinkStatus link;
    std::optional<ocpp::RegistrationStatus> registration;
};

/// Loop thread only; keeps itself alive until it is over or cancelled.
class ConnectionTest : public std::enable_shared_from_this<ConnectionTest> {
  public:
    /// The next dial of a link that is down, and then the answer to BootNotification, are awaited this long.
    static constexpr seconds dial_patience{40};
    static constexpr seconds boot_patience{30};

    struct Events {
        /// The result so far: openapi.yaml's ConnectionTest as JSON text. `over`: nothing follows.
        std::function<void(double progress, std::string result, bool over)> told;
        /// Empty: the charge point is gone.
        std::function<std::optional<LinkFacts>()> link;
    };

    /// `charge_point` empty: it stops before the upgrade.
    ConnectionTest(ConnectionSurroundings& around, std::string charge_point, Events events);
    ~ConnectionTest();

    void start();
    void cancel();

  private:
    using Json = nlohmann::ordered_json;

    void dialled(const Dialled& dialled);
    void look_for_portal();
    void watch_link();
    void look_at_link();
    void add(const Json& steps);
    void tell(bool over);
    void finish() { tell(true); }

    ConnectionSurroundings& around_;
    Events events_;
    TestSubject subject_;
    std::unique_ptr<Json> steps_;
    std::shared_ptr<TlsDial> dial_;
    std::shared_ptr<Probe> probe_;
    boost::asio::steady_timer timer_;
    SteadyTime watched_since_;
    std::optional<SteadyTime> connected_since_;
    bool over_ = false;
};

}  // namespace busbar::gateway
