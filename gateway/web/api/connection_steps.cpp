// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/connection_steps.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>

#include "gateway/web/api/exchange_json.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t soon_days = 21;

Json step(std::string_view name, std::string_view outcome, std::string_view code,
          Json params = Json::object()) {
    Json json{{"step", name}, {"outcome", outcome}, {"code", code}};
    if (!params.empty()) json["params"] = std::move(params);
    return json;
}

Json failed(std::string_view name, std::string_view code, Json params, const std::string& detail,
            std::string cure) {
    Json json = step(name, "fail", code, std::move(params));
    json["detail"] = detail;
    json["cure"] = std::move(cure);
    return json;
}

/// Of a failure, by its cause: which step it is one of, and its code there.
struct FailureWords {
    LinkCause cause;
    std::string_view step;
    std::string_view code;
};
constexpr FailureWords broken_off{LinkCause::closed, "tls", "tls_closed"};
constexpr std::array<FailureWords, 7> tls_words{{
    {LinkCause::tls_version, "tls", "tls_version"},
    {LinkCause::cipher, "tls", "tls_cipher"},
    {LinkCause::timeout, "tls", "tls_timeout"},
    {LinkCause::unknown_ca, "certificate", "certificate_unknown_ca"},
    {LinkCause::expired, "certificate", "certificate_expired"},
    {LinkCause::not_yet_valid, "certificate", "certificate_not_yet_valid"},
    {LinkCause::host_mismatch, "certificate", "certificate_host_mismatch"},
}};

std::string_view tcp_code(LinkCause cause) {
    if (cause == LinkCause::refused) return "tcp_refused";
    return cause == LinkCause::timeout ? "tcp_timeout" : "tcp_unreachable";
}

/// By its common name a person knows a certificate; one without it is told whole.
std::string name_text(const X509_NAME* name) {
    std::array<char, 256> text{};
    constexpr auto room = static_cast<int>(text.size());
    if (X509_NAME_get_text_by_NID(name, NID_commonName, text.data(), room) <= 0)
        X509_NAME_oneline(name, text.data(), room);
    return text.data();
}

/// "192.0.2.7" of "192.0.2.7:443", "[2001:db8::7]" of "[2001:db8::7]:443".
std::string without_port(const std::string& peer) {
    return peer.substr(0, peer.rfind(':'));
}

/// subject, issuer, not_after and days_left.
Json certificate_facts(const X509& certificate, const Now& now) {
    Json facts{{"subject", name_text(X509_get_subject_name(&certificate))},
               {"issuer", name_text(X509_get_issuer_name(&certificate))}};
    std::tm parts{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &parts) != 1) return facts;
    const UtcTime not_after{seconds(::timegm(&parts))};
    facts["not_after"] = time_json(not_after);
    if (now.utc) facts["days_left"] = std::chrono::floor<std::chrono::days>(not_after - *now.utc).count();
    return facts;
}

void add_tls(Json& steps, const TlsStream& stream, const Now& now) {
    const auto& ssl = stream.ssl();
    steps.push_back(step("tls", "pass", "tls_agreed",
                         {{"version", SSL_get_version(&ssl)}, {"cipher", SSL_get_cipher_name(&ssl)}}));
    const X509* certificate = SSL_get0_peer_certificate(&ssl);
    if (certificate == nullptr) return;
    const Json facts = certificate_facts(*certificate, now);
    const bool soon = facts.value("days_left", soon_days) < soon_days;
    steps.push_back(step("certificate", soon ? "warn" : "pass",
                         soon ? "certificate_ends_soon" : "certificate_good", facts));
}

Json tls_failure(const LinkFailure& failure, const TestSubject& subject) {
    const auto* words = std::find_if(tls_words.begin(), tls_words.end(),
                                     [&](const FailureWords& row) { return row.cause == failure.cause; });
    if (words == tls_words.end()) words = &broken_off;
    return failed(words->step, words->code, {{"host", subject.host}}, failure.detail,
                  cure(failure, subject.charge_point, subject.host));
}

}  // namespace

Json uplink_step(const UplinksReport& uplinks, bool configured) {
    if (!configured) return step("uplink", "pass", "uplink_system");
    if (!uplinks.active.empty()) return step("uplink", "pass", "uplink_active", {{"uplink", uplinks.active}});
    return failed("uplink", "uplink_none", {{"reason", uplinks.reason}}, uplinks.reason,
                  "Check cables, WiFi and SIM card of the uplinks.");
}

Json clock_step(TimeSource source) {
    const Json params{{"source", to_string(source)}};
    if (source >= TimeSource::network) return step("clock", "pass", "clock_confirmed", params);
    if (source == TimeSource::rtc) return step("clock", "warn", "clock_unconfirmed", params);
    return failed("clock", "clock_unknown", params, "Nobody has told this gateway the time.",
                  "Let it reach a time server (NTP, UDP port 123), or check its battery.");
}

