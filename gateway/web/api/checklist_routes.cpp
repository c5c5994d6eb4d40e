// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/checklist_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/atomic_file.hpp"
#include "gateway/web/api/action_routes.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr seconds between_looks{1};
constexpr std::size_t longest_note = 500;
constexpr ConnectorId tried = 1;

struct ManualWord {
    std::string_view name;
    ItemState state;
};
constexpr std::array<ManualWord, 4> manual_words{{{"open", ItemState::open},
                                                  {"passed", ItemState::passed},
                                                  {"failed", ItemState::failed},
                                                  {"not_applicable", ItemState::not_applicable}}};

}  // namespace

Checklists::Checklists(Surroundings around) : around_(std::move(around)), timer_(around_.loop) {
    const auto saved = Json::parse(file_content(around_.file), nullptr, false);
    if (saved.is_object()) {
        for (const auto& [id, list] : saved.items()) lists_.emplace(id, Checklist(text_of(list)));
    }
    arm();
}

std::vector<Route> Checklists::routes() {
    constexpr auto installer = at_least(Role::installer);
    const auto of_charger = [this](auto answer) -> HttpHandler {
        return [this, answer](const HttpRequest& request) {
            const auto& id = request.captured.front();
            return around_.site.find_unit(id) == nullptr ? no_charger(id) : answer(id, request);
        };
    };
    return {{"GET", "/api/v1/chargers/{charger}/checklist", installer,
             of_charger([this](const auto& id, const auto&) { return show(id); })},
            {"POST", "/api/v1/chargers/{charger}/checklist", installer,
             of_charger([this](const auto& id, const auto&) { return start(id); })},
            {"PUT", "/api/v1/chargers/{charger}/checklist/{item}", installer,
             of_charger([this](const auto& id, const HttpRequest& request) {
                 return tick(id, request.captured.at(1), request.body);
             })}};
}

void Checklists::arm() {
    timer_.expires_after(between_looks);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        look();
        arm();
    });
}

void Checklists::look() {
    std::vector<std::string> over;
    for (auto& [id, run] : runs_) {
        if (!look_at(id, run)) over.push_back(id);
    }
    for (const auto& id : over) end(id);
    for (const auto& [id, list] : lists_) {
        if (const auto* unit = around_.site.find_unit(id)) watch_for_offline_start(id, unit->report());
    }
}

bool Checklists::look_at(const std::string& id, Run& run) {
    auto* unit = around_.site.find_unit(id);
    if (unit == nullptr) return false;
    run.run.look(unit->report(), around_.now());
    unit->set_trial_limit(tried, run.run.trial());
    if (!run.run.over()) around_.jobs.move_on(run.job, run.run.progress(), text(id));
    return !run.run.over();
}

void Checklists::watch_for_offline_start(const std::string& id, const ChargePointReport& report) {
    if (report.link.state == LinkState::connected) return;
    auto& list = lists_.at(id);
    if (list.find("offline_start")->state == ItemState::passed) return;
    for (const auto& view : report.view.connectors) {
        if (view.transaction == nullptr || view.transaction->start.steady < report.link.since) continue;
        list.set("offline_start", ItemState::passed, "began", around_.now());
        return save();
    }
}

void Checklists::end(const std::string& id) {
    const auto ended = runs_.extract(id);
    if (ended.empty()) return;
    auto& run = ended.mapped();
    const bool whole = run.run.over();
    run.run.cancel(around_.now());
    if (auto* unit = around_.site.find_unit(id)) unit->set_trial_limit(tried, std::nullopt);
    around_.jobs.end(run.job, whole ? JobState::done : JobState::cancelled, text(id));
    save();
}

void Checklists::save() const {
    Json all = Json::object();
    for (const auto& [id, list] : lists_) all[id] = list.to_json(id);
    // What cannot be kept is still on the page; the next change tries again.
    (void)replace_file(around_.file, text_of(all), Durable::yes);
}

std::string Checklists::text(const std::string& id) {
    return text_of(lists_[id].to_json(id));
}

HttpResponse Checklists::show(const std::string& id) {
    return json_response(lists_[id].to_json(id));
}

HttpResponse Checklists::start(const std::string& id) {
    if (runs_.contains(id)) return problem(409, "job_running", "The checklist of this charger runs already.");
    const auto job = around_.jobs.start(JobKind::checklist, id, [this, id] { end(id); });
    runs_.emplace(id, Run{ChecklistRun(lists_[id], around_.now().steady), job});
    return around_.jobs.accepted(job);
}

HttpResponse Checklists::tick(const std::string& id, const std::string& name, const std::string& body) {
    auto* item = lists_[id].find(name);
    if (item == nullptr) return problem(404, "no_item", fmt::format("The checklist has no item '{}'.", name));
    if (item->automatic) return problem(409, "automatic_item", "This item ticks itself.");
    const auto wish = object_in(body);
    const Json state = wish ? wish->value("state", Json(nullptr)) : Json(nullptr);
    const Json note = wish ? wish->value("note", Json("")) : Json(nullptr);
    const auto* word = std::find_if(manual_words.begin(), manual_words.end(),
                                    [&](const auto& row) { return state == row.name; });
    if (word == manual_words.end() || !note.is_string() || note.get<std::string>().size() > longest_note)
        return problem(
            400, "bad_request",
            "The body must be {\"state\": open, passed, failed or not_applicable, \"note\": at most 500 "
            "bytes}.");
    lists_[id].set(name, word->state, "by_hand", around_.now());
    item->note = note;
    save();
    return show(id);
}

}  // namespace busbar::gateway
