// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/certificate_routes.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/json_body.hpp"
#include "gateway/web/problem.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

HttpResponse show(const CertificateStore& store) {
    const auto& facts = store.facts();
    if (facts.sha256.empty()) {
        return problem(404, "web_off", "There are no pages: the configuration has no section web.");
    }
    return json_response({{"subject", facts.subject},
                          {"issuer", facts.issuer},
                          {"names", facts.names},
                          {"not_before", ocpp::to_iso8601(facts.not_before)},
                          {"not_after", ocpp::to_iso8601(facts.not_after)},
                          {"sha256", facts.sha256},
                          {"self_signed", facts.self_signed}});
}

HttpResponse put(CertificateStore& store, const HttpRequest& request,
                 const std::function<void(const HttpRequest&, const std::string&)>& note) {
    const auto body = json_object(request.body);
    if (!body || !body->contains("certificate") || !body->contains("key")) {
        return problem(400, "bad_request",
                       R"(The body must be {"certificate": PEM, "key": PEM}, or both null.)");
    }
    const auto certificate = text_member(*body, "certificate");
    const auto key = text_member(*body, "key");
    const bool back = body->at("certificate").is_null() && body->at("key").is_null();
    if (!back && (!certificate || !key)) {
        return problem(422, "bad_certificate", "Certificate and key are PEM texts, or both are null.");
    }
    const auto used = back ? store.forget() : store.bring(*certificate, Secret(*key));
    if (!used) {
        const bool invalid = used.error().code == Errc::invalid;
        return problem(invalid ? 422 : 500, invalid ? "bad_certificate" : "io", used.error().detail);
    }
    note(request, store.facts().sha256);
    return show(store);
}

}  // namespace

std::vector<Route> certificate_routes(
    CertificateStore& store, std::function<void(const HttpRequest&, const std::string& detail)> note) {
    return {
        {"GET", "/api/v1/certificate", at_least(Role::viewer),
         [&store](const HttpRequest&) { return show(store); }},
        {"PUT", "/api/v1/certificate", at_least(Role::installer),
         [&store, note = std::move(note)](const HttpRequest& request) { return put(store, request, note); }}};
}

}  // namespace busbar::gateway
