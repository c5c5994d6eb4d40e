// SPDX-License-Identifier: Apache-2.0
#include "gateway/app.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <utility>

#include "gateway/box/box.hpp"
#include "gateway/clock.hpp"
#include "gateway/field_work.hpp"
#include "gateway/mqtt/mqtt.hpp"
#include "gateway/news.hpp"
#include "gateway/service_manager.hpp"
#include "gateway/site.hpp"
#include "gateway/time_questions.hpp"
#include "gateway/transfer/transfer_desk.hpp"
#include "gateway/update_desk.hpp"
#include "gateway/uplink/network_routes.hpp"
#include "gateway/uplink/uplink_routes.hpp"
#include "gateway/uplink/uplinks.hpp"
#include "gateway/web/api/api.hpp"
#include "gateway/web/api/whole_trace.hpp"
#include "gateway/web/metrics/metrics_route.hpp"
#include "gateway/web/router.hpp"
#include "gateway/web/server.hpp"
#include "gateway/web/web.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;

/// Where the helper that may set the system's clock listens (busbar-set-clock).
constexpr const char* set_clock_socket = "/run/busbar/set-clock.sock";

Result<TlsClient> make_tls(const config::CentralSystem& central, const Clock& clock) {
    return TlsClient::make(
        central.ca_file, [&clock] { return clock.verification_time(); }, central.crl_file);
}

class RunningApp final : public App {
  public:
    RunningApp(asio::io_context& loop, AppFiles files, GatewaySettings settings, std::unique_ptr<Clock> clock,
               std::unique_ptr<Store> store, TlsClient tls, std::shared_ptr<LogRing> lines, Log log)
        : loop_(loop),
          files_(std::move(files)),
          settings_(std::move(settings)),
          lines_(std::move(lines)),
          log_(std::move(log)),
          clock_(std::move(clock)),
          store_(std::move(store)),
          tls_(std::move(tls)),
          time_questions_(loop, *clock_, tls_),
          dialer_(loop, settings_.config.central_system.reconnect_first,
                  settings_.config.central_system.reconnect_max),
          turn_(
              *store_, [this](auto end) { asio::post(loop_, std::move(end)); },
              [this](milliseconds wait, auto retry) { retry_later(wait, std::move(retry)); },
              random_fraction(), log_),
          sessions_(files_.state.sessions(), log_),
          key_maker_(loop),
          store_timer_(loop),
          signals_(loop, SIGTERM, SIGINT, SIGHUP),
          uplinks_({loop,
                    tls_,
                    dialer_,
                    files_.state,
                    {[this] { return site_.sessions().look(); },
                     [this](Move how, const auto& which) {
                         site_.sessions().move(how, which);
                         asio::post(loop_, [this] { transfers_.on_moved(); });
                     }},
                    [this] { return clock_->now(); },
                    log_,
                    [this](UtcTime utc) { clock_->offer(utc, TimeSource::network); },
                    [this] { return box_.modem_power(); }}),
          site_(surroundings(), bus_tap()),
          field_work_(loop_.get_executor(), site_, bus_tap(), log_),
          web_({loop_, files_.state.web(), [this] { return clock_->now(); },
                [this] { return clock_->verification_time(); }, log_}),
          news_(loop, web_.events(),
                {[this] { return status(Tags::masked); }, [this] { return charge_points_to_compare(); },
                 [this] { return trace_.last(); }, [this] { return lines_->last(); }}),
          mqtt_({loop, [this] { return clock_->verification_time(); },
                 [this] { return site_.charge_points(); },
                 [this](const LocalWish& wish) {
                     if (auto* unit = site_.find_unit(wish.charge_point); unit != nullptr)
                         unit->set_local_limit(wish.connector, wish.limit);
                 },
                 log_}),
          update_({loop_,
                   files_.state.update(),
                   {files_.update_root},
                   [this] { return clock_->now(); },
                   [this] { return site_.charge_points(); },
                   log_}),
          api_(api_ports()),
          transfers_(transfer_ports()),
          box_({loop_, files_.state.path, site_, web_, uplinks_, [this] { return clock_->now(); },
                [this] { return update_.is_running(); }, [this] { stop(); }, log_,
                [this](bool open) { tell_of_tampering(open); }}),
          service_manager_(loop,
                           {[this](SteadyTime now) { return site_.ask_threads(now); },
                            [this] { return status_line(site_.charge_points()); }},
                           log_) {
        field_work_.know(settings_.shelf);
    }

