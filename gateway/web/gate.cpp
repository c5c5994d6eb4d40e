// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "gateway/web/contact.hpp"
#include "gateway/web/own_names.hpp"
#include "gateway/web/problem.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

constexpr std::string_view api = "/api/";
constexpr std::string_view metrics = "/metrics";
constexpr std::string_view json = "application/json";
/// A login is small; whoever is not logged in needs no more.
constexpr std::uint64_t most_of_strangers = 8 * 1024;
constexpr std::string_view security_txt_path = "/.well-known/security.txt";

using Field = std::pair<const char*, const char*>;
constexpr std::array<Field, 7> browser_rules{{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
     "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
}};

/// A day only: who goes back to a self-signed certificate must not be locked out for long.
constexpr const char* transport_security = "max-age=86400";

/// One of the router's, else a page.
bool is_route(const std::string& path) {
    return path.starts_with(api) || path == metrics;
}

bool is_safe(const std::string& method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

bool is_of_type(std::string_view content_type, std::string_view wanted) {
    const auto type = content_type.substr(0, content_type.find_first_of("; "));
    return std::equal(type.begin(), type.end(), wanted.begin(), wanted.end(),
                      [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
}

bool announces_body(const HttpRequest& request) {
    const auto length = request.field("Content-Length");
    return (!length.empty() && length != "0") || request.count("Transfer-Encoding") > 0;
}

/// A browser says where a request comes from; only our own pages and typed addresses may ask the API.
std::optional<HttpResponse> from_elsewhere(const HttpRequest& request) {
    const auto site = request.field("Sec-Fetch-Site");
    const auto origin = request.field("Origin");
    const bool same_site = site.empty() || site == "same-origin" || site == "none";
    const bool same_origin =
        request.count("Origin") == 0 || origin == fmt::format("https://{}", request.field("Host"));
    if (same_site && same_origin) return std::nullopt;
    return problem(403, "cross_site", "Another site's page asks; only this gateway's own pages may.");
}

/// Neither a form nor a script of another site can send these without asking first, and is told no.
std::optional<HttpResponse> forged(const HttpRequest& request, const std::string& body_type) {
    if (is_safe(request.method)) return std::nullopt;
    const bool by_token = request.count("Authorization") > 0;
    if (!by_token && request.field("X-Busbar") != "1") {
        return problem(403, "cross_site",
                       "A request that changes something must carry the field X-Busbar: 1.");
    }
    const bool needs_type = request.method != "DELETE" || announces_body(request);
    const auto type = request.field("Content-Type");
    if (needs_type && !is_of_type(type, json) && !is_of_type(type, body_type)) {
        return problem(415, "content_type", "The body must be JSON: Content-Type: application/json.");
    }
    return std::nullopt;
}

std::optional<HttpResponse> foreign_host(const HttpRequest& request,
                                         const std::function<bool(std::string_view)>& is_own) {
    if (request.count("Host") != 1) return problem(400, "bad_request", "A request must name one Host.");
    if (is_own(request.field("Host"))) return std::nullopt;
    return problem(421, "not_this_host",
                   "This gateway is not called so: use its address or host name, or add the name to "
                   "web.host_names.");
}

HttpResponse contact(UtcTime now) {
    HttpResponse response;
    response.content_type = "text/plain; charset=utf-8";
    response.body = security_txt(vulnerability_contact(), now);
    return response;
}

HttpResponse no_pages() {
    HttpResponse response;
    response.content_type = "text/html; charset=utf-8";
    response.body =
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Gateway</title>\n"
        "<h1>The pages are not installed</h1>\n"
        "<p>This gateway works. Its API is at <code>/api/v1</code>.</p></html>\n";
    return response;
}

std::optional<HttpResponse> admit(const GateRules& rules, HttpRequest& head, std::uint64_t& most_body) {
    if (auto refused = foreign_host(head, rules.is_own)) return refused;
    if (!is_route(head.path)) {
        most_body = most_of_strangers;
        if (head.method == "GET" || head.method == "HEAD") return std::nullopt;
        auto refused = problem(405, "method_not_allowed", head.path + " takes GET, HEAD.");
        refused.headers.emplace_back("Allow", "GET, HEAD");
        return refused;
    }
    if (auto refused = from_elsewhere(head)) return refused;
    if (auto refused = forged(head, rules.routes->body_type(head))) return refused;
    head.login = rules.identify(head);
    if (!head.login) most_body = most_of_strangers;
    return rules.routes->prepare(head, most_body);
}

HttpResponse answer(const GateRules& rules, const HttpRequest& request) {
    if (is_route(request.path)) return (*rules.routes)(request);
    if (request.path == security_txt_path && !vulnerability_contact().empty())
        return contact(rules.judged_at());
    if (rules.pages->empty() && request.path == "/") return no_pages();
    return rules.pages->answer(request);
}

void add_missing(HttpResponse& response, const char* name, const char* value) {
    const bool there = std::any_of(response.headers.begin(), response.headers.end(),
                                   [=](const auto& field) { return field.first == name; });
    if (!there) response.headers.emplace_back(name, value);
}

/// What stands in a path as it is; all else as %XX.
std::string encoded(const std::string& path) {
    constexpr std::string_view plain = "/-._~!$&'()*+,;=:@";
    std::string text;
    for (const char c : path) {
        const bool stays =
            std::isalnum(static_cast<unsigned char>(c)) != 0 || plain.find(c) != std::string_view::npos;
        text += stays ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return text;
}

std::string bracketed(const std::string& host) {
    return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

}  // namespace

HttpService network_service(GateRules given, Log log) {
    const auto rules = std::make_shared<const GateRules>(std::move(given));
    HttpService service;
    service.admit = [rules](HttpRequest& head, std::uint64_t& most_body) {
        return admit(*rules, head, most_body);
    };
    service.answer = [rules](const HttpRequest& request) { return answer(*rules, request); };
    service.finish = [rules](HttpResponse& response) {
        for (const auto& [name, value] : browser_rules) response.headers.emplace_back(name, value);
        add_missing(response, "Cache-Control", "no-store");
        if (rules->trusted_certificate()) {
            response.headers.emplace_back("Strict-Transport-Security", transport_security);
        }
        if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    };
    service.log = std::move(log);
    return service;
}

HttpService redirect_service(std::function<bool(std::string_view)> is_own, int https_port, Log log) {
    HttpService service;
    service.most_body = 0;
    service.admit = [is_own = std::move(is_own), https_port](HttpRequest& head, std::uint64_t&) {
        if (auto refused = foreign_host(head, is_own)) return refused;
        HttpResponse response;
        response.status = 308;
        response.content_type.clear();
        const auto port = https_port == 443 ? std::string() : fmt::format(":{}", https_port);
        const auto query = head.query.empty() ? std::string() : '?' + head.query;
        response.headers.emplace_back(
            "Location", fmt::format("https://{}{}{}{}", bracketed(host_of(head.field("Host"))), port,
                                    encoded(head.path), query));
        return std::optional(response);
    };
    service.answer = [](const HttpRequest&) { return HttpResponse{}; };
    service.finish = [](HttpResponse& response) {
        for (const auto& [name, value] : browser_rules) response.headers.emplace_back(name, value);
    };
    service.log = std::move(log);
    return service;
}

}  // namespace busbar::gateway
