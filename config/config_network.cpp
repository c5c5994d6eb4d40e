// SPDX-License-Identifier: Apache-2.0
// uplinks, failover and time: the ways to the central system, when to change them, and whose clock to trust.
#include <fmt/format.h>

#include <algorithm>

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

void read_texts(const Value& value, std::vector<std::string>& out, const TextRule& rule) {
    value.each([&](const Value& item) {
        std::string text;
        if (item.text(text, rule)) out.push_back(text);
    });
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
