// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kinds{"connection-test", "checklist", "support-bundle", "update"};
constexpr std::array<std::string_view, 4> states{"running", "done", "failed", "cancelled"};

Json job_json(const Job& job, const Now& now) {
    Json json{{"id", job.id}, {"kind", kinds.at(static_cast<std::size_t>(job.kind))}};
    json["subject"] = job.subject.empty() ? Json(nullptr) : Json(job.subject);
    json["state"] = states.at(static_cast<std::size_t>(job.state));
    json["progress"] = job.progress;
    json["started_at"] = time_json(job.started, now);
    json["ended_at"] = job.ended ? time_json(*job.ended, now) : Json(nullptr);
    json["result"] = Json::parse(job.result, nullptr, false);
    json["file"] = job.file_name.empty() ? Json(nullptr) : Json(job.file_name);
    return json;
}

HttpResponse no_job(const std::string& id) {
    return problem(404, "no_job", fmt::format("There is no job '{}', or not any more.", id));
}

}  // namespace

std::string Jobs::start(JobKind kind, std::string subject, std::function<void()> cancel) {
    forget_old();
    Job job;
    job.id = std::to_string(++last_);
    job.kind = kind;
    job.subject = std::move(subject);
    job.started = now_().steady;
    entries_.push_front({std::move(job), std::move(cancel)});
    tell(entries_.front().job);
    return entries_.front().job.id;
}

bool Jobs::runs(JobKind kind, const std::string& subject) const {
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& one) {
        return one.job.state == JobState::running && one.job.kind == kind && one.job.subject == subject;
    });
}

void Jobs::move_on(const std::string& id, double progress, std::string result) {
    Entry* entry = find(id);
    if (entry == nullptr || entry->job.state != JobState::running) return;
    entry->job.progress = std::max(entry->job.progress, progress);
    entry->job.result = std::move(result);
    tell(entry->job);
}

void Jobs::end(const std::string& id, JobState state, std::string result, std::string file_name,
               std::string file) {
    Entry* entry = find(id);
    if (entry == nullptr || entry->job.state != JobState::running) return;
    entry->cancel = {};
    auto& job = entry->job;
    job.state = state;
    job.progress = 1;
    job.ended = now_().steady;
    job.result = std::move(result);
    job.file_name = std::move(file_name);
    job.file = std::move(file);
    tell(job);
}

HttpResponse Jobs::accepted(const std::string& id) const {
    auto response = json_response(job_json(find(id)->job, now_()), 202);
    response.headers.emplace_back("Location", std::string("/api/v1/jobs") + '/' + id);
    return response;
}

std::vector<Route> Jobs::routes() {
    constexpr auto owner = at_least(Role::owner);
    return {{"GET", "/api/v1/jobs", owner, [this](const HttpRequest&) { return list(); }},
            {"GET", "/api/v1/jobs/{job}", owner,
             [this](const HttpRequest& request) { return show(request.captured.front()); }},
            {"DELETE", "/api/v1/jobs/{job}", owner,
             [this](const HttpRequest& request) { return cancel(request.captured.front()); }},
            {"GET", "/api/v1/jobs/{job}/file", owner,
             [this](const HttpRequest& request) { return file(request.captured.front()); }}};
}

const Jobs::Entry* Jobs::find(const std::string& id) const {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& one) { return one.job.id == id; });
    return found == entries_.end() ? nullptr : &*found;
}

Jobs::Entry* Jobs::find(const std::string& id) {
    return const_cast<Entry*>(std::as_const(*this).find(id));
}

void Jobs::forget_old() {
    const auto now = now_().steady;
    entries_.remove_if([&](const Entry& one) { return one.job.ended && now - *one.job.ended > kept_for; });
    for (auto one = entries_.end(); entries_.size() >= most_kept && one != entries_.begin();) {
        --one;
        if (one->job.ended) one = entries_.erase(one);
    }
}

void Jobs::tell(const Job& job) const {
    if (changed_) changed_(text_of(job_json(job, now_())));
}

HttpResponse Jobs::list() {
    forget_old();
    Json jobs = Json::array();
    for (const auto& entry : entries_) jobs.push_back(job_json(entry.job, now_()));
    return json_response({{"jobs", std::move(jobs)}});
}

HttpResponse Jobs::show(const std::string& id) const {
    const Entry* entry = find(id);
    return entry == nullptr ? no_job(id) : json_response(job_json(entry->job, now_()));
}

HttpResponse Jobs::cancel(const std::string& id) {
    Entry* entry = find(id);
    if (entry == nullptr) return no_job(id);
    const auto stop = std::exchange(entry->cancel, {});
    if (entry->job.state == JobState::running) {
        end(id, JobState::cancelled, entry->job.result);
        if (stop) stop();
        return show(id);
    }
    auto last_word = show(id);
    entries_.remove_if([&](const Entry& one) { return one.job.id == id; });
    return last_word;
}

HttpResponse Jobs::file(const std::string& id) const {
    const Entry* entry = find(id);
    if (entry == nullptr) return no_job(id);
    if (entry->job.file_name.empty()) return problem(404, "no_file", "This job has made no file.");
    HttpResponse response;
    response.body = entry->job.file;
    response.headers.emplace_back("Content-Disposition",
                                  fmt::format("attachment; filename=\"{}\"", entry->job.file_name));
    return response;
}

}  // namespace busbar::gateway
