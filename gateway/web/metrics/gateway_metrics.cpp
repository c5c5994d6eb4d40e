// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/metrics/gateway_metrics.hpp"

#include <fmt/format.h>

#include <set>
#include <span>
#include <tuple>

#include "gateway/uplink/uplink_health.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using Value = std::optional<double>;
using enum MetricKind;

constexpr double joules_a_watt_hour = 3600;
constexpr double bytes_a_megabyte = 1e6;

/// A metric of one kind of subject. Where it has a `label`, it has one sample for each of `count` words of
/// it, and `value` is asked for each; no value, no sample.
template <class Subject>
struct Row {
    Metric metric;
    Value (*value)(const Subject& of, const Now& now, std::size_t nth);
    std::string_view label{};
    std::size_t count = 1;
    std::string_view (*word)(std::size_t nth) = nullptr;
};

struct OneConnector {
    const ChargePointReport& charge_point;
    const ocpp::ConnectorView& view;
};
struct OneUnit {
    const BusReport& bus;
    const UnitReport& unit;
};
struct OneUplink {
    const UplinksReport& all;
    const UplinkReport& uplink;
};

MetricLabels labels_of(const MetricsFacts& /*gateway*/) {
    return {};
}
MetricLabels labels_of(const ChargePointReport& of) {
    return {{"charge_point", of.id}};
}
MetricLabels labels_of(const OneConnector& of) {
    return {{"charge_point", of.charge_point.id}, {"connector", std::to_string(of.view.id)}};
}
MetricLabels labels_of(const OneUnit& of) {
    return {{"bus", of.bus.id},
            {"charge_point", of.unit.charge_point},
            {"unit_id", std::to_string(of.unit.unit_id)}};
}
MetricLabels labels_of(const OneUplink& of) {
    return {{"uplink", of.uplink.settings.id}};
}

double seconds_since(SteadyTime at, const Now& now) {
    return std::chrono::duration<double>(now.steady - at).count();
}

template <class Quantity>
Value value_of(const std::optional<Quantity>& quantity) {
    return quantity ? Value(quantity->value()) : std::nullopt;
}

template <class Number>
Value number_of(const std::optional<Number>& number) {
    return number ? Value(static_cast<double>(*number)) : std::nullopt;
}

Value seconds_of(const std::optional<std::chrono::microseconds>& time) {
    return time ? Value(std::chrono::duration<double>(*time).count()) : std::nullopt;
}

constexpr std::size_t status_count = 9;
std::string_view status_word(std::size_t nth) {
    return ocpp::name_of(static_cast<ocpp::ChargePointStatus>(nth));
}
std::string_view reason_word(std::size_t nth) {
    return limited_by_names.at(nth);
}
constexpr std::array<std::string_view, 3> phases{"L1", "L2", "L3"};
std::string_view phase_word(std::size_t nth) {
    return phases.at(nth);
}
constexpr std::array<std::string_view, 3> error_kinds{"timeout", "garbled", "exception"};
std::string_view error_word(std::size_t nth) {
    return error_kinds.at(nth);
}
constexpr std::array<std::string_view, 2> quantiles{"0.5", "0.99"};
std::string_view quantile_word(std::size_t nth) {
    return quantiles.at(nth);
}
constexpr std::size_t source_count = 6;
std::string_view source_word(std::size_t nth) {
    return to_string(static_cast<TimeSource>(nth));
}
constexpr std::size_t uplink_state_count = 9;
std::string_view uplink_state_word(std::size_t nth) {
    return to_string(static_cast<UplinkState>(nth));
}

using Facts = MetricsFacts;

