// SPDX-License-Identifier: Apache-2.0
// One look through one path: how far one comes on the way to the central system, and who is there instead.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/tls_dial.hpp"
#include "gateway/uplink/portal_check.hpp"
#include "gateway/uplink/probe_outcome.hpp"

namespace busbar::gateway {

struct HostPort {
    std::string host;
    int port = 443;
};

/// "198.51.100.7:443", "[2001:db8::7]:443". REQUIRES: the configuration was checked.
HostPort host_port(const std::string& text);

/// What a probe is to find out.
struct ProbeOrder {
    HostPort central;
    DialStep depth = DialStep::tls;
    milliseconds timeout{2000};     ///< of each step
    std::vector<HostPort> neutral;  ///< asked at the same time; empty: not asked
    bool clock_is_sane = true;      ///< false: a certificate out of its time says nothing about who answers
};

/// True: somebody else answers for the central system. A handshake that broke off, or a certificate out of
/// its time, says neither; then a redirect, found by plain HTTP, decides.
bool is_intercepted(const Dialled& dialled, bool clock_is_sane, const std::string& portal);

/// Sends no credentials. Loop thread only; keeps itself alive until it has reported.
class Probe : public std::enable_shared_from_this<Probe> {
  public:
    using Handler = std::function<void(ProbeOutcome)>;

    /// `tls` outlives the probe.
    Probe(boost::asio::io_context& loop, Path path, const TlsClient& tls, ProbeOrder order);

    /// `handler` is called once, later, unless cancelled before; after four time-outs at most.
    void start(Handler handler);
    void cancel();

  private:
    std::shared_ptr<TlsDial> dial(const HostPort& target, DialStep depth, TlsDial::Handler handler);
    void dialled(Dialled dialled);
    void look_for_portal();
    void neutral_dialled(const Dialled& dialled);
    void finish();

    boost::asio::io_context& loop_;
    const Path path_;
    const TlsClient& tls_;
    const ProbeOrder order_;
    Handler handler_;  ///< empty: reported or cancelled
    std::vector<std::shared_ptr<TlsDial>> dials_;
    std::shared_ptr<PortalCheck> portal_check_;
    std::size_t neutral_open_ = 0;
    bool central_open_ = true;
    Dialled dialled_;
    ProbeOutcome outcome_;
};

}  // namespace busbar::gateway
