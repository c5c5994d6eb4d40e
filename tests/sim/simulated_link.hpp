// SPDX-License-Identifier: Apache-2.0
// The network between one charge point and its central system: the second Link. Frames take time, arrive in
// order or not at all; a link is cut at once, or falls silent and is given up later.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gateway/link.hpp"
#include "ocpp/json_bridge.hpp"
#include "tests/sim/mortality.hpp"
#include "tests/sim/world.hpp"

namespace busbar::simulation {

using ocpp::Json;

/// One WebSocket, seen from both ends; outlives the process that dialled it.
struct Connection {
    std::function<void(const std::string&)> to_client;  ///< empty: that end is gone
    bool server_open = true;
    bool hole = false;  ///< nothing arrives any more, and neither end knows
    Moment up_free{0};  ///< when the last frame in this direction arrives
    Moment down_free{0};
};
using ConnectionPtr = std::shared_ptr<Connection>;

/// The far end of a link.
class Server {
  public:
    virtual ~Server() = default;
    virtual void on_connected(ConnectionPtr connection) = 0;
    virtual void on_frame(const ConnectionPtr& connection, const Json& frame) = 0;
};

/// What can be wrong with the way; lives on when the process dies.
struct Line {
    bool down = false;  ///< no dial succeeds
    bool slow = false;  ///< frames take seconds
};

/// Brings `text` to the client's end of the connection.
void send_down(World& world, const Line& line, const ConnectionPtr& connection, const std::string& who,
               std::string text);

class SimulatedLink final : public gateway::Link {
  public:
    struct Witness {
        std::function<void(const Json&)> sent;      ///< it has left the process
        std::function<void(const Json&)> received;  ///< before the process hears it
        std::function<void()> connected;
        std::function<void()> disconnected;
        std::function<void()> reset;  ///< closed to start anew after a Reset
    };

    SimulatedLink(World& world, Mortality& mortality, std::string id, Line& line, Server& server,
                  Witness witness);
    ~SimulatedLink() override;

    void start(Events events) override;
    void send(std::string text) override;
    void reconnect(std::uint16_t close_code) override;
    void set_password(Secret) override {}
    void set_ping_interval(seconds) override {}
    void stop(std::function<void()> done) override;
    [[nodiscard]] gateway::LinkStatus status() const override { return {}; }

    /// A cut both ends notice.
    void cut();
    /// Frames vanish from now on; the link notices after `notice`.
    void fall_silent(Moment notice);
    /// A silence that nobody has noticed yet ends now, with the connection.
    void heal() {
        if (connection_ && connection_->hole) cut();
    }
    [[nodiscard]] bool connected() const { return connection_ != nullptr; }

  private:
    void dial_after(Moment delay);
    void dial();
    void close();
    void deliver(const std::string& text);

    World& world_;
    Mortality& mortality_;
    std::string id_;
    Line& line_;
    Server& server_;
    Witness witness_;
    Events events_;
    ConnectionPtr connection_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace busbar::simulation
