// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/location.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "gateway/transfer/curl_library.hpp"

namespace busbar::gateway {
namespace {

namespace ip = boost::asio::ip;

struct UrlFree {
    void operator()(CURLU* url) const { curl().url_cleanup(url); }
};
using UrlPtr = std::unique_ptr<CURLU, UrlFree>;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl().url_get(url, part, &text, flags) != CURLUE_OK) return {};
    std::string copy(text);
    curl().free(text);
    return copy;
}

/// "[fe80::1]" -> "fe80::1"
std::string without_brackets(std::string host) {
    if (host.size() < 2 || host.front() != '[') return host;
    return host.substr(1, host.size() - 2);
}

std::string in_list(const std::vector<std::string>& schemes) {
    std::string text;
    for (const auto& one : schemes) text += (text.empty() ? "" : ", ") + one;
    return text.empty() ? "none" : text;
}

Result<Location> location_of(CURLU* url) {
    Location location;
    location.scheme = part_of(url, CURLUPART_SCHEME);
    location.host = without_brackets(part_of(url, CURLUPART_HOST));
    location.path = part_of(url, CURLUPART_PATH);
    if (location.path.empty()) location.path = "/";
    const auto port = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    std::from_chars(port.data(), port.data() + port.size(), location.port);
    location.url = part_of(url, CURLUPART_URL);
    if (location.host.empty() || location.port == 0 || location.url.empty()) {
        return Error{Errc::invalid, "The location names no host; a URL like https://host/path is needed."};
    }
    if (!part_of(url, CURLUPART_ZONEID).empty()) {
        return Error{Errc::invalid, "The location names an interface of this gateway with its address."};
    }
    return location;
}

constexpr std::size_t ipv4_in_mapped = 12;
constexpr std::array<unsigned char, 12> nat64{0x00, 0x64, 0xff, 0x9b};

/// What an IPv6 address carries as an IPv4 address: mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056).
std::optional<ip::address_v4> carried(const ip::address_v6& address) {
    const auto bytes = address.to_bytes();
    const auto from = [&](std::size_t at) {
        return ip::address_v4({bytes.at(at), bytes.at(at + 1), bytes.at(at + 2), bytes.at(at + 3)});
    };
    const bool mapped = address.is_v4_mapped();
    const bool translated = std::equal(nat64.begin(), nat64.end(), bytes.begin());
    const bool compatible = std::all_of(bytes.begin(), bytes.begin() + ipv4_in_mapped,
                                        [](unsigned char byte) { return byte == 0; });
    if (mapped || translated) return from(ipv4_in_mapped);
    if (compatible && !address.is_loopback() && !address.is_unspecified()) return from(ipv4_in_mapped);
    if (bytes[0] == 0x20 && bytes[1] == 0x02) return from(2);
    return std::nullopt;
}

struct Kind {
    bool loopback = false;
    bool link_local = false;  ///< with the metadata services of clouds
    bool nobody = false;      ///< unspecified, multicast, broadcast, reserved
};

bool in_net(const ip::address_v4& address, std::uint32_t net, unsigned bits) {
    return (address.to_uint() >> (32U - bits)) == (net >> (32U - bits));
}

Kind kind_of(const ip::address_v4& address) {
    constexpr std::uint32_t link_local_net = 0xa9fe0000;     // 169.254.0.0/16
    constexpr std::uint32_t metadata_in_cgnat = 0x646464c8;  // 100.100.100.200
    constexpr std::uint32_t multicast_and_reserved = 0xe0000000;
    return {address.is_loopback(),
            in_net(address, link_local_net, 16) || address.to_uint() == metadata_in_cgnat,
            in_net(address, 0, 8) || address.to_uint() >= multicast_and_reserved};
}

Kind kind_of(const ip::address_v6& address) {
    static const auto metadata = ip::make_address_v6("fd00:ec2::254");
    return {address.is_loopback(), address.is_link_local() || address == metadata,
            address.is_unspecified() || address.is_multicast()};
}

Kind kind_of(const ip::address& address) {
    if (address.is_v4()) return kind_of(address.to_v4());
    const auto within = carried(address.to_v6());
    return within ? kind_of(*within) : kind_of(address.to_v6());
}

}  // namespace

std::string Location::shown() const {
    const bool literal = host.find(':') != std::string::npos;
    return scheme + "://" + (literal ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

Result<Location> read_location(const std::string& text, const std::vector<std::string>& schemes) {
    if (const auto loaded = load_curl(); !loaded) return loaded.error();
    const UrlPtr url(curl().url());
    if (text.find('\0') != std::string::npos ||
        curl().url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
        return Error{Errc::invalid,
                     "The location is no URL that can be used; one like https://host/path is needed."};
    }
    auto location = location_of(url.get());
    if (!location) return location;
    if (std::find(schemes.begin(), schemes.end(), location->scheme) == schemes.end()) {
        return Error{Errc::invalid, "The location's scheme " + location->scheme +
                                        " is not allowed; transfers.schemes has " + in_list(schemes) + "."};
    }
    return location;
}

Result<Location> read_redirect(const Location& from, const std::string& to,
                               const std::vector<std::string>& schemes) {
    auto location = read_location(to, schemes);
    if (!location) return location;
    const bool stays = location->is_http() && (location->scheme == from.scheme || from.scheme == "http");
    if (!stays) {
        return Error{Errc::invalid, from.shown() + " redirects to " + location->shown() +
                                        "; a redirect is followed only within HTTP and never out of TLS."};
    }
    return location;
}

Result<Location> file_in(const Location& folder, const std::string& name) {
    const UrlPtr url(curl().url());
    const std::string path = folder.path + (folder.names_folder() ? "" : "/") + name;
    if (curl().url_set(url.get(), CURLUPART_URL, folder.url.c_str(), 0) != CURLUE_OK ||
        curl().url_set(url.get(), CURLUPART_PATH, path.c_str(), 0) != CURLUE_OK) {
        return Error{Errc::invalid, "No file can be named in the folder of the location."};
    }
    return location_of(url.get());
}

std::optional<std::string> address_problem(const ip::address& address, const config::Transfers& policy) {
    const Kind kind = kind_of(address);
    if (kind.loopback && !policy.allow_loopback) {
        return address.to_string() + " is this gateway itself; transfers.allow_loopback is false";
    }
    if (kind.link_local && !policy.allow_link_local) {
        return address.to_string() +
               " is link-local or a metadata service; transfers.allow_link_local is false";
    }
    if (kind.nobody) return address.to_string() + " is no host's address";
    return std::nullopt;
}

}  // namespace busbar::gateway
