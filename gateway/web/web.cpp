// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/web.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "gateway/field/shipped_profiles.hpp"
#include "gateway/web/auth/session_routes.hpp"
#include "gateway/web/auth/user_routes.hpp"
#include "gateway/web/certificate_routes.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

constexpr seconds look_interval{5};
constexpr int looks_between_tries = 2;  // at a port that could not be had
constexpr int looks_between_pings = 3;

/// The configuration's word, else that of whoever built this, else beside the profiles that came with it.
std::string pages_dir(const std::string& configured) {
    constexpr std::string_view built_in = BUSBAR_WEB_DIR;
    if (!configured.empty()) return configured;
    if (!built_in.empty()) return std::string(built_in);
    return (std::filesystem::path(shipped_profile_dirs().front()).parent_path() / "www").string();
}

HttpResponse healthy() {
    HttpResponse response;
    response.body = R"({"status":"ok"})";
    return response;
}

}  // namespace

Web::Web(Surroundings around)
    : around_(std::move(around)),
      sockets_(PassedSockets::take(around_.log)),
      timer_(around_.loop),
      accounts_({around_.loop.get_executor(), around_.dir, around_.now, around_.judged_at, around_.log}),
      certificates_(around_.dir, around_.judged_at, around_.log),
      events_([this](const Login& login) { return accounts_.still(login); }) {
    events_.add_topic("status", Role::viewer, EventStream::Keeps::newest);
    events_.add_topic("trace", Role::owner, EventStream::Keeps::newest);
    events_.add_topic("logs", Role::installer, EventStream::Keeps::newest);
    events_.add_topic("configuration", Role::installer, EventStream::Keeps::all);
    events_.add_topic("jobs", Role::owner, EventStream::Keeps::all);
}

std::vector<Route> Web::routes() {
    std::vector<Route> routes{
        {"GET", "/api/v1/health", open_to_all, [](const HttpRequest&) { return healthy(); }},
        {"GET", "/api/v1/events", at_least(Role::viewer),
         [this](const HttpRequest& request) { return events_.listen(request); }}};
    const auto add = [&](std::vector<Route> more) {
        for (auto& route : more) routes.push_back(std::move(route));
    };
    add(session_routes(accounts_));
    add(user_routes(accounts_));
    add(token_routes(accounts_));
    add(certificate_routes(certificates_, [this](const HttpRequest& request, const std::string& detail) {
        accounts_.note(request, "certificate_changed", detail);
    }));
    return routes;
}

void Web::apply(const std::optional<config::Web>& settings) {
    if (settings == settings_ && settings_) return;
    https_.reset();
    http_.reset();
    timer_.cancel();
    settings_ = settings;
    if (!settings_) return;
    pages_ =
        std::make_shared<const StaticFiles>(StaticFiles::load(pages_dir(settings_->ui_dir), around_.log));
    accounts_.need_first_account(settings_->initial_password_file);
    complained_ = false;
    look();
}

void Web::stop() {
    timer_.cancel();
    https_.reset();
    http_.reset();
}

/// Names change when an address comes or goes; so may the certificate.
void Web::look() {
    names_ = own_names();
    if (certificate_ready_) {
        certificates_.look(names_);
    } else if (const auto ready = certificates_.open(names_)) {
        certificate_ready_ = true;
    } else if (!std::exchange(complained_, true)) {
        around_.log.error("web_certificate_failed", ready.error().detail);
    }
    if (looks_ % looks_between_tries == 0) listen();
    events_.end_strangers();
    if (looks_ % looks_between_pings == 0) events_.ping();
    ++looks_;
    arm();
}

void Web::arm() {
    timer_.expires_after(look_interval);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) look();
    });
}

Result<std::unique_ptr<NetworkServer>> Web::open(const std::string& name, int port, HttpService service,
                                                 std::function<SslPtr()> ssl) {
    const auto shared = std::make_shared<HttpService>(std::move(service));
    const auto loop = around_.loop.get_executor();
    if (const auto passed = sockets_.copy(name))
        return NetworkServer::serve(loop, *passed, shared, std::move(ssl));
    return NetworkServer::listen(loop, {settings_->listen, port}, shared, std::move(ssl));
}

void Web::listen() {
    if (!certificate_ready_) return;
    if (!https_) {
        auto server = open("https", settings_->https_port, network_service(rules(), around_.log),
                           [this] { return certificates_.connection(); });
        if (server) {
            https_ = *std::move(server);
            around_.log.info(
                "web_listening", "The pages are there.",
                {{"port", std::to_string(https_port())}, {"sha256", certificates_.facts().sha256}});
        } else if (!std::exchange(complained_, true)) {
            around_.log.error("web_listen_failed", server.error().detail + "; tried again each 10 s.");
        }
    }
    const bool redirects = settings_->http_port > 0 || sockets_.has("http");
    if (redirects && !http_) listen_for_redirects();
}

void Web::listen_for_redirects() {
    const auto own = [this](std::string_view authority) { return is_own(authority); };
    auto server = open("http", settings_->http_port, redirect_service(own, https_port(), around_.log), {});
    if (server) {
        http_ = *std::move(server);
    } else if (!std::exchange(complained_, true)) {
        around_.log.error("web_listen_failed", server.error().detail + "; tried again each 10 s.");
    }
}

bool Web::is_own(std::string_view authority) const {
    return gateway::is_own(authority, names_, settings_->host_names);
}

GateRules Web::rules() {
    return {router_,
            pages_,
            [this](const HttpRequest& request) { return accounts_.identify(request); },
            [this](std::string_view authority) { return is_own(authority); },
            around_.judged_at,
            [this] { return certificates_.trusted(); }};
}

WebFigures Web::figures() const {
    const auto now = around_.now().steady;
    return {accounts_.sessions().all(now).size(), accounts_.throttle().slowed(now)};
}

std::optional<WebReport> Web::report() const {
    if (!settings_ || !certificate_ready_) return std::nullopt;
    return WebReport{https_ != nullptr, https_port(), certificates_.facts().sha256};
}

}  // namespace busbar::gateway
