// SPDX-License-Identifier: Apache-2.0
// What is known of one network interface, whoever says it: the kernel by rtnetlink, or a network manager.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace busbar::gateway {

struct InterfaceFacts {
    bool present = false;                   ///< the kernel has an interface of that name
    bool carrier = false;                   ///< up, and the other end of the cable or radio is there
    std::vector<std::string> addresses;     ///< without prefix length; none that is link-local or tentative
    std::vector<std::string> name_servers;  ///< as discovered; empty: none known
    std::string hindrance;  ///< why it is not up, in a manager's or modem's words; "" where nobody says

    [[nodiscard]] bool usable() const { return present && carrier && !addresses.empty(); }
    friend bool operator==(const InterfaceFacts&, const InterfaceFacts&) = default;
};

/// By name: "eth0".
using InterfacesFacts = std::map<std::string, InterfaceFacts>;

/// Connections from any of the addresses of `before` live on: another address beside them hurts nobody.
inline bool keeps_addresses(const InterfaceFacts& before, const InterfaceFacts& now) {
    return std::all_of(before.addresses.begin(), before.addresses.end(), [&](const auto& address) {
        return std::find(now.addresses.begin(), now.addresses.end(), address) != now.addresses.end();
    });
}

}  // namespace busbar::gateway
