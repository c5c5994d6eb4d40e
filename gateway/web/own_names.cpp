// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/own_names.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <cctype>
#include <fstream>
#include <set>
#include <sstream>

namespace busbar::gateway {
namespace {

namespace ip = boost::asio::ip;

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::string machine_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return {};
    auto text = lower(name.data());
    const bool usable = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos;
    return usable ? text : std::string();
}

void add_ipv4(std::set<std::string>& addresses) {
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return;
    for (const auto* entry = first; entry != nullptr; entry = entry->ifa_next) {
        if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET) continue;
        const auto* address = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr);
        addresses.insert(ip::address_v4(ntohl(address->sin_addr.s_addr)).to_string());
    }
    ::freeifaddrs(first);
}

/// "fe80...0001 02 40 20 80 eth0": address, index, prefix, scope, flags, name.
void add_ipv6(std::set<std::string>& addresses) {
    constexpr unsigned temporary = 0x01;
    std::ifstream table("/proc/net/if_inet6");
    for (std::string line; std::getline(table, line);) {
        std::istringstream fields(line);
        std::string hex;
        std::string index;
        std::string prefix;
        std::string scope;
        unsigned flags = 0;
        if (!(fields >> hex >> index >> prefix >> scope >> std::hex >> flags)) continue;
        if ((flags & temporary) != 0 || hex.size() != 32) continue;
        std::string text;
        for (std::size_t i = 0; i < hex.size(); i += 4) text += (i == 0 ? "" : ":") + hex.substr(i, 4);
        boost::system::error_code error;
        const auto address = ip::make_address_v6(text, error);
        if (!error) addresses.insert(address.to_string());
    }
}

bool is_port(std::string_view text) {
    return text.empty() ||
           (text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos);
}

}  // namespace

OwnNames own_names() {
    std::set<std::string> addresses;
    add_ipv4(addresses);
    add_ipv6(addresses);
    return {machine_name(), {addresses.begin(), addresses.end()}};
}

std::string host_of(std::string_view authority) {
    std::string_view host;
    std::string_view rest;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return {};
        host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
        if (!rest.empty() && rest.front() != ':') return {};
        rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
    } else {
        const auto colon = authority.find(':');
        host = authority.substr(0, colon);
        if (colon != std::string_view::npos) rest = authority.substr(colon + 1);
    }
    if (!is_port(rest)) return {};
    if (host.ends_with('.')) host.remove_suffix(1);
    return lower(host);
}

bool is_own(std::string_view authority, const OwnNames& own, const std::vector<std::string>& further) {
    const auto host = host_of(authority);
    if (host.empty()) return false;
    boost::system::error_code no_address;
    const auto address = ip::make_address(host, no_address);
    if (!no_address) {
        return address.is_loopback() || std::find(own.addresses.begin(), own.addresses.end(),
                                                  address.to_string()) != own.addresses.end();
    }
    const auto short_name = own.host.substr(0, own.host.find('.'));
    const bool by_name =
        !own.host.empty() && (host == own.host || host == short_name || host == short_name + ".local");
    return by_name || host == "localhost" ||
           std::any_of(further.begin(), further.end(), [&](const auto& name) { return lower(name) == host; });
}

}  // namespace busbar::gateway
