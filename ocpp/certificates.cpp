// SPDX-License-Identifier: Apache-2.0
#include "ocpp/certificates.hpp"

#include <algorithm>

#include "ocpp/frame.hpp"
#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

template <class Conf>
std::string text_of(const Conf& conf) {
    return to_text(encode(conf));
}

GetInstalledCertificateIdsConf installed(const std::vector<CertificateHashData>& list) {
    if (list.empty()) return {std::nullopt, GetInstalledCertificateStatus::NotFound};
    return {list, GetInstalledCertificateStatus::Accepted};
}

}  // namespace

void Certificates::ask(CertificateQuestion question) {
    asked_.insert(context_.cause.message_id);
    context_.effects.emplace_back(AskCertificates{context_.cause.message_id, std::move(question)});
}

/// One request at a time: a second trigger is served by the one under way.
void Certificates::request_signature(bool triggered) {
    triggered_ = triggered_ || triggered;
    if (std::exchange(making_, true)) return;
    context_.effects.emplace_back(
        AskCertificates{"", MakeSigningRequest{context_.configuration.text(Key::CpoName)}});
}

void Certificates::on_request_made(const SigningRequestMade& made) {
    making_ = false;
    const bool triggered = std::exchange(triggered_, false);
    if (!made.csr) {
        context_.note(LogLevel::error, "signing_request_failed",
                      "No request for a certificate could be made: " + made.csr.error().detail);
        return;
    }
    if (!context_.registration.connected()) return;
    context_.calls.push({context_.new_message_id(), "SignCertificate", text_of(SignCertificateReq{*made.csr}),
                         triggered, 0, 0});
}

std::optional<std::string> Certificates::on_answer(const std::string& call, const CertificateAnswer& answer,
                                                   const Now&) {
    if (const auto* made = std::get_if<SigningRequestMade>(&answer)) {
        on_request_made(*made);
        return std::nullopt;
    }
    const bool awaited = asked_.erase(call) > 0;
    std::string conf;
    if (const auto* verdict = std::get_if<CertificateSignedVerdict>(&answer)) {
        const bool good = verdict->status == CertificateSignedStatus::Accepted;
        if (!good) context_.raise_event(SecurityEventType::InvalidChargePointCertificate, verdict->why);
        if (good) use_newest();
        conf = text_of(CertificateSignedConf{verdict->status});
    } else if (const auto* install = std::get_if<InstallVerdict>(&answer)) {
        if (install->bad_root)
            context_.raise_event(SecurityEventType::InvalidCentralSystemCertificate, install->why);
        conf = text_of(InstallCertificateConf{install->status});
    } else if (const auto* deleted = std::get_if<DeleteCertificateStatus>(&answer)) {
        conf = text_of(DeleteCertificateConf{*deleted});
    } else {
        conf = text_of(installed(std::get<std::vector<CertificateHashData>>(answer)));
    }
    return awaited ? std::optional(conf) : std::nullopt;
}

void Certificates::use_newest() {
    if (!link_.waiting_from) profiles_.use(profiles_.wanted() == SecurityProfiles::client_certificate);
}

void Certificates::on_sign_result(const CallResult& result) {
    const auto conf = decode<SignCertificateConf>(result.payload);
    if (conf && conf->status == GenericStatus::Accepted) return;
    context_.note(LogLevel::warning, "certificate_not_signed",
                  "The central system refuses to have a certificate signed.");
}

void Certificates::on_link(const LinkSecurity& link) {
    const auto expiry = [](const LinkSecurity& one) {
        return one.client ? std::optional(one.client->not_after) : std::nullopt;
    };
    if (expiry(link) != expiry(link_)) {
        pause_ = first_pause;
        not_before_.reset();
    }
    link_ = link;
}

UtcTime Certificates::renewal_of(const LinkSecurity::Client& client) {
    const UtcTime::duration tenth = (client.not_after - client.not_before) / part_of_life;
    return client.not_after - std::min<UtcTime::duration>(longest_notice, tenth);
}

void Certificates::settle(const Now& now) {
    deadline_.reset();
    if (!now.utc) return;
    change_over(now);
    renew(now);
}

void Certificates::change_over(const Now& now) {
    if (!link_.waiting_from) return;
    if (*now.utc < *link_.waiting_from) {
        deadline_ =
            now.steady + std::min<SteadyTime::duration>(*link_.waiting_from - *now.utc, longest_pause);
        return;
    }
    link_.waiting_from.reset();
    profiles_.use(profiles_.wanted() == SecurityProfiles::client_certificate);
}

void Certificates::renew(const Now& now) {
    if (!link_.client || link_.waiting_from || making_) return;
    const UtcTime due = renewal_of(*link_.client);
    SteadyTime at = now.steady + std::min<SteadyTime::duration>(due - *now.utc, longest_pause);
    if (not_before_) at = std::max(at, *not_before_);
    if (at > now.steady) {
        deadline_ = deadline_ ? std::min(*deadline_, at) : at;
        return;
    }
    if (!context_.online()) return;
    not_before_ = now.steady + pause_;
    deadline_ = not_before_;
    pause_ = std::min(pause_ * 2, longest_pause);
    context_.note(LogLevel::info, "certificate_renewal",
                  "The certificate of the charge point ends soon: a new one is asked for.");
    request_signature(false);
}

}  // namespace busbar::ocpp
