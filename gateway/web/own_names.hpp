// SPDX-License-Identifier: Apache-2.0
// The names and addresses this machine answers to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace busbar::gateway {

struct OwnNames {
    std::string host;                    ///< lower case; "" where the machine has none
    std::vector<std::string> addresses;  ///< IP literals of all interfaces, sorted; loopback among them
    friend bool operator==(const OwnNames&, const OwnNames&) = default;
};

/// As the kernel tells them now. IPv6 addresses that are temporary (RFC 8981) are left out: nobody types
/// them, and a certificate for them would change each day.
OwnNames own_names();

/// The host of a Host field or an authority, without port and brackets, lower case, without a final dot.
/// Empty: it is none.
std::string host_of(std::string_view authority);

/// Whether a browser that asks for `authority` means this machine: its host name, that with .local, its name
/// without domain, localhost, an own address, or one of `further`. Everything else is a foreign page that
/// resolves its name to our address.
bool is_own(std::string_view authority, const OwnNames& own, const std::vector<std::string>& further);

}  // namespace busbar::gateway
