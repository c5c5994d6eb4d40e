// SPDX-License-Identifier: Apache-2.0
// central_system: where the charge points connect to, and how patiently.
#include <array>
#include <cmath>

#include "config/config_sections.hpp"
#include "config/text_rules.hpp"
#include "config/url.hpp"

namespace busbar::config {
namespace {

constexpr Range kSeconds{0.1, 3600};
constexpr std::array<Name<int>, 3> kKeys{{{"p256", 0}, {"rsa2048", 2048}, {"rsa3072", 3072}}};

void read_url(const Value& value, Url& out) {
    std::string text;
    if (!value.text(text, {"a URL such as wss://csms.example/ocpp", kAnyText.accepts})) return;
    if (auto url = parse_url(text)) {
        out = *std::move(url);
    } else {
        value.problem(url.error().detail);
    }
}

void read_reconnect(Section& section, CentralSystem& out) {
    const auto read = [](const Value& value, milliseconds& wait) {
        double length = 0;
        if (value.number(length, kSeconds)) wait = milliseconds(std::llround(length * 1000));
    };
    read(section.may("first_s"), out.reconnect_first);
    read(section.may("max_s"), out.reconnect_max);
    if (out.reconnect_max < out.reconnect_first) section.problem("max_s", "must not be below first_s");
}

}  // namespace

void read_central_system(Section& section, CentralSystem& out) {
    read_url(section.need("url"), out.url);
    section.may("ca_file").text(out.ca_file, kAnyText);
    section.may("crl_file").text(out.crl_file, kAnyText);
    section.may("certificate_key").choice(out.certificate_rsa_bits, kKeys);
    section.may("additional_root_check").flag(out.additional_root_check);
    section.may("reconnect").object([&](Section& reconnect) { read_reconnect(reconnect, out); });
}

}  // namespace busbar::config