    Result<void> start() {
        const auto router = std::make_shared<const Router>(routes());
        auto server =
            ControlServer::listen(loop_.get_executor(), files_.state.control_socket(), router, log_);
        if (!server) return server.error();
        server_ = std::move(*server);
        web_.serve(router);
        box_.apply(settings_);
        uplinks_.apply(settings_.config);
        site_.apply(settings_);
        web_.apply(settings_.config.web);
        mqtt_.apply(settings_.config.mqtt);
        update_.start();
        transfers_.start();
        news_.start();
        for (const auto& text : commissioning_warnings(settings_)) log_.warning("commissioning", text);
        dialer_.hold(Hold::clock, clock_->should_wait());
        clock_->start([this] {
            dialer_.hold(Hold::clock, clock_->should_wait());
            dialer_.hurry();
        });
        wait_for_signal();
        service_manager_.ready();
        log_.info("started", "busbard " BUSBAR_VERSION " runs.",
                  {{"charge_points", std::to_string(settings_.config.chargers.size())},
                   {"buses", std::to_string(settings_.config.buses.size())}});
        return {};
    }

  private:
    [[nodiscard]] std::vector<std::string> warnings() const {
        auto texts = commissioning_warnings(settings_);
        for (auto& text : store_->warnings()) texts.push_back(std::move(text));
        for (auto& text : tls_.warnings()) texts.push_back(std::move(text));
        if (auto text = clock_->complaint(); !text.empty()) texts.push_back(std::move(text));
        return texts;
    }

    UnitSurroundings surroundings() {
        return {{loop_, settings_.config.central_system.url, tls_, dialer_,
                 [this]() -> const Path& { return uplinks_.path(); }, log_,
                 [this](const TraceEvent& event) { trace_.add(event); },
                 [this](const std::string& uplink) { uplinks_.on_doubt(uplink); },
                 [this] { time_questions_.ask(uplinks_.path(), settings_.config.central_system.url); }},
                *store_,
                turn_,
                [this] { return clock_->now(); },
                [this](UtcTime utc) { clock_->offer(utc, TimeSource::ocpp); },
                machine_boot_id(),
                [this] { return uplinks_.sim(); },
                [this] { news_.on_change(); },
                [this](const std::string& charge_point, const ocpp::TransactionEnded& ended) {
                    sessions_.add(charge_point, session_row(ended));
                },
                &key_maker_,
                files_.state.certificates(),
                [this] { return clock_->verification_time(); },
                [this](const std::string& charge_point, const ocpp::SecurityEvent& event) {
                    web_.accounts().security_log().add(
                        {std::string(ocpp::name_of(event.type)), "", charge_point, event.tech_info});
                },
                [this](const std::string& charge_point, const ocpp::Transfer& what, auto done) {
                    transfers_.carry_out(charge_point, what, std::move(done));
                }};
    }

    TransferDesk::Ports transfer_ports() {
        return {
            loop_,
            files_.state.transfers(),
            [this]() -> const config::Config& { return settings_.config; },
            *clock_,
            uplinks_,
            site_,
            update_,
            [this](const TimeSpan& span) { return api_.support_bundle(span.from, span.to); },
            [this](const TimeSpan& span) { return web_.accounts().security_log().lines(span.from, span.to); },
            log_};
    }

