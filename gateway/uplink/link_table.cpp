// SPDX-License-Identifier: Apache-2.0
// rtnetlink(7): a header, a fixed part, attributes.
#include "gateway/uplink/link_table.hpp"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace busbar::gateway {
namespace {

constexpr unsigned lower_up = 1U << 16U;  // IFF_LOWER_UP of linux/if.h, which net/if.h does not have
constexpr unsigned works = IFF_UP | IFF_RUNNING | lower_up;

/// The fixed part, or nothing when the message is too short for it.
template <class Fixed>
std::optional<Fixed> fixed_part(const nlmsghdr& message) {
    if (message.nlmsg_len < NLMSG_LENGTH(sizeof(Fixed))) return std::nullopt;
    Fixed fixed;
    std::memcpy(&fixed, NLMSG_DATA(&message), sizeof fixed);
    return fixed;
}

/// The payload of the attribute `type` behind a fixed part of `fixed_size`; empty: it is not there.
std::string_view attribute(const nlmsghdr& message, std::size_t fixed_size, unsigned type) {
    const auto* bytes = reinterpret_cast<const char*>(&message);
    std::size_t at = NLMSG_LENGTH(0) + NLMSG_ALIGN(fixed_size);
    while (at + sizeof(rtattr) <= message.nlmsg_len) {
        rtattr header{};
        std::memcpy(&header, bytes + at, sizeof header);
        if (header.rta_len < sizeof header || at + header.rta_len > message.nlmsg_len) break;
        if (header.rta_type == type) return {bytes + at + sizeof header, header.rta_len - sizeof header};
        at += RTA_ALIGN(header.rta_len);
    }
    return {};
}

std::string text_of(int family, std::string_view address) {
    const std::size_t size = family == AF_INET ? 4 : 16;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.size() != size || inet_ntop(family, address.data(), text.data(), text.size()) == nullptr)
        return {};
    return text.data();
}

unsigned flags_of(const nlmsghdr& message, const ifaddrmsg& fixed) {
    const auto long_flags = attribute(message, sizeof fixed, IFA_FLAGS);
    unsigned flags = fixed.ifa_flags;
    if (long_flags.size() == sizeof flags) std::memcpy(&flags, long_flags.data(), sizeof flags);
    return flags;
}

/// Reaches nothing outside, cannot be used yet, or comes and goes on its own beside a lasting one.
bool is_of_no_account(const ifaddrmsg& fixed, unsigned flags, const std::string& address) {
    const bool is_temporary = fixed.ifa_family == AF_INET6 && (flags & IFA_F_TEMPORARY) != 0;
    const bool is_undecided = (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) != 0;
    return is_temporary || is_undecided || fixed.ifa_scope == RT_SCOPE_LINK ||
           address.starts_with("169.254.");
}

}  // namespace

void LinkTable::apply(const nlmsghdr& message) {
    const auto type = message.nlmsg_type;
    if (type == RTM_NEWLINK || type == RTM_DELLINK) apply_link(message);
    if (type == RTM_NEWADDR || type == RTM_DELADDR) apply_address(message);
}

void LinkTable::apply_link(const nlmsghdr& message) {
    const auto fixed = fixed_part<ifinfomsg>(message);
    // A bridge tells of its ports in messages of its own, which look like the link's.
    if (!fixed || fixed->ifi_family != AF_UNSPEC) return;
    const auto index = static_cast<unsigned>(fixed->ifi_index);
    if (message.nlmsg_type == RTM_DELLINK) {
        entries_.erase(index);
        return;
    }
    const auto name = attribute(message, sizeof *fixed, IFLA_IFNAME);
    Entry& entry = entries_[index];
    if (!name.empty()) entry.name = name.substr(0, name.find('\0'));
    entry.carrier = (fixed->ifi_flags & works) == works;
}

void LinkTable::apply_address(const nlmsghdr& message) {
    const auto fixed = fixed_part<ifaddrmsg>(message);
    if (!fixed || (fixed->ifa_family != AF_INET && fixed->ifa_family != AF_INET6)) return;
    // Of a point-to-point link IFA_ADDRESS is the other end.
    auto bytes = attribute(message, sizeof *fixed, IFA_LOCAL);
    if (bytes.empty()) bytes = attribute(message, sizeof *fixed, IFA_ADDRESS);
    const std::string address = text_of(fixed->ifa_family, bytes);
    if (address.empty()) return;
    const bool is_gone = message.nlmsg_type == RTM_DELADDR;
    if (is_gone || is_of_no_account(*fixed, flags_of(message, *fixed), address)) {
        const auto entry = entries_.find(fixed->ifa_index);
        if (entry != entries_.end()) entry->second.addresses.erase(address);
    } else {
        entries_[fixed->ifa_index].addresses.insert(address);
    }
}

InterfacesFacts LinkTable::facts() const {
    InterfacesFacts facts;
    for (const auto& [index, entry] : entries_) {
        if (entry.name.empty()) continue;
        facts[entry.name] = {.present = true,
                             .carrier = entry.carrier,
                             .addresses = {entry.addresses.begin(), entry.addresses.end()},
                             .name_servers = {},
                             .hindrance = {}};
    }
    return facts;
}

}  // namespace busbar::gateway
