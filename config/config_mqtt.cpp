// SPDX-License-Identifier: Apache-2.0
// mqtt: the broker that is told of the chargers, and whether it may steer them.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "config/config_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr int kPlainPort = 1883;

bool is_word(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; });
}

// It is a step of every topic, and of those by which Home Assistant discovers.
constexpr TextRule kClientId{"1 to 64 letters, digits, '_' and '-'", [](std::string_view text) {
                                 return !text.empty() && text.size() <= 64 && is_word(text);
                             }};
/// Steps of a topic that nothing has to be escaped in: no wildcard, no empty step, no '$' of the broker's.
constexpr TextRule kPrefix{
    "at most 64 letters, digits, '_' and '-', steps separated by '/'", [](std::string_view text) {
        std::string steps(text);
        std::replace(steps.begin(), steps.end(), '/', '_');
        return !text.empty() && text.size() <= 64 && is_word(steps) && text.front() != '/' &&
               text.back() != '/' && text.find("//") == std::string_view::npos;
    }};
constexpr TextRule kUser{"1 to 128 printable ASCII characters",
                         [](std::string_view text) { return is_printable(text, 1, 128); }};
constexpr TextRule kPassword{
    "1 to 128 characters, none a control character",
    [](std::string_view text) {
        const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; };
        return !text.empty() && characters(text) <= 128 && std::none_of(text.begin(), text.end(), is_control);
    },
    true};

void read_password(Section& section, Mqtt& out) {
    const Value written = section.may("password");
    const Value file = section.may("password_file");
    if (written.present() && file.present())
        return section.problem("password", "stands beside password_file: keep one of the two");
    if ((written.present() || file.present()) && !section.has("user"))
        section.problem("user", "is missing: MQTT 3.1.1 has no password without a user");
    std::string password;
    if (written.text(password, kPassword)) out.password = Secret(password);
    if (!file.present()) return;
    if (const auto text = read_secret_file(file)) {
        if (!kPassword.accepts(*text))
            return file.problem(fmt::format("the file must hold {}", kPassword.must_be));
        out.password = Secret(*text);
    }
}

}  // namespace

void read_mqtt(Section& section, Mqtt& out) {
    section.need("host").text(out.host, kHost);
    section.may("tls").flag(out.tls);
    if (!out.tls) out.port = kPlainPort;
    section.may("port").integer(out.port, {1, 65535});
    section.may_if(out.tls, "ca_file", "only tls needs it").text(out.ca_file, kAnyText);
    section.may("user").text(out.user, kUser);
    read_password(section, out);
    section.may("client_id").text(out.client_id, kClientId);
    section.may("prefix").text(out.prefix, kPrefix);
    section.may("discovery_prefix").text(out.discovery_prefix, kPrefix);
    section.may("allow_control").flag(out.allow_control);
}

}  // namespace busbar::config
