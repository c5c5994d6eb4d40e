// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/checklist.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "gateway/web/api/exchange_json.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

struct ItemKind {
    std::string_view name;
    bool automatic;
};
constexpr std::array<ItemKind, 12> kinds{{
    {"identity", true},
    {"accepted", true},
    {"meter_rises", true},
    {"limit_16", true},
    {"limit_6", true},
    {"pause", true},
    {"resume", true},
    {"offline_start", true},
    {"protective_devices", false},
    {"labels", false},
    {"cable_routing", false},
    {"handover", false},
}};
constexpr std::array<std::string_view, 5> states{"open", "running", "passed", "failed", "not_applicable"};

/// A step of the run: which item it proves, what is tried, how long that may take.
struct Step {
    std::string_view item;
    std::optional<double> trial_a;  ///< empty: the limit is as it is
    seconds patience;
    bool needs_car;
};
constexpr std::array<Step, 7> run_steps{{
    {"identity", {}, ChecklistRun::reading_patience, false},
    {"accepted", {}, ChecklistRun::reading_patience, false},
    {"meter_rises", {}, ChecklistRun::flow_patience, true},
    {"limit_16", 16, ChecklistRun::limit_patience, true},
    {"limit_6", 6, ChecklistRun::limit_patience, true},
    {"pause", 0, ChecklistRun::limit_patience, true},
    {"resume", {}, ChecklistRun::flow_patience, true},
}};

/// What a charger may take beyond its limit: meters and cars are that exact.
constexpr Amperes tolerance{0.7};
constexpr Amperes no_current{0.5};
constexpr Watts no_power{50};

/// A text member; empty where there is none.
std::string text_in(const Json& object, const char* key) {
    const Json value = object.value(key, Json(nullptr));
    return value.is_string() ? value.get<std::string>() : std::string();
}

bool flows(const ocpp::ConnectorView& view) {
    if (view.power) return *view.power > no_power;
    return view.current && *view.current > no_current;
}

}  // namespace

Checklist::Checklist(std::string_view saved) {
    for (const auto& [name, automatic] : kinds)
        items_.push_back({std::string(name), automatic, {}, {}, {}, {}});
    const Json json = Json::parse(saved, nullptr, false);
    if (!json.is_object() || !json.contains("items") || !json["items"].is_array()) return;
    for (const auto& one : json["items"]) {
        if (!one.is_object()) continue;
        ChecklistItem* item = find(text_in(one, "item"));
        const auto state = std::find(states.begin(), states.end(), text_in(one, "state"));
        if (item == nullptr || state == states.end()) continue;
        item->state = static_cast<ItemState>(state - states.begin());
        if (item->state == ItemState::running) item->state = ItemState::open;
        item->code = text_in(one, "code");
        item->note = text_in(one, "note");
        item->at = text_in(one, "at");
    }
}

ChecklistItem* Checklist::find(std::string_view name) {
    const auto found =
        std::find_if(items_.begin(), items_.end(), [=](const auto& item) { return item.name == name; });
    return found == items_.end() ? nullptr : &*found;
}

void Checklist::set(std::string_view name, ItemState state, std::string code, const Now& now) {
    ChecklistItem* item = find(name);
    item->state = state;
    item->code = std::move(code);
    const Json at = time_json(now.utc);
    item->at = at.is_string() ? at.get<std::string>() : std::string();
}

bool Checklist::complete() const {
    return std::all_of(items_.begin(), items_.end(), [](const ChecklistItem& item) {
        return item.state == ItemState::passed || item.state == ItemState::not_applicable;
    });
}

Json Checklist::to_json(const std::string& charger) const {
    Json json{{"charger", charger}, {"complete", complete()}, {"items", Json::array()}};
    for (const auto& item : items_) {
        json["items"].push_back({{"item", item.name},
                                 {"kind", item.automatic ? "automatic" : "manual"},
                                 {"state", states.at(static_cast<std::size_t>(item.state))},
                                 {"code", item.code.empty() ? "not_tried" : item.code},
                                 {"at", item.at.empty() ? Json(nullptr) : Json(item.at)},
                                 {"note", item.note}});
    }
    return json;
}

std::optional<Amperes> ChecklistRun::trial() const {
    if (over() || !run_steps.at(step_).trial_a) return std::nullopt;
    return Amperes(*run_steps.at(step_).trial_a);
}

/// Confirmed by the charger, and no phase takes more.
ChecklistRun::Verdict ChecklistRun::judge_trial(const ocpp::ConnectorView& view) const {
    const Amperes limit = *trial();
    if (limit == Amperes(0)) {
        return flows(view) ? Verdict{ItemState::failed, "current_flows"}
                           : Verdict{ItemState::passed, "obeyed"};
    }
    if (!view.limit_refusal.empty()) return {ItemState::failed, "refused"};
    if (!view.confirmed || view.wanted > limit) return {ItemState::failed, "not_confirmed"};
    if (view.current && *view.current > limit + tolerance) return {ItemState::failed, "takes_more"};
    if (!flows(view)) return {ItemState::failed, "no_current"};
    return {ItemState::passed, "obeyed"};
}

/// Nothing while there is patience left.
std::optional<ChecklistRun::Verdict> ChecklistRun::judge(const ChargePointReport& report,
                                                         SteadyTime now) const {
    const auto& step = run_steps.at(step_);
    const auto& view = report.view.connectors.front();
    if (step.needs_car && view.transaction == nullptr) return Verdict{ItemState::open, "needs_charging_car"};
    Verdict verdict{ItemState::failed, "no_answer"};
    if (step.item == "identity") {
        if (view.status && !view.lost) verdict = {ItemState::passed, "answers"};
    } else if (step.item == "accepted") {
        const bool accepted = report.view.registration == ocpp::RegistrationStatus::Accepted;
        verdict =
            accepted ? Verdict{ItemState::passed, "accepted"} : Verdict{ItemState::failed, "not_accepted"};
    } else if (step.item == "meter_rises") {
        const bool rises = view.energy && energy_at_ && *view.energy > *energy_at_;
        verdict = rises ? Verdict{ItemState::passed, "rises"} : Verdict{ItemState::failed, "stands_still"};
    } else if (step.item == "resume") {
        verdict =
            flows(view) ? Verdict{ItemState::passed, "flows"} : Verdict{ItemState::failed, "no_current"};
    } else {
        verdict = judge_trial(view);
    }
    const bool patient = verdict.state == ItemState::failed && now < step_began_ + step.patience;
    return patient ? std::nullopt : std::optional(verdict);
}

void ChecklistRun::look(const ChargePointReport& report, const Now& now) {
    if (over() || report.view.connectors.empty()) return;
    const auto& step = run_steps.at(step_);
    const bool is_new = checklist_.find(step.item)->state != ItemState::running;
    if (is_new) {
        // What the step changes shows at the next look at the earliest.
        checklist_.set(step.item, ItemState::running, "running", now);
        energy_at_ = report.view.connectors.front().energy;
        step_began_ = now.steady;
        return;
    }
    const auto verdict = judge(report, now.steady);
    if (!verdict) return;
    checklist_.set(step.item, verdict->state, std::string(verdict->code), now);
    ++step_;
}

void ChecklistRun::cancel(const Now& now) {
    if (!over()) checklist_.set(run_steps.at(step_).item, ItemState::open, "cancelled", now);
    step_ = steps;
}

}  // namespace busbar::gateway