    /// The housing is that of every charge point.
    void tell_of_tampering(bool open) {
        const std::string what = open ? "The housing was opened." : "The housing was closed.";
        for (const auto& charger : settings_.config.chargers) {
            if (auto* unit = site_.find_unit(charger.id); unit != nullptr)
                unit->on_security_event({ocpp::SecurityEventType::TamperDetectionActivated, what});
        }
    }

    TraceTap bus_tap() {
        return [this](const TraceEvent& event) { asio::post(loop_, [this, event] { trace_.add(event); }); };
    }

    std::vector<Route> routes() {
        auto routes = field_work_.routes();
        const auto add = [&](std::vector<Route> more) {
            for (auto& route : more) routes.push_back(std::move(route));
        };
        add(own_routes());
        add(uplink_routes(uplinks_, [this] { return clock_->now(); }));
        add(network_routes(uplinks_));
        add(web_.routes());
        add(api_.routes());
        add(box_.routes());
        add(metrics_routes([this] { return settings_.config.web && settings_.config.web->metrics; },
                           [this] {
                               return MetricsFacts{report(), process_facts(), web_.figures()};
                           }));
        return routes;
    }

    GatewayReport report() {
        return {clock_->now(),     {clock_->source(), clock_->floor()},
                started_,          site_.charge_points(),
                site_.buses(),     warnings(),
                uplinks_.report(), web_.report(),
                mqtt_.report(),    box_.support_until()};
    }
    std::string status(Tags tags) { return to_json(report(), tags); }

    /// Seen from one moment for good: times that stay the same must not differ by a millisecond.
    std::string charge_points_to_compare() {
        if (!compared_from_ || !compared_from_->utc) compared_from_ = clock_->now();
        return charge_points_json(site_.charge_points(), *compared_from_, Tags::whole);
    }

    std::vector<Route> own_routes() {
        return {{"GET", "/api/v1/status", at_least(Role::viewer),
                 [this](const HttpRequest& request) {
                     HttpResponse response;
                     response.body = status(tags_for(request));
                     return response;
                 }},
                trace_route(
                    trace_, [this]() -> const GatewaySettings& { return settings_; },
                    [this] { return clock_->now(); })};
    }

    void retry_later(milliseconds wait, std::function<void()> retry) {
        store_timer_.expires_after(wait);
        store_timer_.async_wait([this, retry = std::move(retry)](const boost::system::error_code& error) {
            if (error) return;
            retry();
            sessions_.keep();
        });
    }

    void wait_for_signal() {
        signals_.async_wait([this](const boost::system::error_code& error, int signal) {
            if (error) return;
            if (signal != SIGHUP) return stop();
            reload();
            wait_for_signal();
        });
    }

    void reload() {
        auto fresh = load_settings(files_.config);
        if (!fresh.ok()) {
            return log_.error("reload_refused", "The configuration has problems and is not taken: " +
                                                    config::to_text(files_.config, fresh.problems));
        }
        if (const auto taken = take(std::move(fresh.value)); !taken)
            log_.error("reload_refused", taken.error().detail);
    }

    /// `save`, where there is one, comes last of all that can fail. Error: nothing has changed.
    Result<void> take(GatewaySettings fresh, const std::function<Result<void>()>& save = {}) {
        const auto& central = fresh.config.central_system;
        const bool elsewhere = central != settings_.config.central_system;
        std::optional<TlsClient> tls;
        if (elsewhere) {
            auto made = make_tls(central, *clock_);
            if (!made) return made.error();
            tls = std::move(*made);
        }
        if (save) {
            if (const auto saved = save(); !saved) return saved.error();
        }
        if (elsewhere) {
            site_.forget_charge_points();  // their links hang on the old one
            tls_ = std::move(*tls);
        }
        settings_ = std::move(fresh);
        clock_->set(settings_.config.time);
        box_.apply(settings_);
        uplinks_.apply(settings_.config);
        field_work_.release(settings_.config.buses);
        site_.apply(settings_);
        // The request for it may be under way over the network: its answer leaves first.
        asio::post(loop_, [this] { web_.apply(settings_.config.web); });
        mqtt_.apply(settings_.config.mqtt);
        field_work_.know(settings_.shelf);
        web_.events().publish("configuration", "{}");
        log_.info("reloaded", "The configuration was read again and is in force.");
        return {};
    }

