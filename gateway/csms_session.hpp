// SPDX-License-Identifier: Apache-2.0
// The link of one charge point over a WebSocket on TLS, redialled for ever. Beast stays behind this header.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "config/config.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/secret.hpp"
#include "gateway/base/trace.hpp"
#include "gateway/dialer.hpp"
#include "gateway/link.hpp"
#include "gateway/move.hpp"
#include "gateway/path.hpp"
#include "gateway/tls.hpp"

namespace busbar::gateway {

class LinkCredentials;

/// What the sessions of a gateway have in common. Everything outlives them.
struct CsmsContext {
    boost::asio::io_context& loop;
    const config::Url& url;
    const TlsClient& tls;
    Dialer& dialer;
    std::function<const Path&()> path;  ///< for the next dial
    Log log;
    TraceTap trace;  ///< may be empty
    /// A connection by this uplink (id) could not be made, or fell silent; may be empty.
    std::function<void(const std::string& uplink)> doubt;
    /// A certificate was refused for its dates, or is it our clock? May be empty.
    std::function<void()> doubt_clock;
};

/// Who dials.
struct CsmsIdentity {
    std::string charge_point;
    Secret password;  ///< as configured; the key AuthorizationKey takes its place
    config::PasswordEncoding password_encoding = config::PasswordEncoding::text;
    LinkCredentials* credentials = nullptr;  ///< null: the password, always
};

/// Every log line carries the field charge_point. A streak of failures is logged once (event=link_failed with
/// cause, detail and cure), its end once (event=link_connected with address, TLS version and cipher).
class CsmsSession final : public Link {
  public:
    CsmsSession(const CsmsContext& context, CsmsIdentity identity);
    ~CsmsSession() override;  ///< drops the connection without a word; no event follows
    CsmsSession(const CsmsSession&) = delete;
    CsmsSession& operator=(const CsmsSession&) = delete;

    void start(Events events) override;
    void send(std::string text) override;
    void reconnect(std::uint16_t close_code) override;
    void set_password(Secret password) override;
    void set_ping_interval(seconds interval) override;
    void stop(std::function<void()> done) override;
    [[nodiscard]] LinkStatus status() const override;

    /// The context's path is another: over to it. A planned move of a session that is there already only
    /// gives up the way to another.
    void move(Move how);

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace busbar::gateway
