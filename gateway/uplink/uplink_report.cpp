// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/uplink_report.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kinds{"ethernet", "wifi", "gsm"};
constexpr std::array<const char*, 3> steps{"dns", "tcp", "tls"};

Json time_json(SteadyTime at, const Now& now) {
    const auto utc = ocpp::stamp(at, now).utc;
    return utc ? Json(ocpp::to_iso8601(*utc)) : Json(nullptr);
}

Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json traffic_json(const UplinkReport& uplink) {
    Json json{{"month", or_null(uplink.traffic.month)}, {"bytes", uplink.traffic.bytes}};
    json["budget_mb"] =
        uplink.settings.monthly_budget_mb ? Json(*uplink.settings.monthly_budget_mb) : Json(nullptr);
    return json;
}

Json uplink_json(const UplinkReport& uplink, const Now& now) {
    const auto& settings = uplink.settings;
    Json json{{"id", settings.id}, {"state", uplink.state}, {"reason", uplink.reason}};
    json["since"] = time_json(uplink.since, now);
    json["name"] = uplink.name;
    json["interface"] = settings.interface;
    json["kind"] = kinds.at(static_cast<std::size_t>(settings.kind));
    json["priority"] = settings.priority;
    json["metered"] = settings.metered;
    json["addresses"] = uplink.facts.addresses;
    json["name_servers"] = settings.dns.empty() ? uplink.facts.name_servers : settings.dns;
    json["connect_ms"] = uplink.connect_time ? Json(uplink.connect_time->count()) : Json(nullptr);
    json["sessions"] = uplink.sessions;
    json["traffic"] = traffic_json(uplink);
    json["ping"] = {{"interval_s", uplink.ping_interval.count()},
                    {"bytes_a_month", uplink.ping_bytes_a_month}};
    if (settings.kind == config::UplinkKind::gsm)
        json["modem"] = uplink.modem ? modem_json(*uplink.modem) : Json(nullptr);
    return json;
}

Json layer(const char* name, const Json& passed, std::string detail) {
    return {{"layer", name}, {"passed", passed}, {"detail", std::move(detail)}};
}

/// The layers that need nobody's answer; true: the way is open to a probe.
bool add_own_layers(Json& layers, const UplinkReport& uplink) {
    const auto& facts = uplink.facts;
    const auto& name = uplink.settings.interface;
    layers.push_back(
        layer("interface", facts.present,
              facts.present ? name + " is there" : fmt::format("the kernel has no interface {}", name)));
    if (!facts.present) return false;
    std::string no_link =
        facts.hindrance.empty() ? "no carrier: check the cable or the radio" : facts.hindrance;
    layers.push_back(layer("link", facts.carrier, facts.carrier ? "it has a carrier" : std::move(no_link)));
    if (!facts.carrier) return false;
    layers.push_back(layer("address", !facts.addresses.empty(),
                           facts.addresses.empty() ? "none: check DHCP or the static address"
                                                   : fmt::format("{}", fmt::join(facts.addresses, ", "))));
    return !facts.addresses.empty();
}

std::string good_word(std::size_t step, const ProbeOutcome& outcome) {
    if (step == 1) return fmt::format("connected in {} ms", outcome.took.count());
    if (step == 2) return "the certificate is the central system's";
    return outcome.stale_address ? "no name server answers; the last good address is used"
                                 : "the central system's address is known";
}

void add_probed_layers(Json& layers, const ProbeOutcome& outcome) {
    const auto last = static_cast<std::size_t>(outcome.step);
    for (std::size_t step = 0; step <= last; ++step) {
        const bool passed = step < last || outcome.passed();
        layers.push_back(
            layer(steps.at(step), passed, passed ? good_word(step, outcome) : outcome.failure->detail));
    }
    if (outcome.neutral_answers) {
        layers.push_back(layer("neutral", *outcome.neutral_answers,
                               *outcome.neutral_answers
                                   ? "a neutral target answers: the central system is down"
                                   : "no neutral target answers"));
    }
}

std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Json uplinks_json(const UplinksReport& report, const Now& now) {
    Json json{{"active", or_null(report.active)}, {"preferred", or_null(report.preferred)}};
    json["reason"] = report.reason;
    json["since"] = report.active.empty() ? Json(nullptr) : time_json(report.since, now);
    json["server_down"] = report.server_down;
    json["next_choice"] = report.next_choice ? time_json(*report.next_choice, now) : Json(nullptr);
    json["uplinks"] = Json::array();
    for (const auto& uplink : report.uplinks) json["uplinks"].push_back(uplink_json(uplink, now));
    json["switches"] = Json::array();
    for (const auto& one : report.switches)
        json["switches"].push_back({{"t", or_null(one.t)}, {"to", one.to}, {"reason", one.reason}});
    return json;
}

std::string uplink_test_json(const UplinkReport& uplink, const std::optional<ProbeOutcome>& outcome) {
    Json json{{"id", uplink.settings.id}, {"passed", outcome && outcome->passed()}};
    json["layers"] = Json::array();
    const bool is_open = add_own_layers(json["layers"], uplink);
    if (is_open && outcome) add_probed_layers(json["layers"], *outcome);
    json["intercepted"] = outcome && outcome->intercepted;
    json["portal"] = outcome ? or_null(outcome->portal) : Json(nullptr);
    return text_of(json);
}

}  // namespace busbar::gateway