Json dial_steps(const Dialled& dialled, const TestSubject& subject, const Now& now) {
    Json steps = Json::array();
    const auto& failure = dialled.failure;
    if (failure && dialled.step == DialStep::dns) {
        steps.push_back(failed("dns", "dns_failed", {{"host", subject.host}}, failure->detail,
                               cure(failure->cause, subject.charge_point, subject.host)));
        return steps;
    }
    steps.push_back(step("dns", dialled.stale_address ? "warn" : "pass",
                         dialled.stale_address ? "dns_stale" : "dns_found", {{"host", subject.host}}));
    if (failure && dialled.step == DialStep::tcp) {
        steps.push_back(failed("tcp", tcp_code(failure->cause), {{"port", subject.port}}, failure->detail,
                               cure(failure->cause, subject.charge_point, subject.host)));
        return steps;
    }
    // A stream that TLS refused is gone with its address.
    const auto address = dialled.stream ? without_port(dialled.stream->peer_address()) : subject.host;
    steps.push_back(
        step("tcp", "pass", "tcp_connected",
             {{"address", address}, {"port", subject.port}, {"ms", dialled.connected_after.count()}}));
    if (failure) steps.push_back(tls_failure(*failure, subject));
    if (dialled.stream) add_tls(steps, *dialled.stream, now);
    return steps;
}

Json live_steps(const LinkStatus& link, const std::optional<ocpp::RegistrationStatus>& registration,
                const Now& now) {
    using Status = ocpp::RegistrationStatus;
    Json steps = Json::array();
    Json facts{{"since", time_json(link.since, now)}};
    if (!link.uplink.empty()) facts["uplink"] = link.uplink;
    steps.push_back(step("upgrade", "pass", "live_session", facts));
    steps.push_back(step("subprotocol", "pass", "subprotocol_ocpp16"));
    if (!registration) return steps;
    if (*registration == Status::Accepted) steps.push_back(step("boot", "pass", "boot_accepted"));
    if (*registration == Status::Pending) steps.push_back(step("boot", "warn", "boot_pending"));
    if (*registration == Status::Rejected) {
        steps.push_back(failed("boot", "boot_rejected", Json::object(),
                               "The central system rejects this charge point.",
                               "Register it there, with exactly this charge point id."));
    }
    return steps;
}

Json failed_upgrade_steps(const LinkStatus& link, const TestSubject& subject) {
    struct Words {
        std::string_view cause;
        std::string_view code;
    };
    static constexpr std::array<Words, 4> words{{{"http_401", "http_401"},
                                                 {"http_404", "http_404"},
                                                 {"http_other", "http_other"},
                                                 {"timeout", "upgrade_timeout"}}};
    Json steps = Json::array();
    if (link.cause == to_string(LinkCause::subprotocol)) {
        steps.push_back(step("upgrade", "pass", "upgrade_done"));
        steps.push_back(failed("subprotocol", "subprotocol_missing", Json::object(), link.detail,
                               cure(LinkCause::subprotocol, subject.charge_point, subject.host)));
        return steps;
    }
    std::string_view code = "upgrade_closed";
    for (const auto& row : words) {
        if (row.cause == link.cause) code = row.code;
    }
    if (code == "http_401" && link.shown == Shown::certificate) code = "http_401_certificate";
    const auto as_cause = code.starts_with("http_401") ? LinkCause::http_401
                          : code == "http_404"         ? LinkCause::http_404
                                                       : LinkCause::http_other;
    steps.push_back(failed("upgrade", code, {{"charge_point", subject.charge_point}}, link.detail,
                           cure(as_cause, subject.charge_point, subject.host, link.shown)));
    return steps;
}

Json unanswered_boot_step() {
    return failed("boot", "boot_unanswered", Json::object(),
                  "The central system does not answer BootNotification.",
                  "Ask whoever runs the central system whether it knows this charge point.");
}

Json unanswered_upgrade_step() {
    return failed("upgrade", "upgrade_timeout", Json::object(),
                  "The charge point did not get its turn to dial.",
                  "Try again; the log says what it waits for.");
}

Json intercepted_step(const std::string& portal) {
    return failed("tls", "tls_intercepted", {{"portal", portal}},
                  "Somebody else answers in the central system's place.",
                  "Log in to the network's portal, or let its firewall pass this connection unopened.");
}

bool any_failed(const Json& steps) {
    for (const auto& one : steps) {
        if (one.at("outcome") == "fail") return true;
    }
    return false;
}

}  // namespace busbar::gateway
