// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/port_routes.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/serial_ports.hpp"
#include "gateway/web/api/exchange_json.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

/// The id of the bus on it, or null.
Json bus_on(const SerialPort& port, const config::Config& config) {
    for (const auto& bus : config.buses) {
        if (!bus.device.empty() && same_device(bus.device, port.path)) return bus.id;
    }
    return nullptr;
}

/// What is printed on the housing beside it, or null.
Json printed_at(const SerialPort& port, const config::Hardware& hardware) {
    for (const auto& printed : hardware.serial_ports) {
        if (same_device(printed.device, port.path)) return printed.name;
    }
    return nullptr;
}

HttpResponse list(const GatewaySettings& settings) {
    static constexpr std::array<std::string_view, 3> kinds{"usb", "onboard", "other"};
    Json ports = Json::array();
    for (const auto& port : serial_ports()) {
        ports.push_back({{"device", port.device},
                         {"path", port.path},
                         {"names", port.names},
                         {"kind", kinds.at(static_cast<std::size_t>(port.kind))},
                         {"label", port.label},
                         {"printed", printed_at(port, settings.hardware)},
                         {"in_use_by", bus_on(port, settings.config)},
                         {"accessible", port.accessible}});
    }
    return json_response({{"ports", std::move(ports)}});
}

}  // namespace

std::vector<Route> port_routes(std::function<const GatewaySettings&()> settings) {
    return {{"GET", "/api/v1/ports", at_least(Role::installer),
             [settings = std::move(settings)](const HttpRequest&) { return list(settings()); }}};
}

}  // namespace busbar::gateway
