// SPDX-License-Identifier: Apache-2.0
// What is known of one network interface, whoever says it: the kernel by rtnetlink, or a network manager.
#pragma once

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

}  // namespace busbar::gateway
