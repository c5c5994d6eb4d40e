// SPDX-License-Identifier: Apache-2.0
// One plain HTTP request for the central system's name: who answers it with a redirect to somewhere else is a
// captive portal.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/path.hpp"

namespace busbar::gateway {

/// Where the head of an HTTP answer redirects to; "" when it does not, or only to `host` itself.
std::string redirect_of(std::string_view head, std::string_view host);

/// Loop thread only; keeps itself alive until it has reported.
class PortalCheck : public std::enable_shared_from_this<PortalCheck> {
  public:
    using Handler = std::function<void(std::string portal)>;

    PortalCheck(boost::asio::io_context& loop, Path path, std::string host);

    /// GET / at port 80. `handler` is called once, within `limit`, with redirect_of(); "" whatever else
    /// happens.
    void start(milliseconds limit, Handler handler);
    void cancel();

  private:
    using error_code = boost::system::error_code;

    void connect(const Endpoints& endpoints);
    void ask();
    void read();
    void report(std::string portal);

    const Path path_;
    const std::string host_;
    Handler handler_;  ///< empty: reported or cancelled
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer deadline_;
    std::string request_;
    std::string head_;
};

}  // namespace busbar::gateway