constexpr std::array gateway_rows{
    Row<Facts>{{"busbar_process_resident_memory_bytes", gauge, "Memory of the process that is in RAM."},
               [](const Facts& of, const Now&, std::size_t) { return number_of(of.process.resident_bytes); }},
    Row<Facts>{{"busbar_process_open_fds", gauge, "Open file descriptors."},
               [](const Facts& of, const Now&, std::size_t) { return number_of(of.process.open_fds); }},
    Row<Facts>{{"busbar_process_max_fds", gauge, "Most file descriptors that the process may open."},
               [](const Facts& of, const Now&, std::size_t) { return number_of(of.process.max_fds); }},
    Row<Facts>{{"busbar_process_start_time_seconds", gauge,
                "Unix time of the start of the process; missing while the time is not known."},
               [](const Facts& of, const Now& now, std::size_t) -> Value {
                   const auto utc = ocpp::stamp(of.report.started, now).utc;
                   if (!utc) return std::nullopt;
                   return std::chrono::duration<double>(utc->time_since_epoch()).count();
               }},
    Row<Facts>{{"busbar_clock_trusted", gauge, "1: the time is known."},
               [](const Facts&, const Now& now, std::size_t) -> Value { return now.utc ? 1 : 0; }},
    Row<Facts>{{"busbar_clock_source", gauge, "1 for where the time is from."},
               [](const Facts& of, const Now&, std::size_t nth) -> Value {
                   return static_cast<std::size_t>(of.report.clock.source) == nth ? 1 : 0;
               },
               "source",
               source_count,
               source_word},
    Row<Facts>{{"busbar_warnings", gauge, "Warnings that the status shows, beside limits not obeyed."},
               [](const Facts& of, const Now&, std::size_t) -> Value {
                   return static_cast<double>(of.report.warnings.size());
               }},
    Row<Facts>{{"busbar_web_sessions", gauge, "Browsers that are logged in."},
               [](const Facts& of, const Now&, std::size_t) -> Value {
                   return static_cast<double>(of.web.sessions);
               }},
    Row<Facts>{{"busbar_web_throttled_clients", gauge,
                "Addresses whose failed logins within the hour make them wait before the next."},
               [](const Facts& of, const Now&, std::size_t) -> Value {
                   return static_cast<double>(of.web.throttled_clients);
               }},
    Row<Facts>{{"busbar_mqtt_connected", gauge, "1: the MQTT broker is connected; missing without one."},
               [](const Facts& of, const Now&, std::size_t) -> Value {
                   if (!of.report.mqtt) return std::nullopt;
                   return of.report.mqtt->connected ? 1 : 0;
               }},
    Row<Facts>{{"busbar_uplink_switches_total", counter, "Changes of the uplink in use."},
               [](const Facts& of, const Now&, std::size_t) -> Value {
                   if (of.report.uplinks.uplinks.empty()) return std::nullopt;
                   return static_cast<double>(of.report.uplinks.switch_count);
               }},
};

using Point = ChargePointReport;

constexpr std::array charge_point_rows{
    Row<Point>{{"busbar_link_up", gauge, "1: connected to the central system."},
               [](const Point& of, const Now&, std::size_t) -> Value {
                   return of.link.state == LinkState::connected ? 1 : 0;
               }},
    Row<Point>{{"busbar_link_state_age_seconds", gauge, "Time since the link became what it is."},
               [](const Point& of, const Now& now, std::size_t) -> Value {
                   return seconds_since(of.link.since, now);
               }},
    Row<Point>{{"busbar_registered", gauge, "1: the central system has accepted the charge point."},
               [](const Point& of, const Now&, std::size_t) -> Value {
                   return of.view.registration == ocpp::RegistrationStatus::Accepted ? 1 : 0;
               }},
    Row<Point>{
        {"busbar_queue_messages", gauge, "Saved transaction messages that wait for their answer."},
        [](const Point& of, const Now&, std::size_t) -> Value { return static_cast<double>(of.queue); }},
    Row<Point>{{"busbar_queue_oldest_age_seconds", gauge,
                "Time since what the first of them tells of; 0 without any, missing while it is not known."},
               [](const Point& of, const Now& now, std::size_t) -> Value {
                   if (of.queue == 0) return 0;
                   if (!of.queued_since) return std::nullopt;
                   return seconds_since(*of.queued_since, now);
               }},
};

