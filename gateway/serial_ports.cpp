// SPDX-License-Identifier: Apache-2.0
#include "gateway/serial_ports.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <string_view>

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;

struct Family {
    std::string_view prefix;  ///< of the kernel's name
    PortKind kind;
};
constexpr std::array<Family, 9> families{{
    {"ttyUSB", PortKind::usb},
    {"ttyACM", PortKind::usb},
    {"ttyS", PortKind::onboard},
    {"ttyAMA", PortKind::onboard},
    {"ttymxc", PortKind::onboard},
    {"ttyO", PortKind::onboard},
    {"ttySC", PortKind::onboard},
    {"ttyXRUSB", PortKind::usb},
    {"ttyLP", PortKind::onboard},
}};

const Family* family_of(std::string_view name) {
    const Family* longest = nullptr;
    for (const auto& family : families) {
        const bool fits = name.starts_with(family.prefix) && name.size() > family.prefix.size();
        if (fits && (longest == nullptr || family.prefix.size() > longest->prefix.size())) longest = &family;
    }
    return longest;
}

std::vector<fs::path> entries(const std::string& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    for (auto at = fs::directory_iterator(folder, error); !error && at != fs::directory_iterator();
         at.increment(error)) {
        found.push_back(at->path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// The kernel keeps names for UARTs that are not there: their type is 0, unknown.
bool is_wired(const std::string& sys, const std::string& name) {
    std::ifstream file(sys + "/class/tty/" + name + "/type");
    int type = 1;
    file >> type;
    return !file || type != 0;
}

/// "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0" says who made it.
std::string label_of(const SerialPort& port) {
    constexpr std::string_view bus = "usb-";
    std::string label = fs::path(port.device).filename().string();
    for (const auto& name : port.names) {
        const auto file = fs::path(name).filename().string();
        if (!label.starts_with(bus) && file.starts_with(bus)) label = file;
    }
    if (!label.starts_with(bus)) return label;
    label = label.substr(bus.size(), label.rfind("-if") - bus.size());
    std::replace(label.begin(), label.end(), '_', ' ');
    return label;
}

/// Every link below `folder`, by what it leads to.
std::multimap<std::string, std::string> links_in(const std::string& folder) {
    std::multimap<std::string, std::string> links;
    for (const auto& link : entries(folder)) {
        std::error_code error;
        const auto target = fs::canonical(link, error);
        if (!error) links.emplace(target.string(), link.string());
    }
    return links;
}

}  // namespace

std::vector<SerialPort> serial_ports(const std::string& dev, const std::string& sys) {
    const auto by_socket = links_in(dev + "/busbar");  // of our udev rules, where by-id is not unique
    const auto by_id = links_in(dev + "/serial/by-id");
    const auto by_path = links_in(dev + "/serial/by-path");
    std::vector<SerialPort> ports;
    for (const auto& entry : entries(dev)) {
        const auto* family = family_of(entry.filename().string());
        if (family == nullptr || !is_wired(sys, entry.filename().string())) continue;
        SerialPort port{"", entry.string(), {}, family->kind, "", ::access(entry.c_str(), R_OK | W_OK) == 0};
        std::error_code error;
        const auto real = fs::canonical(entry, error).string();
        for (const auto* links : {&by_socket, &by_id, &by_path}) {
            const auto [first, last] = links->equal_range(real);
            for (auto link = first; link != last; ++link) port.names.push_back(link->second);
        }
        port.device = port.names.empty() ? port.path : port.names.front();
        port.label = label_of(port);
        ports.push_back(std::move(port));
    }
    return ports;
}

bool same_device(const std::string& a, const std::string& b) {
    std::error_code error;  // equivalent() compares no devices, and a link may be gone
    return fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error);
}

}  // namespace busbar::gateway
