// SPDX-License-Identifier: Apache-2.0
// What charge points show to their central system and whom they trust.
#include <memory>
#include <nlohmann/json.hpp>

#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

struct CertificateWish {
    std::string id;
    std::string certificate;  ///< file
    std::string key;          ///< file
    std::string fingerprint;
    bool manufacturer = false;
};

void add_certificate_row(Rows& rows, const std::string& id, const char* kind, const json& certificate) {
    if (!certificate.is_object()) return;
    rows.push_back({id, kind, text(at(certificate, "/subject")), text(at(certificate, "/not_after")),
                    text(at(certificate, "/fingerprint_sha256"))});
}

void add_certificate_rows(Rows& rows, const json& page) {
    const auto id = text(at(page, "/id"));
    add_certificate_row(rows, id, "client", at(page, "/client"));
    add_certificate_row(rows, id, "next client", at(page, "/next"));
    for (const auto& root : list(page, "/roots")) add_certificate_row(rows, id, "root", root);
    for (const auto& root : list(page, "/manufacturer_roots"))
        add_certificate_row(rows, id, "manufacturer", root);
}

/// Of all charge points, or of the one that was changed.
Result<std::string> certificates_report(std::string_view body) {
    const auto report = json::parse(body, nullptr, false);
    if (!report.is_object()) return unexpected();
    Rows rows{{"CHARGE POINT", "KIND", "SUBJECT", "UNTIL", "SHA-256"}};
    if (report.contains("id")) add_certificate_rows(rows, report);
    for (const auto& page : list(report, "/charge_points")) add_certificate_rows(rows, page);
    return text_table(rows);
}

std::string certificate_target(const CertificateWish& wish, const std::string& rest) {
    return "/api/v1/chargers/" + path_step(wish.id) + rest;
}

int bring_client(ApiClient& daemon, const CertificateWish& wish, bool as_json) {
    const auto certificate = text_in(wish.certificate);
    const auto key = text_in(wish.key);
    if (!certificate || !key) return refused;
    const json body{{"certificate", *certificate}, {"key", *key}};
    return tell_answer(daemon.send("PUT", certificate_target(wish, "/certificate"), body.dump()), as_json,
                       certificates_report);
}

int install_root(ApiClient& daemon, const CertificateWish& wish, bool as_json) {
    const auto certificate = text_in(wish.certificate);
    if (!certificate) return refused;
    const json body{{"certificate", *certificate},
                    {"use", wish.manufacturer ? "manufacturer" : "central_system"}};
    return tell_answer(daemon.send("POST", certificate_target(wish, "/roots"), body.dump()), as_json,
                       certificates_report);
}

int remove_root(ApiClient& daemon, const CertificateWish& wish, bool as_json) {
    const auto target = certificate_target(wish, "/roots/" + path_step(wish.fingerprint));
    return tell_answer(daemon.send("DELETE", target, ""), as_json, certificates_report);
}

}  // namespace

std::vector<ApiVerb> add_certificate_verbs(CLI::App& cli) {
    const auto wish = std::make_shared<CertificateWish>();
    auto* all = cli.add_subcommand("certificates", "What charge points show, and whom they trust");
    auto* client = all->add_subcommand("client", "Bring a client certificate with its key");
    client->add_option("ID", wish->id, "Charge point id")->required();
    client->add_option("CERTIFICATE", wish->certificate, "PEM chain, the leaf first")->required();
    client->add_option("KEY", wish->key, "PEM")->required();
    auto* root = all->add_subcommand("root", "Install a root of the central system");
    root->add_option("ID", wish->id, "Charge point id")->required();
    root->add_option("CERTIFICATE", wish->certificate, "PEM")->required();
    root->add_flag("--manufacturer", wish->manufacturer, "For those who sign firmware");
    auto* remove = all->add_subcommand("remove-root", "Take a root back");
    remove->add_option("ID", wish->id, "Charge point id")->required();
    remove->add_option("SHA256", wish->fingerprint, "As the list has it")->required();
    return {{client, [wish](ApiClient& daemon, bool json) { return bring_client(daemon, *wish, json); }},
            {root, [wish](ApiClient& daemon, bool json) { return install_root(daemon, *wish, json); }},
            {remove, [wish](ApiClient& daemon, bool json) { return remove_root(daemon, *wish, json); }},
            {all, [](ApiClient& daemon, bool json) {
                 return tell_answer(daemon.get("/api/v1/certificates"), json, certificates_report);
             }}};
}

}  // namespace busbar::ctl
