// SPDX-License-Identifier: Apache-2.0
// buses: the serial lines and network peers that chargers hang on.
#include <fmt/format.h>

#include <algorithm>

#include "config/config_sections.hpp"
#include "config/spellings.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr std::string_view kSerialOnly = "it is for the kinds rtu, ascii and serial";
constexpr std::string_view kTextOnly = "it is for the kinds ascii and serial; RTU frames need 8";
constexpr std::string_view kNetworkOnly = "it is for the kinds tcp, rtu-over-tcp and keba-udp";
constexpr std::string_view kKebaOnly = "it is for the kind keba-udp";
constexpr int kKebaPort = 7090;
constexpr int kModbusPort = 502;

}  // namespace

void read_baud(const Value& value, std::optional<int>& out) {
    std::optional<int> baud;
    if (!value.integer(baud, {})) return;
    if (std::find(kBaudRates.begin(), kBaudRates.end(), *baud) != kBaudRates.end()) {
        out = baud;
    } else {
        value.problem(fmt::format("must be one of {}, not {}", fmt::join(kBaudRates, ", "), *baud));
    }
}

void read_bus(Section& section, Bus& out) {
    section.need("id").text(out.id, kId);
    if (!section.need("kind").choice(out.kind, kBusKinds)) {
        // Which of these belong here is unknown: only keep them from being called unknown keys.
        for (const auto* key :
             {"device", "baud", "parity", "stop_bits", "data_bits", "host", "port", "local_address"}) {
            static_cast<void>(section.may(key));
        }
        return;
    }
    const bool network =
        out.kind == BusKind::tcp || out.kind == BusKind::rtu_over_tcp || out.kind == BusKind::keba_udp;
    const bool keba = out.kind == BusKind::keba_udp;

    section.need_if(!network, "device", kSerialOnly)
        .text(out.device, {"a serial device such as /dev/ttyS1", kAnyText.accepts});
    std::optional<int> baud;
    read_baud(section.may_if(!network, "baud", kSerialOnly), baud);
    out.baud = baud.value_or(out.baud);
    section.may_if(!network, "parity", kSerialOnly).choice(out.parity, kParities);
    section.may_if(!network, "stop_bits", kSerialOnly).integer(out.stop_bits, {1, 2});
    const bool text = out.kind == BusKind::ascii || out.kind == BusKind::serial;
    section.may_if(text, "data_bits", kTextOnly).integer(out.data_bits, {7, 8});

    out.port = keba ? kKebaPort : kModbusPort;
    section.need_if(network, "host", kNetworkOnly).text(out.host, kHost);
    section.may_if(network, "port", kNetworkOnly).integer(out.port, {1, 65535});
    section.may_if(keba, "local_address", kKebaOnly).text(out.local_address, kAddress);
}

}  // namespace busbar::config
