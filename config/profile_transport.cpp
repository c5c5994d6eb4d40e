// SPDX-License-Identifier: Apache-2.0
// transport and pacing: how to reach a device, and how to talk to it without upsetting it.
#include <fmt/format.h>

#include <algorithm>

#include "config/config_sections.hpp"
#include "config/profile_sections.hpp"
#include "config/spellings.hpp"

namespace busbar::config {
namespace {

std::vector<BusKind> kinds_of(Protocol protocol) {
    switch (protocol) {
        case Protocol::modbus:
            return {BusKind::rtu, BusKind::ascii, BusKind::tcp, BusKind::rtu_over_tcp};
        case Protocol::abl:
            return {BusKind::serial, BusKind::ascii};
        case Protocol::keba:
            return {BusKind::keba_udp};
        case Protocol::rapi:
        case Protocol::evcc1:
        case Protocol::frames:
            return {BusKind::serial};
    }
    return {};
}

void read_kind(const Value& value, const Profile& profile, std::vector<BusKind>& out) {
    BusKind kind{};
    if (!value.choice(kind, kBusKinds)) return;
    const auto possible = kinds_of(profile.protocol);
    if (std::find(possible.begin(), possible.end(), kind) != possible.end()) {
        out.push_back(kind);
        return;
    }
    std::vector<std::string_view> names(possible.size());
    std::transform(possible.begin(), possible.end(), names.begin(),
                   [](BusKind each) { return name_of(each, kBusKinds); });
    value.problem(fmt::format("must be one of {}: that is where the profile's protocol is spoken",
                              fmt::join(names, ", ")));
}

}  // namespace

void read_transport(Section& section, Profile& profile) {
    section.need("kinds").one_or_each(
        [&](const Value& item) { read_kind(item, profile, profile.bus_kinds); });
    read_baud(section.may("baud"), profile.baud);
    Parity parity{};
    if (section.may("parity").choice(parity, kParities)) profile.parity = parity;
    section.may("stop_bits").integer(profile.stop_bits, {1, 2});
    section.may("unit_id").integer(profile.default_unit_id, {0, 255});
    section.may("tcp_port").integer(profile.tcp_port, {1, 65535});
    section.may("single_client").flag(profile.single_client);
}

void read_pacing(Section& section, Pacing& out) {
    section.may("gap_ms").integer(out.gap, {0, 10'000});
    section.may("gap_after_write_ms").integer(out.gap_after_write, {0, 10'000});
    section.may("unit_switch_ms").integer(out.unit_switch, {0, 10'000});
    section.may("reply_timeout_ms").integer(out.reply_timeout, {20, 10'000});
    section.may("retries").integer(out.retries, {0, 5});
    section.may("send_twice").flag(out.send_twice);
    section.may("delay_after_connect_ms").integer(out.delay_after_connect, {0, 60'000});
    section.may("reconnect_ms").integer(out.reconnect, {100, 600'000});
    section.may("slow_interval_ms").integer(out.slow_interval, {1000, 600'000});
}

}  // namespace busbar::config