    ApiPorts api_ports() {
        return {{files_.config, lies_below(files_.config, files_.state.path),
                 [this]() -> const GatewaySettings& { return settings_; },
                 [this](GatewaySettings fresh, const std::function<Result<void>()>& save) {
                     return take(std::move(fresh), save);
                 }},
                site_,
                trace_,
                sessions_,
                *lines_,
                files_.state,
                [this] { return clock_->now(); },
                [this] { return status(Tags::masked); },
                {loop_, tls_, [this] { return uplinks_.path(); },
                 [this]() -> const config::Url& { return settings_.config.central_system.url; },
                 [this] { return clock_->now(); }, [this] { return clock_->source(); },
                 [this] { return uplinks_.report(); }, [this] { return !settings_.config.uplinks.empty(); },
                 [this] { dialer_.hurry(); }},
                update_,
                [this](const std::string& topic, const std::string& data) {
                    web_.events().publish(topic, data);
                }};
    }

    /// Last of all the commit of what the charge points saved on stopping.
    void stop() {
        log_.info("stopping", "busbard ends; limits and transactions stay as they are.");
        service_manager_.stopping();
        server_.reset();
        web_.stop();
        news_.stop();
        mqtt_.stop();
        box_.stop();
        clock_->stop();
        uplinks_.stop();
        site_.stop([this] {
            if (const auto saved = store_->commit(); !saved) log_.error("store_failed", saved.error().detail);
            asio::post(loop_, [this] { loop_.stop(); });
        });
    }

    asio::io_context& loop_;
    AppFiles files_;
    GatewaySettings settings_;
    std::shared_ptr<LogRing> lines_;
    Log log_;
    std::unique_ptr<Clock> clock_;
    std::unique_ptr<Store> store_;
    TlsClient tls_;
    TimeQuestions time_questions_;
    Dialer dialer_;
    Turn turn_;
    SessionBook sessions_;
    KeyMaker key_maker_;
    asio::steady_timer store_timer_;
    asio::signal_set signals_;
    TraceRing trace_;
    SteadyTime started_ = steady_now();
    std::unique_ptr<ControlServer> server_;
    Uplinks uplinks_;
    Site site_;
    FieldWork field_work_;
    Web web_;
    std::optional<Now> compared_from_;
    News news_;
    Mqtt mqtt_;
    UpdateDesk update_;
    Api api_;
    TransferDesk transfers_;
    Box box_;
    ServiceManager service_manager_;
};

}  // namespace

Result<std::unique_ptr<App>> App::make(asio::io_context& loop, AppFiles files, GatewaySettings settings,
                                       Log log) {
    const auto lines = std::make_shared<LogRing>();
    log = LogRing::tee(log, lines, loop.get_executor());
    auto clock =
        std::make_unique<Clock>(loop, settings.config.time, files.state.clock(), set_clock_socket, log);
    auto tls = make_tls(settings.config.central_system, *clock);
    if (!tls) return Error{Errc::invalid, tls.error().detail};
    auto store = Store::open(files.state.database(), log);
    if (!store) return store.error();
    auto app = std::make_unique<RunningApp>(loop, std::move(files), std::move(settings), std::move(clock),
                                            std::move(*store), std::move(*tls), lines, std::move(log));
    if (const auto started = app->start(); !started) return started.error();
    return std::unique_ptr<App>(std::move(app));
}

}  // namespace busbar::gateway
