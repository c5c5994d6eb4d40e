// SPDX-License-Identifier: Apache-2.0
#include "gateway/site.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "adapters/make_charger.hpp"

namespace busbar::gateway {
namespace {

template <class Lines>
auto* find_line(Lines& lines, const std::string& id) {
    const auto found =
        std::find_if(lines.begin(), lines.end(), [&](auto& line) { return line.settings.id == id; });
    return found == lines.end() ? nullptr : &*found;
}

int unit_id_of(const config::Charger& charger, bool is_meter) {
    return is_meter ? charger.meter->unit_id : charger.unit_id;
}

/// As the key SupportedFileTransferProtocols has them.
std::string protocols_of(const config::Transfers& transfers) {
    std::string list;
    for (const auto& scheme : transfers.schemes) {
        if (!list.empty()) list += ',';
        for (const char c : scheme) list += static_cast<char>(c - 'a' + 'A');
    }
    return list;
}

}  // namespace

Site::Site(UnitSurroundings around, TraceTap bus_tap)
    : around_(std::move(around)), bus_tap_(std::move(bus_tap)) {
    around_.changed = [this, told = around_.changed] {
        schedule_review();
        if (told) told();
    };
}

std::vector<Making> Site::makings_of(const GatewaySettings& settings) {
    std::vector<Making> makings;
    std::map<std::string, config::SharedProfile> shared;
    const auto profile = [&](const std::string& id) {
        const auto known = shared.find(id);
        return known != shared.end() ? known->second
                                     : shared.emplace(id, settings.profiles.at(id)).first->second;
    };
    for (const auto& charger : settings.config.chargers) {
        Making making{charger, profile(charger.profile), std::nullopt, false,
                      config::charging_of(settings.config, charger)};
        making.shares_feed = std::any_of(
            settings.config.groups.begin(), settings.config.groups.end(), [&](const config::Group& group) {
                return std::count(group.chargers.begin(), group.chargers.end(), charger.id) > 0;
            });
        making.file_transfer_protocols = protocols_of(settings.config.transfers);
        making.certificate_rsa_bits = settings.config.central_system.certificate_rsa_bits;
        making.additional_root_check = settings.config.central_system.additional_root_check;
        if (charger.meter) making.meter = profile(charger.meter->profile);
        makings.push_back(std::move(making));
    }
    return makings;
}

std::vector<Site::Line> Site::lines_of(const GatewaySettings& settings, const std::vector<Making>& makings) {
    std::vector<Line> lines;
    for (const auto& bus : settings.config.buses) lines.push_back({bus, {}, {}, nullptr});
    for (const auto& making : makings) {
        find_line(lines, making.charger.bus)->seats.push_back({making, false});
        if (making.meter) find_line(lines, making.charger.meter->bus)->seats.push_back({making, true});
    }
    return lines;
}

void Site::apply(const GatewaySettings& settings) {
    const auto makings = makings_of(settings);
    replace_units(makings);
    replace_groups(settings.config.groups);
    replace_lines(lines_of(settings, makings));
    for (const auto& id : std::exchange(unstarted_, {})) units_.at(id)->start();
}

void Site::replace_units(const std::vector<Making>& makings) {
    Units next;
    for (const auto& making : makings) {
        const auto old = units_.find(making.charger.id);
        if (old != units_.end() && old->second->making() == making) next.insert(units_.extract(old));
    }
    units_ = std::move(next);
    for (const auto& making : makings) {
        auto& unit = units_[making.charger.id];
        if (unit) continue;
        unit = std::make_unique<ChargePointUnit>(around_, making);
        unstarted_.insert(making.charger.id);
    }
}

void Site::replace_lines(std::vector<Line> lines) {
    for (auto& line : lines) {
        Line* old = find_line(lines_, line.settings.id);
        if (old == nullptr || old->settings != line.settings || old->seats != line.seats) continue;
        line.bus = std::move(old->bus);
        line.counters = std::move(old->counters);
    }
    lines_.clear();  // the buses that go give up their ports before their successors open them
    lines_ = std::move(lines);
    for (auto& line : lines_) {
        const bool is_new = line.bus == nullptr;
        if (is_new) build(line);
        for (std::size_t device = 0; device < line.seats.size(); ++device) {
            const auto& [making, is_meter] = line.seats[device];
            const bool hears_of_it = is_new || unstarted_.contains(making.charger.id);
            if (!is_meter && hears_of_it) units_.at(making.charger.id)->attach(*line.bus, device);
        }
        if (is_new) line.bus->start();
    }
}

/// All chargers of a bus speak the same; one without chargers is spoken Modbus on.
config::Protocol Site::protocol_of(const Line& line) {
    if (line.seats.empty()) return config::Protocol::modbus;
    const auto& [making, is_meter] = line.seats.front();
    return is_meter ? (*making.meter)->protocol : making.profile->protocol;
}

/// The one that bears reconnecting least.
milliseconds Site::between_attempts(const Line& line) {
    milliseconds longest{0};
    for (const auto& [making, is_meter] : line.seats) {
        longest = std::max(longest, (is_meter ? *making.meter : making.profile)->pacing.reconnect);
    }
    return line.seats.empty() ? config::Pacing().reconnect : longest;
}

void Site::build(Line& line) {
    std::vector<Bus::Device> devices;
    for (const auto& seat : line.seats) {
        devices.push_back({seat.making.charger.id, [seat, log = around_.csms.log](adapters::Line& shared) {
                               const Making& one = seat.making;
                               return seat.is_meter
                                          ? adapters::make_meter(one.charger, *one.meter, shared, log)
                                          : adapters::make_charger(one.charger, one.profile, shared, log);
                           }});
    }
    const auto made = [&] {
        auto shared = adapters::make_line(line.settings, protocol_of(line), bus_tap_, around_.csms.log);
        shared.value()->space_attempts(between_attempts(line));
        return std::move(shared).value();
    };
    line.bus = std::make_unique<Bus>(line.settings.id, made, devices, around_.csms.loop.get_executor(),
                                     events_of(line.settings.id), around_.csms.log);
}

Bus::Events Site::events_of(const std::string& bus) {
    return {[this, bus](const DeviceReport& report) { on_report(bus, report); },
            [this, bus](const DeviceFailure& failure) { on_failure(bus, failure); }};
}

ChargePointUnit* Site::find_unit(const std::string& id) {
    const auto found = units_.find(id);
    return found == units_.end() ? nullptr : found->second.get();
}

void Site::on_report(const std::string& bus, const DeviceReport& report) {
    Line* line = find_line(lines_, bus);
    ChargePointUnit* unit = find_unit(report.id);
    if (line == nullptr || unit == nullptr) return;
    for (const auto& [id, counted] : report.counters) line->counters[id] = counted;
    const bool is_meter = line->seats.at(report.device).is_meter;
    is_meter ? unit->on_meter_report(report) : unit->on_report(report);
}

/// A silent meter ages; what it said last is judged by its age. A silent charger is the charge point's
/// business.
void Site::on_failure(const std::string& bus, const DeviceFailure& failure) {
    Line* line = find_line(lines_, bus);
    ChargePointUnit* unit = find_unit(failure.id);
    if (line == nullptr || unit == nullptr) return;
    for (const auto& [id, counted] : failure.counters) line->counters[id] = counted;
    if (!line->seats.at(failure.device).is_meter) unit->on_failure(failure.error);
}

std::optional<Site::BusView> Site::find_bus(const std::string& id) {
    const Line* line = find_line(lines_, id);
    if (line == nullptr) return std::nullopt;
    BusView view{*line->bus, line->settings, protocol_of(*line), {}};
    for (const auto& [making, is_meter] : line->seats) {
        view.units.insert(unit_id_of(making.charger, is_meter));
        if (is_meter) continue;
        for (const auto& [name, unit] : making.charger.units) view.units.insert(unit);
    }
    return view;
}

std::vector<Owed> Site::ask_threads(SteadyTime now) {
    std::vector<Owed> owed;
    for (const auto& line : lines_) {
        line.bus->ask_for_sign(now);
        if (const auto since = line.bus->owes_sign_since())
            owed.push_back({"bus " + line.settings.id, *since});
    }
    return owed;
}

void Site::stop(std::function<void()> done) {
    const auto rest = std::make_shared<std::size_t>(units_.size());
    const auto one_less = [this, rest, done = std::move(done)] {
        if (*rest > 0 && --*rest > 0) return;
        for (auto& line : lines_) line.bus->stop();
        done();
    };
    if (units_.empty()) return one_less();
    for (auto& [id, unit] : units_) unit->stop(one_less);
}

SessionPort Site::sessions() {
    const auto look = [this] {
        std::vector<SessionView> views;
        views.reserve(units_.size());
        for (const auto& [id, unit] : units_) views.push_back({id, unit->link_status()});
        return views;
    };
    const auto move = [this](Move how, const auto& which) {
        for (const auto& [id, unit] : units_) {
            if (which(unit->link_status())) unit->move(how);
        }
    };
    return {look, move};
}

std::vector<ChargePointReport> Site::charge_points() const {
    std::vector<ChargePointReport> reports;
    for (const auto& [id, unit] : units_) reports.push_back(unit->report());
    return reports;
}

std::vector<BusReport> Site::buses() const {
    std::vector<BusReport> reports;
    for (const auto& line : lines_) {
        BusReport report{line.settings.id, line.settings, {}};
        for (const auto& [making, is_meter] : line.seats) {
            const int unit_id = unit_id_of(making.charger, is_meter);
            const auto found = line.counters.find(unit_id);
            const auto counters = found == line.counters.end() ? adapters::UnitCounters() : found->second;
            report.units.push_back({making.charger.id, unit_id, counters.exchanges, counters.timeouts,
                                    counters.garbled, counters.exceptions, counters.reply_times.quantile(0.5),
                                    counters.reply_times.quantile(0.99), counters.load.share(),
                                    counters.last_error});
        }
        reports.push_back(std::move(report));
    }
    return reports;
}

}  // namespace busbar::gateway
