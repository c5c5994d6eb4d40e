// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/transaction_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ocpp/date_time.hpp"

namespace busbar::simulation {
namespace {

/// Values at most 5 s old, and a poll may take its time.
constexpr Moment fresh{5'100'000};

int energy_of(const Json& meter_value) {
    for (const auto& sample : meter_value["sampledValue"]) {
        if (sample.value("measurand", "") != "Energy.Active.Import.Register") continue;
        return static_cast<int>(std::floor(std::stod(sample["value"].get<std::string>())));
    }
    return -1;
}

}  // namespace

TransactionRules::TransactionRules(const Scene& scene)
    : scene_(scene), registers_(static_cast<std::size_t>(scene.plan.settings.connectors)) {}

void TransactionRules::on_register_shown(ConnectorId connector, double watt_hours, bool exact) {
    auto& shown = registers_.at(static_cast<std::size_t>(connector) - 1);
    const int whole = static_cast<int>(std::floor(watt_hours));
    shown.lately.push_back({scene_.now(), whole});
    shown.highest = std::max(shown.highest, whole);
    shown.exact = shown.exact && exact;
    while (shown.lately.size() > 1 && shown.lately.front().at < scene_.now() - fresh)
        shown.lately.pop_front();
}

void TransactionRules::on_register_missing(ConnectorId connector) {
    auto& shown = registers_.at(static_cast<std::size_t>(connector) - 1);
    if (shown.lately.empty()) shown.exact = false;
}

void TransactionRules::on_fresh_start() {
    died_ = true;
    for (auto& shown : registers_) shown.lately.clear();
}

void TransactionRules::on_process_end() {
    on_fresh_start();
    for (auto& [id, made] : made_) {
        for (Step* step : {&made.start, &made.stop}) {
            if (*step == Step::collected) *step = Step::perhaps;
        }
    }
}

void TransactionRules::on_enqueued(const ocpp::QueuedMessage& message) {
    if (message.action == "MeterValues") return;
    const Json payload = Json::parse(message.payload, nullptr, false);
    if (message.action == "StartTransaction") return on_start_made(message.message_id, payload);
    on_stop_made(payload);
}

void TransactionRules::on_start_made(const std::string& id, const Json& payload) {
    const ConnectorId connector = payload.value("connectorId", 0);
    if (open(connector) != nullptr) scene_.broken("one transaction at a time", "a second one begins: " + id);
    made_[id] = {connector, {id, payload.value("idTag", ""), scene_.now()}, Step::collected, Step::none};
    open_[connector] = id;
    check_shown(connector, payload.value("meterStart", -1), "meterStart of " + id);
}

/// The stored form names the start by its message id.
void TransactionRules::on_stop_made(const Json& payload) {
    const std::string token = payload.value("transactionId", "");
    const std::string start = token.substr(token.find(':') + 1);
    const auto found = made_.find(start);
    if (found == made_.end()) return scene_.broken("a stop has a start", token);
    auto& made = found->second;
    if (made.stop == Step::committed) scene_.broken("one stop a start", "a second one of " + start);
    made.stop = Step::collected;
    const auto running = open_.find(made.connector);
    if (running != open_.end() && running->second == start) open_.erase(running);
    made.blind_stop = registers_.at(static_cast<std::size_t>(made.connector) - 1).lately.empty();
    check_shown(made.connector, payload.value("meterStop", -1), "meterStop of " + start);
}

void TransactionRules::on_committed() {
    for (auto& [id, made] : made_) {
        for (Step* step : {&made.start, &made.stop}) {
            if (*step == Step::collected) *step = Step::committed;
        }
    }
}

void TransactionRules::on_loaded(const ocpp::Saved& saved) {
    open_.clear();
    for (const auto& record : saved.records) {
        if (record.kind != "transaction") continue;
        const Json body = Json::parse(record.body, nullptr, false);
        const auto made = made_.find(record.key);
        if (made == made_.end()) {
            scene_.broken("only what was saved is loaded", record.key);
        } else if (body.value("open", false)) {
            open_[made->second.connector] = record.key;
        }
    }
    for (auto& [id, made] : made_) {
        const auto found = open_.find(made.connector);
        const bool is_open = found != open_.end() && found->second == id;
        if (made.stop == Step::perhaps && is_open) made.stop = Step::none;
        const bool promised = made.start == Step::committed && made.stop == Step::none;
        if (promised && !is_open) scene_.broken("nothing promised is lost", id + " is forgotten");
        if (made.stop == Step::committed && is_open)
            scene_.broken("nothing promised is lost", id + " runs again");
    }
}

/// Fresh where the charger told anything lately; else the last that was ever told.
void TransactionRules::check_shown(ConnectorId connector, int meter, const std::string& what) {
    const auto& shown = registers_.at(static_cast<std::size_t>(connector) - 1);
    if (scene_.plan.meter != Meter::lifetime || !shown.exact) return;
    const auto is_it = [&](const Shown& one) { return one.watt_hours == meter; };
    const bool any_fresh = !shown.lately.empty() && shown.lately.back().at >= scene_.now() - fresh;
    const bool good = std::any_of(shown.lately.begin(), shown.lately.end(), is_it) ||
                      (!any_fresh && meter >= 0 && meter <= shown.highest);
    if (!good) {
        scene_.broken("a meter value was shown by the charger lately",
                      fmt::format("{} is {}, shown last: {}", what, meter,
                                  shown.lately.empty() ? -1 : shown.lately.back().watt_hours));
    }
}

const TransactionRules::Begun* TransactionRules::open(ConnectorId connector) const {
    const auto found = open_.find(connector);
    return found == open_.end() ? nullptr : &made_.at(found->second).begun;
}

void TransactionRules::on_heard(const CentralSystem::Heard& heard) {
    if (heard.action == "StartTransaction") return on_start_heard(heard);
    if (heard.action == "StopTransaction") return on_stop_heard(heard);
    on_values_heard(heard);
}

void TransactionRules::on_start_heard(const CentralSystem::Heard& heard) {
    if (by_start_.count(heard.id) > 0) return;
    Told told;
    told.connector = heard.payload->value("connectorId", 0);
    told.start = heard.id;
    told.transaction = heard.transaction;
    told.meter_start = heard.payload->value("meterStart", -1);
    const auto before = std::find_if(told_.begin(), told_.end(), [&](const Told& one) {
        return one.connector == told.connector && one.stop.empty() && one.transaction;
    });
    if (before != told_.end()) {
        scene_.broken("order is kept", heard.id + " starts before the stop of " + before->start + " is told");
    }
    told.last_meter = last_meter_[told.connector];
    follow_meter(told, told.meter_start, "meterStart of " + heard.id);
    follow_time(told, heard.payload->value("timestamp", ""), heard.id);
    by_start_[heard.id] = told_.size();
    told_.push_back(std::move(told));
}

TransactionRules::Told* TransactionRules::find_told(int transaction) {
    for (auto& one : told_) {
        if (one.transaction == transaction) return &one;
    }
    // A start that was refused for ever left its transaction without an id (R34); they end in order.
    for (auto& one : told_) {
        if (transaction == -1 && !one.transaction && one.stop.empty()) return &one;
    }
    return nullptr;
}

void TransactionRules::on_stop_heard(const CentralSystem::Heard& heard) {
    const int transaction = heard.payload->value("transactionId", -2);
    const auto [at, is_new] = stops_.emplace(heard.id, transaction);
    if (!is_new) return;
    Told* told = find_told(transaction);
    if (told == nullptr) {
        return scene_.broken("a stop has a start", fmt::format("{} of {}", heard.id, transaction));
    }
    if (!told->stop.empty()) {
        scene_.broken("one stop a start", fmt::format("{} and {} of {}", told->stop, heard.id, told->start));
    }
    told->stop = heard.id;
    if (transaction == -1 && scene_.plan.settings.connectors > 1) return;  // whose it is cannot be told
    follow_meter(*told, heard.payload->value("meterStop", -1), "meterStop of " + told->start);
    follow_time(*told, heard.payload->value("timestamp", ""), heard.id);
}

/// What was answered while a failing disk could not forget it comes again after a loss of power: the same
/// one.
void TransactionRules::on_values_heard(const CentralSystem::Heard& heard) {
    if (!samples_.insert(heard.id).second) return;
    const auto transaction = heard.payload->value("transactionId", -2);
    Told* told = transaction == -1 ? nullptr : find_told(transaction);
    if (told == nullptr && transaction != -1) {
        return scene_.broken("samples have a start", fmt::format("{} of {}", heard.id, transaction));
    }
    if (told == nullptr || !told->stop.empty()) return;  // the repetition of one heard before
    const Json& value = (*heard.payload)["meterValue"][0];
    if (const int energy = energy_of(value); energy >= 0)
        follow_meter(*told, energy, "a sample of " + told->start);
    follow_time(*told, value.value("timestamp", ""), heard.id);
}

/// What only memory holds dies with it: sums of a charger that keeps none, the last values of a register that
/// is not heard again. Even then it does not fall below the start.
bool TransactionRules::may_fall(const Told& told) const {
    const auto made = made_.find(told.start);
    const bool blind = made != made_.end() && made->second.blind_stop;
    const bool exact = registers_.at(static_cast<std::size_t>(told.connector) - 1).exact;
    return blind || (died_ && (scene_.plan.meter != Meter::lifetime || !exact));
}

void TransactionRules::follow_meter(Told& told, int meter, const std::string& what) {
    const int least = may_fall(told) ? told.meter_start : told.last_meter;
    if (meter < least) {
        scene_.broken("the meter never falls", fmt::format("{} is {} after {}", what, meter, least));
    }
    told.last_meter = meter;
    last_meter_[told.connector] = meter;
}

void TransactionRules::follow_time(Told& told, const std::string& time, const std::string& what) {
    if (time.size() != 24 || time < "2026") scene_.broken("a time is a time", what + ": " + time);
    const auto now = ocpp::parse_iso8601(time);
    const auto before = ocpp::parse_iso8601(told.last_time);
    // Stamps of earlier moments are reckoned back from the present, and rounded.
    const bool backwards = now && before && *now + milliseconds(2) < *before;
    if (!scene_.troubles.clock && backwards) {
        scene_.broken("time does not run backwards", what + " is of " + time + " after " + told.last_time);
    }
    told.last_time = time;
}

void TransactionRules::expect_pairs() {
    for (const auto& one : told_) {
        if (one.stop.empty()) scene_.broken("each start has a stop", one.start);
    }
    for (const auto& [connector, id] : open_) scene_.broken("each transaction ends", id);
}

}  // namespace busbar::simulation
