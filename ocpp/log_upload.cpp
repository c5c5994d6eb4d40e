// SPDX-License-Identifier: Apache-2.0
#include "ocpp/log_upload.hpp"

#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

/// What the whitepaper calls a failure of this kind.
UploadLogStatus failure_of(const Error& why) {
    switch (why.code) {
        case Errc::invalid:  // the gateway's policy, or user and password of the location
            return UploadLogStatus::PermissionDenied;
        case Errc::unsupported:
            return UploadLogStatus::NotSupportedOperation;
        case Errc::garbled:
            return UploadLogStatus::BadMessage;
        default:
            return UploadLogStatus::UploadFailure;
    }
}

bool is_usable(const LogParameters& log) {
    return !log.oldestTimestamp || !log.latestTimestamp || *log.oldestTimestamp <= *log.latestTimestamp;
}

}  // namespace

bool is_last_word(const LogTold& told) {
    return told.status != UploadLogStatus::Uploading;
}

LogUpload::LogUpload(const std::vector<Record>& saved) : record_(record_kind, saved) {
    restore();
}

void LogUpload::restore() {
    const Json body = Json::parse(record_.body(), nullptr, false);
    if (!body.is_object()) return;
    for (const auto& told : field(body, "untold", std::vector<LogTold>())) {
        if (is_last_word(told)) outbox_.push(told);
    }
    UploadLog upload{field(body, "location", std::string()),
                     field(body, "file_name", std::string()),
                     field(body, "security", false),
                     std::nullopt,
                     std::nullopt,
                     1};
    if (upload.location.empty() || upload.file_name.empty()) return;
    if (body.contains("from")) upload.from = field(body, "from", UtcTime());
    if (body.contains("to")) upload.to = field(body, "to", UtcTime());
    const auto plan = RetryPlan::from(field(body, "retries", 0), field(body, "interval", 1));
    job_.emplace(
        Job{field(body, "request", 0), std::move(upload), Attempts(plan, field(body, "attempts", 0))});
}

void LogUpload::save(Effects& effects) {
    Json body = Json::object();
    if (const auto untold = outbox_.last_words(); !untold.empty()) body["untold"] = encode(untold);
    if (job_) {
        body["request"] = job_->request;
        body["location"] = job_->upload.location;
        body["file_name"] = job_->upload.file_name;
        body["security"] = job_->upload.security;
        if (job_->upload.from) body["from"] = encode(*job_->upload.from);
        if (job_->upload.to) body["to"] = encode(*job_->upload.to);
        body["retries"] = job_->attempts.plan().retries;
        body["interval"] = job_->attempts.plan().interval.count();
        body["attempts"] = job_->attempts.made();
    }
    record_.keep(body.empty() ? std::string() : to_text(body), effects);
}

GetLogConf LogUpload::request(const GetLogReq& request, const DiagnosticsSource& source, const Now& now,
                              Effects& effects) {
    const std::string location = request.log.remoteLocation.str();
    const bool repeated = job_ && job_->request == request.requestId && job_->upload.location == location;
    if (repeated) return {LogStatus::Accepted, job_->upload.file_name};
    const auto problem = location_problem(location, source.protocols);
    if (problem || !is_usable(request.log)) {
        effects.emplace_back(Note{LogLevel::warning,
                                  "log_upload_refused",
                                  problem.value_or("latestTimestamp lies before oldestTimestamp."),
                                  {}});
        return {LogStatus::Rejected, {}};
    }
    const bool security = request.logType == LogType::SecurityLog;
    const std::string name = archive_name(security ? "security-" : "diagnostics-", source.serial, now.utc);
    const bool cancels = job_.has_value();
    job_.emplace(Job{request.requestId,
                     {location, name, security, request.log.oldestTimestamp, request.log.latestTimestamp, 1},
                     Attempts(RetryPlan::from(request.retries, request.retryInterval))});
    outbox_.push({UploadLogStatus::Uploading, request.requestId});
    save(effects);
    return {cancels ? LogStatus::AcceptedCanceled : LogStatus::Accepted, name};
}

void LogUpload::follow(Attempts::End end, const Error& why, Effects& effects) {
    using End = Attempts::End;
    if (end == End::none) return;
    if (end != End::success) {
        const auto level = end == End::failure ? LogLevel::warning : LogLevel::info;
        effects.emplace_back(Note{level, "log_upload_failed", why.detail, {}});
    }
    if (end != End::retry) {
        outbox_.push({end == End::success ? UploadLogStatus::Uploaded : failure_of(why), job_->request});
        job_.reset();
    }
    save(effects);
}

std::optional<UploadLog> LogUpload::settle(const Now& now, Effects& effects) {
    if (!job_) return std::nullopt;
    follow(job_->attempts.on_time(now.steady),
           {Errc::timeout, "The upload took too long or was cut off by a restart."}, effects);
    if (!job_) return std::nullopt;
    const auto attempt = job_->attempts.start_due(now.steady);
    if (!attempt) return std::nullopt;
    job_->upload.attempt = *attempt;
    save(effects);
    return job_->upload;
}

void LogUpload::on_done(int attempt, const Result<void>& result, const Now& now, Effects& effects) {
    if (!job_) return;
    follow(job_->attempts.on_done(attempt, result, now.steady), result ? Error{} : result.error(), effects);
}

void LogUpload::on_status_answered(Effects& effects) {
    outbox_.on_answered();
    save(effects);
}

void LogUpload::on_status_unanswered(Effects& effects) {
    outbox_.on_unanswered();
    save(effects);
}

LogStatusNotificationReq LogUpload::status() const {
    if (const auto told = outbox_.latest()) return {told->status, told->request};
    if (job_) return {UploadLogStatus::Uploading, job_->request};
    return {UploadLogStatus::Idle, std::nullopt};
}

std::optional<SteadyTime> LogUpload::next_deadline() const {
    return job_ ? std::optional(job_->attempts.next_deadline()) : std::nullopt;
}

}  // namespace busbar::ocpp
