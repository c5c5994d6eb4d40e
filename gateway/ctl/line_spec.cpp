// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/line_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <vector>

#include "config/spellings.hpp"

namespace busbar::ctl {
namespace {

using config::Bus;
using config::BusKind;

constexpr int last_port = 65535;
constexpr int keba_port = 7090;

Error mistake(std::string_view text, std::string_view right) {
    return {Errc::invalid, fmt::format("'{}': {}", text, right)};
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

bool take_baud(std::string_view text, Bus& bus) {
    const auto baud = number(text);
    const auto& known = config::kBaudRates;
    if (!baud || std::find(known.begin(), known.end(), *baud) == known.end()) return false;
    bus.baud = *baud;
    return true;
}

bool take_parity(std::string_view text, Bus& bus) {
    for (const auto& [name, parity] : config::kParities) {
        if (text != name && text != name.substr(0, 1)) continue;
        bus.parity = parity;
        return true;
    }
    return false;
}

bool take_stop_bits(std::string_view text, Bus& bus) {
    if (text != "1" && text != "2") return false;
    bus.stop_bits = text == "1" ? 1 : 2;
    return true;
}

Result<Bus> serial_line(std::string_view text, Bus bus) {
    const auto colon = text.find(':');
    bus.device = text.substr(0, colon);
    if (bus.device.empty()) return mistake(text, "name a serial device such as /dev/ttyUSB0");
    if (colon == std::string_view::npos) return bus;
    const auto parts = split(text.substr(colon + 1), ',');
    const bool good = parts.size() <= 3 && take_baud(parts[0], bus) &&
                      (parts.size() < 2 || take_parity(parts[1], bus)) &&
                      (parts.size() < 3 || take_stop_bits(parts[2], bus));
    if (good) return bus;
    return mistake(text, "settings are baud,parity,stop bits as in :19200,even,1");
}

Result<Bus> network_peer(std::string_view text, Bus bus) {
    const bool bracketed = text.starts_with('[');
    const auto host_end = bracketed ? text.find(']') : text.find(':');
    bus.host = text.substr(bracketed ? 1 : 0, host_end - (bracketed ? 1 : 0));
    auto rest = host_end == std::string_view::npos ? std::string_view() : text.substr(host_end);
    if (bracketed && !rest.empty()) rest.remove_prefix(1);
    if (bus.host.empty() || (bracketed && host_end == std::string_view::npos)) {
        return mistake(text, "name a host, as in tcp:192.0.2.7:502");
    }
    if (rest.empty()) return bus;
    const auto port = number(rest.substr(1));
    if (rest.front() != ':' || !port || *port < 1 || *port > last_port) {
        return mistake(text, "the port is a number from 1 to 65535");
    }
    bus.port = *port;
    return bus;
}

}  // namespace

std::optional<Result<Bus>> parse_line(std::string_view text) {
    Bus bus;
    bus.id = text;
    if (text.starts_with('/')) return serial_line(text, bus);
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    for (const auto& [name, kind] : config::kBusKinds) {
        if (text.substr(0, colon) != name) continue;
        bus.kind = kind;
        const bool network =
            kind == BusKind::tcp || kind == BusKind::rtu_over_tcp || kind == BusKind::keba_udp;
        if (kind == BusKind::keba_udp) bus.port = keba_port;
        return network ? network_peer(text.substr(colon + 1), bus) : serial_line(text.substr(colon + 1), bus);
    }
    return std::nullopt;
}

bool same_line(const Bus& bus, const std::string& device, const std::string& host, int port) {
    if (!bus.host.empty()) return bus.host == host && bus.port == port;
    if (device.empty()) return false;
    std::error_code unknown;  // equivalent() compares no devices, and a link may be gone
    const auto real = [&](const std::string& name) {
        return std::filesystem::weakly_canonical(name, unknown);
    };
    return bus.device == device || real(bus.device) == real(device);
}

}  // namespace busbar::ctl
