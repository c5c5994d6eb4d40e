// SPDX-License-Identifier: Apache-2.0
// uplinks, failover and time: the ways to the central system, when to change them, and whose clock to trust.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "config/config_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr std::array<Name<UplinkKind>, 3> kUplinkKinds{
    {{"ethernet", UplinkKind::ethernet}, {"wifi", UplinkKind::wifi}, {"gsm", UplinkKind::gsm}}};
constexpr std::array<Name<bool>, 2> kRoles{{{"uplink", false}, {"local", true}}};
constexpr std::array<Name<bool>, 2> kSyncSources{{{"auto", true}, {"none", false}}};

// IFNAMSIZ of linux/if.h is 16 with its final NUL; the kernel refuses '/', ':' and blanks.
constexpr TextRule kInterface{
    "1 to 15 printable characters without blank, '/' and ':'", [](std::string_view text) {
        return is_printable(text, 1, 15) && text.find_first_of(" /:") == std::string_view::npos;
    }};

// 3GPP TS 23.003 section 9.1: labels as of a DNS name, 100 octets with the operator's part.
constexpr TextRule kApn{"1 to 100 letters, digits, '.' and '-'", [](std::string_view text) {
                            return is_printable(text, 1, 100) &&
                                   std::all_of(text.begin(), text.end(), [](unsigned char c) {
                                       return std::isalnum(c) != 0 || c == '.' || c == '-';
                                   });
                        }};
constexpr TextRule kApnLogin{"1 to 64 printable ASCII characters",
                             [](std::string_view text) { return is_printable(text, 1, 64); }};
constexpr TextRule kApnPassword{kApnLogin.must_be, kApnLogin.accepts, true};
// 3GPP TS 31.102 section 9.
constexpr TextRule kPin{"4 to 8 digits",
                        [](std::string_view text) {
                            return text.size() >= 4 && text.size() <= 8 &&
                                   text.find_first_not_of("0123456789") == std::string_view::npos;
                        },
                        true};
constexpr TextRule kProgram{"the absolute path of a program",
                            [](std::string_view text) { return text.starts_with('/'); }};

constexpr std::string_view kGsmOnly = "only gsm has a modem";

void read_texts(const Value& value, std::vector<std::string>& out, const TextRule& rule) {
    value.each([&](const Value& item) {
        std::string text;
        if (item.text(text, rule)) out.push_back(text);
    });
}

void read_secret(const Value& value, Secret& out, const TextRule& rule) {
    std::string text;
    if (value.text(text, rule)) out = Secret(text);
}

void read_pin(Section& section, Uplink& out) {
    const bool gsm = out.kind == UplinkKind::gsm;
    const Value written = section.may_if(gsm, "pin", kGsmOnly);
    const Value file = section.may_if(gsm, "pin_file", kGsmOnly);
    if (written.present() && file.present()) {
        return section.problem("pin", "stands beside pin_file: keep one of the two");
    }
    read_secret(written, out.pin, kPin);
    if (!file.present()) return;
    if (const auto text = read_secret_file(file)) {
        if (!kPin.accepts(*text)) return file.problem(fmt::format("the file must hold {}", kPin.must_be));
        out.pin = Secret(*text);
    }
}

void read_modem(Section& section, Uplink& out) {
    const bool gsm = out.kind == UplinkKind::gsm;
    section.may_if(gsm, "apn", kGsmOnly).text(out.apn, kApn);
    section.may_if(gsm, "apn_user", kGsmOnly).text(out.apn_user, kApnLogin);
    read_secret(section.may_if(gsm, "apn_password", kGsmOnly), out.apn_password, kApnPassword);
    read_pin(section, out);
    section.may_if(gsm, "modem_power", kGsmOnly).text(out.modem_power, kProgram);
}

}  // namespace

void read_uplink(Section& section, Uplink& out) {
    section.need("id").text(out.id, kId);
    section.need("interface").text(out.interface, kInterface);
    section.need("kind").choice(out.kind, kUplinkKinds);
    section.may("role").choice(out.local_only, kRoles);
    section.may("priority").integer(out.priority, {1, 1000});
    section.may("metered").flag(out.metered);
    section.may("monthly_budget_mb").integer(out.monthly_budget_mb, {1, 10'000'000});
    read_texts(section.may("dns"), out.dns, kAddress);
    read_modem(section, out);
}

void read_failover(Section& section, Failover& out) {
    section.may("failback_hold_s").integer(out.failback_hold, {0, 86'400});
    const bool has_most = section.may("failback_hold_max_s").integer(out.failback_hold_max, {0, 86'400});
    if (!has_most) out.failback_hold_max = std::max(out.failback_hold_max, out.failback_hold);
    if (out.failback_hold_max < out.failback_hold) {
        section.problem("failback_hold_max_s",
                        fmt::format("must not be below failback_hold_s ({})", out.failback_hold.count()));
    }
    read_texts(section.may("neutral_targets"), out.neutral_targets, kHostPort);
}

void read_time(Section& section, TimeSync& out) {
    section.may("sync_source").choice(out.ask_kernel, kSyncSources);
    section.may("wait_for_sync_s").integer(out.wait_for_sync, {0, 3600});
}

}  // namespace busbar::config
