// SPDX-License-Identifier: Apache-2.0
// The way from one charge point to its central system, as its host sees it. Implemented by CsmsSession (a
// WebSocket over TLS) and by the simulation.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/secret.hpp"
#include "gateway/base/time.hpp"
#include "gateway/link_failure.hpp"

namespace busbar::gateway {

enum class LinkState { dialling, connected, waiting, stopped };

/// For status pages: what the link does now and why it is not connected.
struct LinkStatus {
    LinkState state = LinkState::stopped;
    SteadyTime since;
    std::string
        cause;  ///< of the last failure, CONTRACT.md section 8: dns, refused, ... ; "" while connected
    std::string detail;
    std::optional<SteadyTime> next_dial;
    std::uint64_t ignored_frames = 0;  ///< binary frames since start: OCPP is text
    std::string uplink;                ///< id, of the connection; "" without, or where the system routes
    std::uint64_t bytes_received = 0;  ///< by this connection
    Shown shown = Shown::password;     ///< by the newest dial
};

/// All calls and all events on the loop's thread.
class Link {
  public:
    struct Events {
        std::function<void()> connected;
        std::function<void(std::string_view)> frame;  ///< one whole text message
        std::function<void()> disconnected;           ///< only after connected; the link redials by itself
        /// Asked before a connection that works is given up for another: false while an answer is awaited.
        std::function<bool()> quiet;
        /// A cause that the streak of failures under way has not had yet. May be empty.
        std::function<void(const LinkFailure&)> failing{};
    };

    virtual ~Link() = default;

    /// Begins to dial and goes on for ever: jittered exponential back-off, reset by success.
    virtual void start(Events events) = 0;

    /// Queues one text frame. Frames sent while not connected are dropped: the charge point repeats what
    /// matters.
    virtual void send(std::string text) = 0;

    /// Closes with a WebSocket close code and dials again at once, with what is to be shown from now on. The
    /// disconnected event follows. A dial that is under way begins anew.
    virtual void reconnect(std::uint16_t close_code) = 0;

    /// The password from the next dial on. The one before it stays to fall back on: where the central system
    /// refuses one (401), the next dial tries the other.
    virtual void set_password(Secret password) = 0;

    /// OCPP key WebSocketPingInterval; 0 leaves the ping to the uplink's own value.
    virtual void set_ping_interval(seconds interval) = 0;

    /// Closes politely (1001) within 2 s and stays closed; `done` is called once.
    virtual void stop(std::function<void()> done) = 0;

    [[nodiscard]] virtual LinkStatus status() const = 0;
};

}  // namespace busbar::gateway
