// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/auth/password_again.hpp"
#include "gateway/web/json_body.hpp"
#include "gateway/web/own_names.hpp"
#include "gateway/web/problem.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

constexpr seconds booting_at_most{60};

}  // namespace

Box::Box(Ports ports)
    : ports_(std::move(ports)),
      modem_timer_(ports_.loop),
      factory_reset_(
          {ports_.loop, ports_.state_dir, ports_.site, ports_.update_is_running, ports_.end, ports_.log}),
      set_up_({ports_.loop, [this] { return ports_.uplinks.setup(); }, [this] { return set_up_interface(); },
               [this] { return access_point(); }, ports_.log}),
      support_({ports_.loop, ports_.state_dir + "/support", ports_.now, [this] { return https_port(); },
                [this] { note_box("support_off"); }, ports_.log}),
      panel_({ports_.loop, [this] { return facts(); }, [this] { set_up_.toggle(); },
              [this] {
                  note_box("factory_reset_asked");
                  if (const auto begun = factory_reset_.begin(); !begun)
                      ports_.log.error("factory_reset_refused", begun.error().detail);
              },
              [this](bool open) {
                  if (ports_.tamper) ports_.tamper(open);
              },
              ports_.log}) {}

void Box::apply(const GatewaySettings& settings) {
    support_.apply(settings.box.support);
    panel_.apply(settings.hardware);
    const bool same_modem = hardware_.modem_power == settings.hardware.modem_power;
    hardware_ = settings.hardware;
    if (same_modem) return;  // a line that is let go for a moment may be a modem without power
    modem_timer_.cancel();
    modem_pin_.reset();
    if (!hardware_.modem_power || !hardware_.modem_power->pin) return;
    auto opened = open_pin(*hardware_.modem_power->pin, PinUse::output_on);
    if (!opened) return ports_.log.warning("pin_failed", opened.error().detail, {{"pin", "modem_power"}});
    modem_pin_ = *std::move(opened);
}

void Box::stop() {
    panel_.stop();
    support_.stop();
    modem_timer_.cancel();
}

PowerCycle Box::modem_power() {
    if (!hardware_.modem_power || !hardware_.modem_power->pin) return {};
    return [this](const auto& done) { cycle_modem_power(done); };
}

/// Error: the pin cannot be driven.
void Box::cycle_modem_power(const std::function<void(const Result<void>&)>& done) {
    const auto finish = [this, done](const Result<void>& result) {
        boost::asio::post(ports_.loop, [done, result] { done(result); });
    };
    if (!modem_pin_) return finish(Error{Errc::unsupported, "the hardware profile's pin cannot be driven"});
    if (const auto off = modem_pin_->write(false); !off) return finish(off.error());
    modem_timer_.expires_after(hardware_.modem_power->off);
    modem_timer_.async_wait([this, finish](const boost::system::error_code&) {
        // Also when it was cancelled: a modem without power is of no use to anybody.
        if (modem_pin_) finish(modem_pin_->write(true));
    });
}

std::vector<Route> Box::routes() {
    return {{"POST", "/api/v1/factory-reset", at_least(Role::operator_),
             [this](const HttpRequest& request) {
                 return with_password_again(ports_.web.accounts(), request,
                                            [this](const HttpRequest& asked) { return reset(asked); });
             }},
            {"GET", "/api/v1/label", at_least(Role::installer),
             [this](const HttpRequest& request) { return show_label(request, false); }},
            {"GET", "/api/v1/label.svg", at_least(Role::installer),
             [this](const HttpRequest& request) { return show_label(request, true); }},
            {"GET", "/api/v1/support", at_least(Role::owner),
             [this](const HttpRequest&) { return show_support(); }},
            {"POST", "/api/v1/support", at_least(Role::owner),
             [this](const HttpRequest& request) { return turn_support_on(request); }},
            {"DELETE", "/api/v1/support", at_least(Role::owner),
             [this](const HttpRequest& request) { return turn_support_off(request); }}};
}

