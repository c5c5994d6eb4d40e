// SPDX-License-Identifier: Apache-2.0
// Finds the addresses of a host: one question for all who ask meanwhile, and the last good answer when DNS is
// dead.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/resolver.hpp"

namespace busbar::gateway {

/// One for each way to the outside; outlives who asks. Loop thread only.
class HostLookup {
  public:
    struct Found {
        Endpoints endpoints;
        bool stale = false;  ///< from memory, because no name server has answered yet
    };
    using Handler = std::function<void(const Result<Found>&)>;

    HostLookup(boost::asio::io_context& loop, std::unique_ptr<Resolver> resolver);
    ~HostLookup();
    HostLookup(const HostLookup&) = delete;
    HostLookup& operator=(const HostLookup&) = delete;

    /// `handler` is called once, later, unless `asker` is gone by then. An answer may take as long as the
    /// resolver likes; but a host that was found before is answered within 500 ms, and at once when the
    /// question before it failed or still runs, from memory if need be, while the question runs on.
    void find(const std::string& host, int port, std::weak_ptr<void> asker, Handler handler);

    /// What find() falls back on until a name server answers: addresses kept from before a restart.
    void remember(const std::string& host, int port, const Endpoints& endpoints);
    /// This address took a connection where another before it in the order had not: it is the first from now
    /// on, also of later answers. Else they keep the order of the answer, the families in turn: the first few
    /// shall not all be of one that is broken.
    void prefer(const std::string& host, int port, const boost::asio::ip::tcp::endpoint& endpoint);
    /// Empty: the host was never found.
    [[nodiscard]] Endpoints last_good(const std::string& host, int port) const;

  private:
    struct Host;

    Host& at(const std::string& host, int port);
    void answered(Host& host, Result<Endpoints> endpoints);

    boost::asio::io_context& loop_;
    std::map<std::pair<std::string, int>, std::unique_ptr<Host>> hosts_;
    std::unique_ptr<Resolver> resolver_;  ///< gone before what its answers are told to
};

}  // namespace busbar::gateway