constexpr std::array connector_rows{
    Row<OneConnector>{{"busbar_connector_status", gauge, "1 for its OCPP status; missing before the first."},
                      [](const OneConnector& of, const Now&, std::size_t nth) -> Value {
                          if (!of.view.status) return std::nullopt;
                          return static_cast<std::size_t>(of.view.status->status) == nth ? 1 : 0;
                      },
                      "status",
                      status_count,
                      status_word},
    Row<OneConnector>{
        {"busbar_connector_silent", gauge, "1: the charger has not answered for lost_after_s."},
        [](const OneConnector& of, const Now&, std::size_t) -> Value { return of.view.lost ? 1 : 0; }},
    Row<OneConnector>{{"busbar_connector_transaction", gauge, "1: a transaction is open."},
                      [](const OneConnector& of, const Now&, std::size_t) -> Value {
                          return of.view.transaction != nullptr ? 1 : 0;
                      }},
    Row<OneConnector>{
        {"busbar_connector_power_watts", gauge, "Power of all phases."},
        [](const OneConnector& of, const Now&, std::size_t) { return value_of(of.view.power); }},
    Row<OneConnector>{{"busbar_connector_current_amperes", gauge, "Current by phase."},
                      [](const OneConnector& of, const Now&, std::size_t nth) {
                          return value_of(of.view.currents.at(nth));
                      },
                      "phase",
                      phases.size(),
                      phase_word},
    Row<OneConnector>{{"busbar_connector_energy_joules_total", counter,
                       "Energy register, which a watt hour raises by 3600."},
                      [](const OneConnector& of, const Now&, std::size_t) -> Value {
                          if (!of.view.energy) return std::nullopt;
                          return of.view.energy->value() * joules_a_watt_hour;
                      }},
    Row<OneConnector>{
        {"busbar_connector_limit_amperes", gauge,
         "Limit in force by phase, as the charger confirmed it last."},
        [](const OneConnector& of, const Now&, std::size_t) { return value_of(of.view.applied); }},
    Row<OneConnector>{
        {"busbar_connector_wanted_limit_amperes", gauge, "Limit that is to be in force."},
        [](const OneConnector& of, const Now&, std::size_t) -> Value { return of.view.wanted.value(); }},
    Row<OneConnector>{{"busbar_connector_limited", gauge, "In a transaction 1 for what keeps it from more."},
                      [](const OneConnector& of, const Now&, std::size_t nth) -> Value {
                          const auto& by = of.view.limited_by;
                          return by && static_cast<std::size_t>(*by) == nth ? 1 : 0;
                      },
                      "reason",
                      limited_by_names.size(),
                      reason_word},
    Row<OneConnector>{{"busbar_connector_limit_refused", gauge, "1: the charger does not obey its limit."},
                      [](const OneConnector& of, const Now&, std::size_t) -> Value {
                          return !of.view.limit_refusal.empty() && !of.view.lost ? 1 : 0;
                      }},
};

constexpr std::array unit_rows{
    Row<OneUnit>{{"busbar_bus_exchanges_total", counter, "Requests on the line."},
                 [](const OneUnit& of, const Now&, std::size_t) -> Value {
                     return static_cast<double>(of.unit.exchanges);
                 }},
    Row<OneUnit>{{"busbar_bus_errors_total", counter, "Requests that failed, by kind."},
                 [](const OneUnit& of, const Now&, std::size_t nth) -> Value {
                     const std::array counts{of.unit.timeouts, of.unit.garbled, of.unit.exceptions};
                     return static_cast<double>(counts.at(nth));
                 },
                 "kind",
                 error_kinds.size(),
                 error_word},
    Row<OneUnit>{{"busbar_bus_load_ratio", gauge, "Share of the line's time in the last minute."},
                 [](const OneUnit& of, const Now&, std::size_t) -> Value { return of.unit.load; }},
    Row<OneUnit>{{"busbar_bus_reply_seconds", summary, "From the request's first byte to the answer's last."},
                 [](const OneUnit& of, const Now&, std::size_t nth) {
                     return seconds_of(nth == 0 ? of.unit.reply_p50 : of.unit.reply_p99);
                 },
                 "quantile",
                 quantiles.size(),
                 quantile_word},
};

