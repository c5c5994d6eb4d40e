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
#include "gateway/link_failure.hpp"
#include "gateway/path.hpp"
#include "gateway/tls.hpp"
#include "gateway/tls_stream.hpp"

namespace busbar::gateway {

/// How a dial went.
struct Dialled {
    DialStep step = DialStep::dns;       ///< the last one tried
    std::optional<LinkFailure> failure;  ///< empty: it came as far as it was to go
    std::optional<TlsStream> stream;     ///< of a dial that was to go to TLS and did
    bool stale_address = false;          ///< from memory: no name server answered
    milliseconds connected_after{0};     ///< what the last TCP connect took
};

/// How far to go and how long to wait.
struct DialLimits {
    DialStep depth = DialStep::tls;
    milliseconds name{10'000};  ///< for an address of the host
    milliseconds connect{
        10'000};  ///< shared by the first four addresses: a dead one is passed over for the next
    milliseconds handshake{10'000};
    bool dates_matter = true;  ///< false: an expired certificate will do; nothing secret may be sent then
    std::shared_ptr<const LinkIdentity> who{};  ///< null: nobody in particular
};

/// Loop thread only; keeps itself alive until it has reported.
class TlsDial : public std::enable_shared_from_this<TlsDial> {
  public:
    using Handler = std::function<void(Dialled)>;

    /// `tls` outlives the dial.
    TlsDial(boost::asio::io_context& loop, Path path, const TlsClient& tls, std::string host, int port,
            DialLimits limits = {});

    /// `handler` is called once, later, unless cancelled before.
    void start(Handler handler);
    void cancel();

  private:
    using error_code = boost::system::error_code;

    void found(const Result<HostLookup::Found>& found);
    void connect_next();
    void connected(const error_code& error);
    void shaken(const error_code& error);
    [[nodiscard]] LinkFailure tls_failure(const error_code& error) const;
    void address_failed(LinkFailure failure);
    void fail(LinkFailure failure);
    void report();
    int begin_stage(SteadyTime::duration limit, std::function<void()> expired);
    [[nodiscard]] bool is_now(int stage) const { return handler_ && stage == stage_; }
    [[nodiscard]] std::string place() const;

    const Path path_;
    const TlsClient& tls_;
    const std::string host_;
    const int port_;
    const DialLimits limits_;
    Handler handler_;  ///< empty: reported or cancelled
    boost::asio::steady_timer deadline_;
    boost::asio::ip::tcp::socket socket_;
    std::shared_ptr<TlsStream> stream_;  ///< shared with its handshake, which may end after the dial
    int stage_ = 0;  ///< numbers find, connects and handshakes; late answers belong to none
    Endpoints addresses_;
    std::size_t tried_ = 0;
    SteadyTime connect_began_{};
    Dialled outcome_;
    DialStep failed_at_ = DialStep::dns;  ///< the furthest step that an address failed at
};

}  // namespace busbar::gateway
