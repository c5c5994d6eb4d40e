// SPDX-License-Identifier: Apache-2.0
#include "ocpp/firmware_update.hpp"

#include <array>
#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

using Stage = FirmwareStage;

struct StageSpec {
    Stage stage;
    std::string_view name;  ///< in the record
    FirmwareStatus status;  ///< for TriggerMessage
};

/// An announcement is made again after a restart, so it is kept as what came before it.
constexpr std::array stages{
    StageSpec{Stage::none, "", FirmwareStatus::Idle},
    StageSpec{Stage::waiting, "waiting", FirmwareStatus::Idle},
    StageSpec{Stage::downloading, "downloading", FirmwareStatus::Downloading},
    StageSpec{Stage::downloaded, "downloaded", FirmwareStatus::Downloaded},
    StageSpec{Stage::announced, "downloaded", FirmwareStatus::Installing},
    StageSpec{Stage::installing, "installing", FirmwareStatus::Installing},
};

const StageSpec& spec_of(Stage stage) {
    return stages.at(static_cast<std::size_t>(stage));
}

Stage stage_named(std::string_view name) {
    const auto* found =
        std::find_if(stages.begin(), stages.end(), [&](const StageSpec& one) { return one.name == name; });
    return found == stages.end() ? Stage::none : found->stage;
}

}  // namespace

FirmwareUpdate::FirmwareUpdate(const std::vector<Record>& saved) : record_(record_kind, saved) {
    restore();
}

void FirmwareUpdate::restore() {
    const Json body = Json::parse(record_.body(), nullptr, false);
    if (!body.is_object()) return;
    for (const auto status : field(body, "untold", std::vector<FirmwareStatus>())) {
        if (is_last_word(status)) outbox_.push(status);
    }
    location_ = field(body, "location", std::string());
    if (location_.empty()) return;
    stage_ = stage_named(field(body, "stage", std::string()));
    retrieve_date_ = field(body, "retrieve_date", UtcTime());
    const auto plan = RetryPlan::from(field(body, "retries", 0), field(body, "interval", 1));
    attempts_ = Attempts(plan, field(body, "attempts", 0));
}

void FirmwareUpdate::save(Effects& effects) {
    Json body = Json::object();
    if (const auto untold = outbox_.last_words(); !untold.empty()) body["untold"] = encode(untold);
    if (stage_ != Stage::none) {
        body["stage"] = spec_of(stage_).name;
        body["location"] = location_;
        body["retrieve_date"] = encode(retrieve_date_);
        body["retries"] = attempts_.plan().retries;
        body["interval"] = attempts_.plan().interval.count();
        body["attempts"] = attempts_.made();
    }
    record_.keep(body.empty() ? std::string() : to_text(body), effects);
}

void FirmwareUpdate::enter(Stage stage, std::optional<FirmwareStatus> status, Effects& effects) {
    stage_ = stage;
    until_.reset();
    if (status) outbox_.push(*status);
    save(effects);
}

void FirmwareUpdate::fail(FirmwareStatus status, const std::string& why, Effects& effects) {
    effects.emplace_back(
        Note{LogLevel::warning, "firmware_update_failed", why, {{"status", std::string(name_of(status))}}});
    enter(Stage::none, status, effects);
}

bool FirmwareUpdate::request(const UpdateFirmwareReq& request, std::string_view protocols, Effects& effects) {
    const bool busy = attempts_.running() || stage_ == Stage::announced || stage_ == Stage::installing;
    if (busy) {
        effects.emplace_back(
            Note{LogLevel::warning,
                 "firmware_update_ignored",
                 "UpdateFirmware came while an earlier update runs; ask again when it is over.",
                 {}});
        return false;
    }
    location_ = request.location;
    retrieve_date_ = request.retrieveDate;
    attempts_ = Attempts(RetryPlan::from(request.retries, request.retryInterval));
    if (const auto problem = location_problem(location_, protocols)) {
        fail(FirmwareStatus::DownloadFailed, *problem, effects);
    } else {
        enter(Stage::waiting, std::nullopt, effects);
    }
    return true;
}