constexpr std::array uplink_rows{
    Row<OneUplink>{{"busbar_uplink_active", gauge, "1: in use."},
                   [](const OneUplink& of, const Now&, std::size_t) -> Value {
                       return of.all.active == of.uplink.settings.id ? 1 : 0;
                   }},
    Row<OneUplink>{{"busbar_uplink_state", gauge, "1 for its state."},
                   [](const OneUplink& of, const Now&, std::size_t nth) -> Value {
                       return of.uplink.state == uplink_state_word(nth) ? 1 : 0;
                   },
                   "state",
                   uplink_state_count,
                   uplink_state_word},
    Row<OneUplink>{{"busbar_uplink_sessions", gauge, "Charge points that are connected by it."},
                   [](const OneUplink& of, const Now&, std::size_t) -> Value {
                       return static_cast<double>(of.uplink.sessions);
                   }},
    Row<OneUplink>{{"busbar_uplink_month_bytes", gauge, "Both directions, in the calendar month."},
                   [](const OneUplink& of, const Now&, std::size_t) -> Value {
                       return static_cast<double>(of.uplink.traffic.bytes);
                   }},
    Row<OneUplink>{{"busbar_uplink_budget_bytes", gauge, "monthly_budget_mb, where there is one."},
                   [](const OneUplink& of, const Now&, std::size_t) -> Value {
                       const auto& budget = of.uplink.settings.monthly_budget_mb;
                       if (!budget) return std::nullopt;
                       return *budget * bytes_a_megabyte;
                   }},
    Row<OneUplink>{{"busbar_uplink_signal_csq", gauge, "Signal of the modem, 0 to 31; above 14 passes."},
                   [](const OneUplink& of, const Now&, std::size_t) -> Value {
                       if (!of.uplink.modem) return std::nullopt;
                       return number_of(csq_of(of.uplink.modem->facts));
                   }},
};

template <class Subject, std::size_t N>
void write(Exposition& page, const std::array<Row<Subject>, N>& rows, std::span<const Subject> subjects,
           const Now& now) {
    for (const auto& row : rows) {
        page.begin(row.metric);
        for (const auto& subject : subjects) {
            for (std::size_t nth = 0; nth < row.count; ++nth) {
                const auto value = row.value(subject, now, nth);
                if (!value) continue;
                auto labels = labels_of(subject);
                if (!row.label.empty()) labels.emplace_back(row.label, row.word(nth));
                page.add(labels, *value);
            }
        }
    }
}

std::vector<OneConnector> connectors_of(const GatewayReport& report) {
    std::vector<OneConnector> all;
    for (const auto& one : report.charge_points) {
        for (const auto& view : one.view.connectors) all.push_back({one, view});
    }
    return all;
}

/// A charger and its meter at one unit id share their counters: a series must not stand there twice.
std::vector<OneUnit> units_of(const GatewayReport& report) {
    std::vector<OneUnit> all;
    std::set<std::tuple<std::string, std::string, int>> seen;
    for (const auto& bus : report.buses) {
        for (const auto& unit : bus.units) {
            if (seen.emplace(bus.id, unit.charge_point, unit.unit_id).second) all.push_back({bus, unit});
        }
    }
    return all;
}

std::vector<OneUplink> uplinks_of(const UplinksReport& report) {
    std::vector<OneUplink> all;
    for (const auto& uplink : report.uplinks) all.push_back({report, uplink});
    return all;
}

}  // namespace

std::string metrics_text(const MetricsFacts& facts, MetricsFormat format) {
    const auto& report = facts.report;
    Exposition page(format);
    page.begin({"busbar_build_info", info, "The version that runs."});
    page.add({{"version", BUSBAR_VERSION}}, 1);
    write(page, gateway_rows, std::span(&facts, 1), report.now);
    write(page, charge_point_rows, std::span(report.charge_points), report.now);
    const auto connectors = connectors_of(report);
    write(page, connector_rows, std::span(connectors), report.now);
    const auto units = units_of(report);
    write(page, unit_rows, std::span(units), report.now);
    const auto uplinks = uplinks_of(report.uplinks);
    write(page, uplink_rows, std::span(uplinks), report.now);
    return std::move(page).finish();
}

}  // namespace busbar::gateway
