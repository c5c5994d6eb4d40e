// SPDX-License-Identifier: Apache-2.0
// One dial up to the end of TLS: name, address, port, certificate. Sessions go on from here; probes stop
// here.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/base/time.hpp"
#include "gateway/host_lookup.hpp"
#include "gateway/link_failure.hpp"
#include "gateway/tls.hpp"
#include "gateway/tls_stream.hpp"

namespace busbar::gateway {

/// Name and handshake have 10 s each, and 10 s are shared by connecting to the first four addresses: one that
/// is dead is passed over for the next. Loop thread only; keeps itself alive until it has reported.
class TlsDial : public std::enable_shared_from_this<TlsDial> {
  public:
    /// Exactly one of the two is given.
    using Handler = std::function<void(std::optional<LinkFailure>, std::optional<TlsStream>)>;

    /// `lookup` and `tls` outlive the dial.
    TlsDial(boost::asio::io_context& loop, HostLookup& lookup, const TlsClient& tls, std::string host,
            int port);

    /// `handler` is called once, later, unless cancelled before.
    void start(Handler handler);
    void cancel();

  private:
    using error_code = boost::system::error_code;

    void found(const Result<HostLookup::Endpoints>& endpoints);
    void connect_next();
    void connected(const error_code& error);
    void shaken(const error_code& error);
    [[nodiscard]] LinkFailure tls_failure(const error_code& error) const;
    void address_failed(LinkFailure failure);
    void report(std::optional<LinkFailure> failure, std::optional<TlsStream> stream = {});
    int begin_stage(SteadyTime::duration limit, std::function<void()> expired);
    [[nodiscard]] bool is_now(int stage) const { return handler_ && stage == stage_; }
    [[nodiscard]] std::string place() const;

    HostLookup& lookup_;
    const TlsClient& tls_;
    const std::string host_;
    const int port_;
    Handler handler_;  ///< empty: reported or cancelled
    boost::asio::steady_timer deadline_;
    boost::asio::ip::tcp::socket socket_;
    std::shared_ptr<TlsStream> stream_;  ///< shared with its handshake, which may end after the dial
    int stage_ = 0;  ///< numbers find, connects and handshakes; late answers belong to none
    HostLookup::Endpoints addresses_;
    std::size_t tried_ = 0;
    std::optional<LinkFailure> failure_;  ///< the most telling one of the addresses before
};

}  // namespace busbar::gateway
