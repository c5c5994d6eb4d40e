// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/charge_point_certificates.hpp"

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "gateway/web/api/action_routes.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;
using ocpp::CertificateUse;

/// The words of the API for them.
constexpr const char* link_roots = "central_system";
constexpr const char* maker_roots = "manufacturer";

Json facts_json(const x509_st& certificate) {
    const auto facts = describe(certificate);
    return {{"subject", facts.subject},
            {"issuer", facts.issuer},
            {"not_before", time_json(facts.not_before)},
            {"not_after", time_json(facts.not_after)},
            {"serial", facts.serial},
            {"fingerprint_sha256", facts.sha256}};
}

Json leaf_json(const std::shared_ptr<const ClientCertificate>& client) {
    return client ? facts_json(*client->chain.front()) : Json(nullptr);
}

Json roots_json(const Chain& roots) {
    Json list = Json::array();
    for (const auto& root : roots) list.push_back(facts_json(*root));
    return list;
}

Json page_of(const std::string& id, const CertificateBook& book) {
    return {{"id", id},
            {"client", leaf_json(book.client())},
            {"next", leaf_json(book.next())},
            {"roots", roots_json(book.roots(CertificateUse::CentralSystemRootCertificate))},
            {"manufacturer_roots", roots_json(book.roots(CertificateUse::ManufacturerRootCertificate))}};
}

HttpResponse all_pages(Site& site) {
    Json pages = Json::array();
    for (const auto& report : site.charge_points()) {
        if (const auto* unit = site.find_unit(report.id); unit != nullptr)
            pages.push_back(page_of(report.id, unit->certificates()));
    }
    return json_response({{"charge_points", std::move(pages)}});
}

std::string member_text(const Json& body, const char* name) {
    const auto found = body.find(name);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
}

HttpResponse unreadable_order(std::string_view members) {
    return problem(400, "bad_request", "The body must be " + std::string(members) + ", both texts.");
}

/// What came of a change: nothing to say against it, or the answer that does.
using Refused = std::optional<HttpResponse>;

HttpResponse after_change(ChargePointUnit& unit, const std::string& id, std::string_view done,
                          const std::function<Refused(CertificateBook&)>& change) {
    Refused refused;
    unit.change_certificates([&](CertificateBook& book) {
        refused = change(book);
        return std::string(refused ? "" : done);
    });
    return refused ? *refused : json_response(page_of(id, unit.certificates()));
}

HttpResponse bring_pair(ChargePointUnit& unit, const std::string& id, const Json& body) {
    const auto chain = member_text(body, "certificate");
    const auto key = member_text(body, "key");
    if (chain.empty() || key.empty()) return unreadable_order(R"({"certificate": PEM, "key": PEM})");
    return after_change(
        unit, id, "a client certificate was brought at the gateway", [&](CertificateBook& book) -> Refused {
            const auto brought = book.bring(chain, Secret(key));
            if (brought) return std::nullopt;
            const bool invalid = brought.error().code == Errc::invalid;
            return problem(invalid ? 422 : 500, invalid ? "bad_certificate" : "io", brought.error().detail);
        });
}

HttpResponse bring_root(ChargePointUnit& unit, const std::string& id, const Json& body) {
    const auto pem = member_text(body, "certificate");
    const auto use = member_text(body, "use");
    if (pem.empty() || (use != link_roots && use != maker_roots))
        return unreadable_order(R"({"certificate": PEM, "use": "central_system" or "manufacturer"})");
    return after_change(
        unit, id, "a root certificate was installed at the gateway", [&](CertificateBook& book) -> Refused {
            const auto verdict = book.install(use == link_roots ? CertificateUse::CentralSystemRootCertificate
                                                                : CertificateUse::ManufacturerRootCertificate,
                                              pem);
            using Status = ocpp::InstallCertificateStatus;
            if (verdict.status == Status::Accepted) return std::nullopt;
            const bool invalid = verdict.status == Status::Rejected;
            return problem(invalid ? 422 : 500, invalid ? "bad_certificate" : "io", verdict.why);
        });
}

HttpResponse forget_root(ChargePointUnit& unit, const std::string& id, const std::string& sha256) {
    return after_change(unit, id, "a root certificate was deleted at the gateway",
                        [&](CertificateBook& book) -> Refused {
                            using Status = ocpp::DeleteCertificateStatus;
                            const auto status = book.remove(sha256);
                            if (status == Status::Accepted) return std::nullopt;
                            if (status == Status::NotFound)
                                return problem(404, "no_certificate",
                                               "No root with the fingerprint " + sha256 + " is installed.");
                            return problem(409, "certificate_in_use",
                                           "The connection there is hangs on this root, or it could not be "
                                           "taken out of the file.");
                        });
}

/// A handler that is given the unit of the path and the body.
HttpHandler of_unit(Site& site,
                    std::function<HttpResponse(ChargePointUnit&, const HttpRequest&, const Json&)> answer) {
    return [&site, answer = std::move(answer)](const HttpRequest& request) {
        const auto& id = request.captured.front();
        ChargePointUnit* unit = site.find_unit(id);
        if (unit == nullptr) return no_charger(id);
        const auto body = object_in(request.body);
        if (!body) return problem(400, "bad_request", "The body must be a JSON object.");
        return answer(*unit, request, *body);
    };
}

}  // namespace

std::vector<Route> charge_point_certificate_routes(Site& site) {
    constexpr auto installer = at_least(Role::installer);
    return {
        {"GET", "/api/v1/certificates", at_least(Role::viewer),
         [&site](const HttpRequest&) { return all_pages(site); }},
        {"PUT", "/api/v1/chargers/{charger}/certificate", installer,
         of_unit(site, [](auto& unit, const auto& request,
                          const Json& body) { return bring_pair(unit, request.captured.front(), body); })},
        {"POST", "/api/v1/chargers/{charger}/roots", installer,
         of_unit(site, [](auto& unit, const auto& request,
                          const Json& body) { return bring_root(unit, request.captured.front(), body); })},
        {"DELETE", "/api/v1/chargers/{charger}/roots/{fingerprint}", installer,
         of_unit(site, [](auto& unit, const auto& request, const Json&) {
             return forget_root(unit, request.captured.front(), request.captured.at(1));
         })}};
}

}  // namespace busbar::gateway
