// SPDX-License-Identifier: Apache-2.0
// The kernel's interfaces and addresses, put together from messages of rtnetlink. Pure: no socket.
#pragma once

#include <linux/netlink.h>

#include <map>
#include <set>
#include <string>

#include "gateway/uplink/interface_facts.hpp"

namespace busbar::gateway {

class LinkTable {
  public:
    /// RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR, RTM_DELADDR; others, and those that are cut off, change
    /// nothing. REQUIRES: message.nlmsg_len bytes are there.
    void apply(const nlmsghdr& message);

    [[nodiscard]] InterfacesFacts facts() const;

  private:
    struct Entry {
        std::string name;
        bool carrier = false;
        std::set<std::string> addresses;
    };

    void apply_link(const nlmsghdr& message);
    void apply_address(const nlmsghdr& message);

    std::map<unsigned, Entry> entries_;  ///< by index: names may change; "" until the link itself is told
};

}  // namespace busbar::gateway