std::optional<Transfer> FirmwareUpdate::settle(bool may_install, const Now& now, Effects& effects) {
    deadline_.reset();
    switch (stage_) {
        case Stage::none:
            break;
        case Stage::waiting:
            return wait(now, effects);
        case Stage::downloading:
            return download(now, effects);
        case Stage::downloaded:
        case Stage::announced:
            return announce(may_install, now, effects);
        case Stage::installing:
            watch_installation(now, effects);
            break;
    }
    return std::nullopt;
}

std::optional<Transfer> FirmwareUpdate::wait(const Now& now, Effects& effects) {
    if (!now.utc) return std::nullopt;
    if (*now.utc < retrieve_date_) {
        deadline_ = now.steady + (retrieve_date_ - *now.utc);
        return std::nullopt;
    }
    enter(Stage::downloading, FirmwareStatus::Downloading, effects);
    return download(now, effects);
}

std::optional<Transfer> FirmwareUpdate::download(const Now& now, Effects& effects) {
    follow(attempts_.on_time(now.steady), "The download took too long or was cut off by a restart.", effects);
    if (stage_ != Stage::downloading) return std::nullopt;
    const auto attempt = attempts_.start_due(now.steady);
    deadline_ = attempts_.next_deadline();
    if (!attempt) return std::nullopt;
    save(effects);
    return DownloadFirmware{location_, *attempt};
}

void FirmwareUpdate::follow(Attempts::End end, const std::string& why, Effects& effects) {
    switch (end) {
        case Attempts::End::none:
            return;
        case Attempts::End::success:
            return enter(Stage::downloaded, FirmwareStatus::Downloaded, effects);
        case Attempts::End::failure:
            return fail(FirmwareStatus::DownloadFailed, why, effects);
        case Attempts::End::retry:
            effects.emplace_back(Note{LogLevel::info, "firmware_download_retried", why, {}});
    }
}

std::optional<Transfer> FirmwareUpdate::announce(bool may_install, const Now& now, Effects& effects) {
    if (!may_install) return std::nullopt;  // also where a car came in time to be charged first
    if (stage_ == Stage::downloaded) {
        enter(Stage::announced, FirmwareStatus::Installing, effects);
        until_ = now.steady + announce_within;
    }
    deadline_ = until_;
    if (!outbox_.empty() && now.steady < *until_) return std::nullopt;
    enter(Stage::installing, std::nullopt, effects);
    watch_installation(now, effects);
    return InstallFirmware{};
}

void FirmwareUpdate::watch_installation(const Now& now, Effects& effects) {
    if (!until_) until_ = now.steady + longest_installation;
    deadline_ = until_;
    if (now.steady < *until_) return;
    deadline_.reset();
    fail(FirmwareStatus::InstallationFailed, "Nobody told the end of the installation in time.", effects);
}

void FirmwareUpdate::on_downloaded(int attempt, const Result<void>& result, const Now& now,
                                   Effects& effects) {
    follow(attempts_.on_done(attempt, result, now.steady), result ? std::string() : result.error().detail,
           effects);
}

void FirmwareUpdate::on_installed(const Result<void>& result, Effects& effects) {
    if (stage_ != Stage::installing) return;
    if (!result) return fail(FirmwareStatus::InstallationFailed, result.error().detail, effects);
    enter(Stage::none, FirmwareStatus::Installed, effects);
}

void FirmwareUpdate::on_status_answered(Effects& effects) {
    outbox_.on_answered();
    save(effects);
}

void FirmwareUpdate::on_status_unanswered(Effects& effects) {
    outbox_.on_unanswered();
    save(effects);
}

FirmwareStatus FirmwareUpdate::status() const {
    return outbox_.latest().value_or(spec_of(stage_).status);
}

}  // namespace busbar::ocpp