HttpResponse Box::reset(const HttpRequest& request) {
    if (const auto begun = factory_reset_.begin(); !begun) {
        const bool busy = begun.error().code == Errc::refused;
        return problem(busy ? 409 : 500, busy ? "update_running" : "io", begun.error().detail);
    }
    ports_.web.accounts().note(request, "factory_reset_asked");
    return json_response(nlohmann::json::object(), 202);
}

HttpResponse Box::show_label(const HttpRequest& request, bool as_svg) {
    const auto shown = label();
    HttpResponse response;
    if (as_svg) {
        auto svg = label_svg(shown);
        if (!svg) return problem(500, "internal", svg.error().detail);
        response.content_type = "image/svg+xml";
        response.body = *std::move(svg);
    } else {
        response.body = label_json(shown);
    }
    ports_.web.accounts().note(request, "label_shown");
    return response;
}

HttpResponse Box::show_support() const {
    const auto report = support_.report();
    const auto or_null = [](const std::string& text) {
        return text.empty() ? nlohmann::json(nullptr) : nlohmann::json(text);
    };
    return json_response(
        {{"configured", report.configured},
         {"active", report.active},
         {"until", report.until ? nlohmann::json(ocpp::to_iso8601(*report.until)) : nlohmann::json(nullptr)},
         {"host", or_null(report.host)},
         {"public_key", or_null(report.public_key)}});
}

HttpResponse Box::turn_support_on(const HttpRequest& request) {
    const auto body = json_object(request.body);
    const auto minutes = body && body->contains("minutes") ? body->at("minutes") : nlohmann::json();
    if (!minutes.is_number_integer() || minutes < 1 || minutes > RemoteSupport::longest.count())
        return problem(400, "bad_request", R"(Say {"minutes": 1 to 480}.)");
    const auto on = support_.turn_on(std::chrono::minutes(minutes.get<int>()));
    if (!on && on.error().code == Errc::io) return problem(500, "io", on.error().detail);
    if (!on) {
        const bool is_clock = on.error().code == Errc::refused;
        return problem(409, is_clock ? "clock_unknown" : "no_support", on.error().detail);
    }
    const auto report = support_.report();
    ports_.web.accounts().note(request, "support_on",
                               fmt::format("by {} for {} min", report.host, minutes.get<int>()));
    return show_support();
}

HttpResponse Box::turn_support_off(const HttpRequest& request) {
    if (support_.report().active) ports_.web.accounts().note(request, "support_off");
    support_.turn_off();
    return show_support();
}

/// Nobody asked over the API: the button, or time.
void Box::note_box(const std::string& event) {
    ports_.web.accounts().security_log().add({event, "", "box"});
}

const WifiLogin& Box::access_point() {
    if (!access_point_) {
        access_point_ = access_point_of_box(ports_.state_dir + "/access_point.json", ports_.log);
    }
    return *access_point_;
}

Label Box::label() {
    const auto own = own_names();
    Label label{own.host.empty() ? std::string("Busbar") : own.host, ""};
    if (const int port = https_port(); port != 0) {
        const auto host = own.host.substr(0, own.host.find('.'));
        label.address = "https://" + (host.empty() ? "busbar" : host) + ".local";
        if (port != 443) label.address += fmt::format(":{}", port);
        label.address += '/';
    }
    label.setup_password = ports_.web.accounts().first_password();
    if (!set_up_interface().empty()) label.access_point = access_point();
    return label;
}

LedFacts Box::facts() const {
    auto facts = facts_of(ports_.site.charge_points());
    facts.resetting = factory_reset_.under_way();
    facts.set_up = set_up_.is_open();
    facts.updating = ports_.update_is_running();
    facts.booting = facts.connected < facts.charge_points && steady_now() - started_ < booting_at_most;
    return facts;
}

std::string Box::set_up_interface() const {
    if (!hardware_.access_point.empty()) return hardware_.access_point;
    const auto network = ports_.uplinks.network();
    const auto wifi = std::find_if(network.begin(), network.end(),
                                   [](const auto& one) { return one.kind == config::UplinkKind::wifi; });
    return wifi == network.end() ? "" : wifi->interface;
}

int Box::https_port() const {
    const auto web = ports_.web.report();
    return web ? web->https_port : 0;
}

}  // namespace busbar::gateway
