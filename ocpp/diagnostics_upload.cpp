// SPDX-License-Identifier: Apache-2.0
#include "ocpp/diagnostics_upload.hpp"

#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

constexpr std::size_t longest_serial = 200;

/// 20261122T120000Z
std::string compact(UtcTime utc) {
    std::string text;
    for (const char c : to_iso8601(utc)) {
        if (c == '.') break;
        if (c != '-' && c != ':') text += c;
    }
    return text + "Z";
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

/// startTime and stopTime leave nothing between them.
bool is_empty_span(const GetDiagnosticsReq& request) {
    return request.startTime && request.stopTime && *request.stopTime < *request.startTime;
}

}  // namespace

std::string archive_name(std::string_view prefix, std::string_view serial,
                         const std::optional<UtcTime>& utc) {
    std::string name(prefix);
    for (const char c : serial.substr(0, longest_serial)) name += is_plain(c) ? c : '_';
    if (utc) name += "-" + compact(*utc);
    return name + ".tar.gz";
}

DiagnosticsUpload::DiagnosticsUpload(const std::vector<Record>& saved) : record_(record_kind, saved) {
    restore();
}

void DiagnosticsUpload::restore() {
    const Json body = Json::parse(record_.body(), nullptr, false);
    if (!body.is_object()) return;
    for (const auto status : field(body, "untold", std::vector<DiagnosticsStatus>())) {
        if (is_last_word(status)) outbox_.push(status);
    }
    UploadDiagnostics upload{field(body, "location", std::string()), field(body, "file_name", std::string()),
                             std::nullopt, std::nullopt, 1};
    if (upload.location.empty() || upload.file_name.empty()) return;
    if (body.contains("from")) upload.from = field(body, "from", UtcTime());
    if (body.contains("to")) upload.to = field(body, "to", UtcTime());
    const auto plan = RetryPlan::from(field(body, "retries", 0), field(body, "interval", 1));
    job_.emplace(Job{std::move(upload), Attempts(plan, field(body, "attempts", 0))});
}

void DiagnosticsUpload::save(Effects& effects) {
    Json body = Json::object();
    if (const auto untold = outbox_.last_words(); !untold.empty()) body["untold"] = encode(untold);
    if (job_) {
        body["location"] = job_->upload.location;
        body["file_name"] = job_->upload.file_name;
        if (job_->upload.from) body["from"] = encode(*job_->upload.from);
        if (job_->upload.to) body["to"] = encode(*job_->upload.to);
        body["retries"] = job_->attempts.plan().retries;
        body["interval"] = job_->attempts.plan().interval.count();
        body["attempts"] = job_->attempts.made();
    }
    record_.keep(body.empty() ? std::string() : to_text(body), effects);
}

GetDiagnosticsConf DiagnosticsUpload::request(const GetDiagnosticsReq& request,
                                              const DiagnosticsSource& source, const Now& now,
                                              Effects& effects) {
    if (job_) {
        const bool repeated = request.location == job_->upload.location;
        return repeated ? GetDiagnosticsConf{job_->upload.file_name} : GetDiagnosticsConf{};
    }
    if (!source.available || is_empty_span(request)) return {};
    if (const auto problem = location_problem(request.location, source.protocols)) {
        follow(Attempts::End::failure, *problem, effects);
        return {};
    }
    const std::string name = archive_name("diagnostics-", source.serial, now.utc);
    job_.emplace(Job{{request.location, name, request.startTime, request.stopTime, 1},
                     Attempts(RetryPlan::from(request.retries, request.retryInterval))});
    outbox_.push(DiagnosticsStatus::Uploading);
    save(effects);
    return {name};
}

void DiagnosticsUpload::follow(Attempts::End end, const std::string& why, Effects& effects) {
    using End = Attempts::End;
    if (end == End::none) return;
    if (end != End::success) {
        const auto level = end == End::failure ? LogLevel::warning : LogLevel::info;
        effects.emplace_back(Note{level, "diagnostics_upload_failed", why, {}});
    }
    if (end != End::retry) {
        job_.reset();
        outbox_.push(end == End::success ? DiagnosticsStatus::Uploaded : DiagnosticsStatus::UploadFailed);
    }
    save(effects);
}

std::optional<UploadDiagnostics> DiagnosticsUpload::settle(const Now& now, Effects& effects) {
    if (!job_) return std::nullopt;
    follow(job_->attempts.on_time(now.steady), "The upload took too long or was cut off by a restart.",
           effects);
    if (!job_) return std::nullopt;
    const auto attempt = job_->attempts.start_due(now.steady);
    if (!attempt) return std::nullopt;
    job_->upload.attempt = *attempt;
    save(effects);
    return job_->upload;
}

void DiagnosticsUpload::on_done(int attempt, const Result<void>& result, const Now& now, Effects& effects) {
    if (!job_) return;
    follow(job_->attempts.on_done(attempt, result, now.steady),
           result ? std::string() : result.error().detail, effects);
}

void DiagnosticsUpload::on_status_answered(Effects& effects) {
    outbox_.on_answered();
    save(effects);
}

void DiagnosticsUpload::on_status_unanswered(Effects& effects) {
    outbox_.on_unanswered();
    save(effects);
}

DiagnosticsStatus DiagnosticsUpload::status() const {
    return outbox_.latest().value_or(job_ ? DiagnosticsStatus::Uploading : DiagnosticsStatus::Idle);
}

std::optional<SteadyTime> DiagnosticsUpload::next_deadline() const {
    return job_ ? std::optional(job_->attempts.next_deadline()) : std::nullopt;
}

}  // namespace busbar::ocpp
