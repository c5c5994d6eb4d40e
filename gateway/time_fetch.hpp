// SPDX-License-Identifier: Apache-2.0
// The time from the central system's own web server, for a box whose clock is so wrong that no certificate
// looks valid: name and chain are verified, the dates are not, and nothing secret is sent.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/path.hpp"
#include "gateway/tls.hpp"

namespace busbar::gateway {

/// Sends one HEAD request without credentials and takes the Date of the answer, whatever its status.
/// `handler` is called once, later, within 40 s. `tls` outlives it. Loop thread only.
void fetch_time(boost::asio::io_context& loop, const Path& path, const TlsClient& tls, const config::Url& url,
                std::function<void(Result<UtcTime>)> handler);

/// The Date header of an HTTP answer (RFC 9110 5.6.7, the preferred format). Error: there is none.
Result<UtcTime> date_of(std::string_view http_head);

}  // namespace busbar::gateway
