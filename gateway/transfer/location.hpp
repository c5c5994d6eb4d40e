// SPDX-License-Identifier: Apache-2.0
// Which URLs from outside are followed, and to which addresses: schemes, hosts, redirects. Pure; the URL is
// taken apart by the library that will use it, so that both see the same host.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "gateway/base/result.hpp"

namespace busbar::gateway {

struct Location {
    std::string url;  ///< whole, in curl's spelling; may hold a password and a signed query: not for the log
    std::string scheme;  ///< lower case
    std::string host;    ///< name or IP literal, this without brackets
    int port = 0;
    std::string path;  ///< percent-encoded, begins with '/'

    [[nodiscard]] bool is_http() const { return scheme == "https" || scheme == "http"; }
    [[nodiscard]] bool names_folder() const { return path.back() == '/'; }
    /// For the log and for people: "https://files.example:443", nothing that could be a secret.
    [[nodiscard]] std::string shown() const;
};

/// Error: Errc::invalid with the reason; its words repeat nothing but scheme and host.
Result<Location> read_location(const std::string& text, const std::vector<std::string>& schemes);

/// Where a server's redirect leads. Error: out of HTTP, from https to http, or what read_location() refuses.
Result<Location> read_redirect(const Location& from, const std::string& to,
                               const std::vector<std::string>& schemes);

/// The file of that name in the folder that `folder` names; a query stays.
Result<Location> file_in(const Location& folder, const std::string& name);

/// Why nothing is sent to or taken from `address`; empty: it may be. Loopback and link-local (where clouds
/// and modems keep their metadata) are a setting's choice; unspecified, multicast and reserved ones never.
/// What is wrapped into IPv6 (mapped, NAT64, 6to4) is judged as what it carries.
std::optional<std::string> address_problem(const boost::asio::ip::address& address,
                                           const config::Transfers& policy);

}  // namespace busbar::gateway
