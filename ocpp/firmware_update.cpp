// SPDX-License-Identifier: Apache-2.0
#include "ocpp/firmware_update.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

using Stage = FirmwareStage;
using Status = SignedFirmwareStatus;

struct StageSpec {
    Stage stage;
    std::string_view name;        ///< in the record
    SignedFirmwareStatus status;  ///< for TriggerMessage
};

/// An announcement is made again after a restart, so it is kept as what came before it.
/// An announcement and a verification are made again after a restart, so they are kept as what came before.
constexpr std::array stages{
    StageSpec{Stage::none, "", Status::Idle},
    StageSpec{Stage::waiting, "waiting", Status::DownloadScheduled},
    StageSpec{Stage::downloading, "downloading", Status::Downloading},
    StageSpec{Stage::downloaded, "downloaded", Status::Downloaded},
    StageSpec{Stage::ready, "ready", Status::SignatureVerified},
    StageSpec{Stage::announced, "ready", Status::Installing},
    StageSpec{Stage::installing, "installing", Status::Installing},
};

struct PlainName {
    Status status;
    FirmwareStatus plain;
};
constexpr std::array plain_names{
    PlainName{Status::Downloaded, FirmwareStatus::Downloaded},
    PlainName{Status::DownloadFailed, FirmwareStatus::DownloadFailed},
    PlainName{Status::Downloading, FirmwareStatus::Downloading},
    PlainName{Status::Idle, FirmwareStatus::Idle},
    PlainName{Status::InstallationFailed, FirmwareStatus::InstallationFailed},
    PlainName{Status::Installing, FirmwareStatus::Installing},
    PlainName{Status::Installed, FirmwareStatus::Installed},
    PlainName{Status::DownloadScheduled, FirmwareStatus::Idle},
    PlainName{Status::SignatureVerified, FirmwareStatus::Downloaded},
    PlainName{Status::InstallScheduled, FirmwareStatus::Downloaded},
    PlainName{Status::InvalidSignature, FirmwareStatus::InstallationFailed},
    PlainName{Status::InstallVerificationFailed, FirmwareStatus::InstallationFailed},
};

constexpr std::array last_words{Status::DownloadFailed, Status::InstallationFailed, Status::Installed,
                                Status::InstallVerificationFailed, Status::InvalidSignature};

const StageSpec& spec_of(Stage stage) {
    return stages.at(static_cast<std::size_t>(stage));
}

Stage stage_named(std::string_view name) {
    const auto* found =
        std::find_if(stages.begin(), stages.end(), [&](const StageSpec& one) { return one.name == name; });
    return found == stages.end() ? Stage::none : found->stage;
}

}  // namespace

bool is_last_word(SignedFirmwareStatus status) {
    return std::find(last_words.begin(), last_words.end(), status) != last_words.end();
}

std::optional<FirmwareStatus> plain_status(SignedFirmwareStatus status) {
    const auto* found = std::find_if(plain_names.begin(), plain_names.end(),
                                     [&](const PlainName& one) { return one.status == status; });
    return found == plain_names.end() ? std::nullopt : std::optional(found->plain);
}

FirmwareUpdate::FirmwareUpdate(const std::vector<Record>& saved) : record_(record_kind, saved) {
    restore();
}

void FirmwareUpdate::restore() {
    const Json body = Json::parse(record_.body(), nullptr, false);
    if (!body.is_object()) return;
    for (const auto& told : field(body, "untold", std::vector<FirmwareTold>())) {
        if (is_last_word(told)) outbox_.push(told);
    }
    location_ = field(body, "location", std::string());
    if (location_.empty()) return;
    stage_ = stage_named(field(body, "stage", std::string()));
    retrieve_date_ = field(body, "retrieve_date", UtcTime());
    const auto plan = RetryPlan::from(field(body, "retries", 0), field(body, "interval", 1));
    attempts_ = Attempts(plan, field(body, "attempts", 0));
    scheduled_ = field(body, "scheduled", false);
    if (!body.contains("request")) {
        if (stage_ == Stage::downloaded) stage_ = Stage::ready;
        return;
    }
    signed_ = Signature{field(body, "request", 0), std::nullopt, field(body, "certificate", std::string()),
                        field(body, "signature", std::string())};
    if (body.contains("install_date")) signed_->install_date = field(body, "install_date", UtcTime());
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
        if (scheduled_) body["scheduled"] = true;
    }
    if (stage_ != Stage::none && signed_) {
        body["request"] = signed_->request;
        body["certificate"] = signed_->certificate;
        body["signature"] = signed_->signature;
        if (signed_->install_date) body["install_date"] = encode(*signed_->install_date);
    }
    record_.keep(body.empty() ? std::string() : to_text(body), effects);
}

void FirmwareUpdate::enter(Stage stage, std::optional<Status> status, Effects& effects) {
    stage_ = stage;
    until_.reset();
    verifying_ = false;
    if (status) tell(*status);
    save(effects);
}

void FirmwareUpdate::tell(Status status) {
    if (signed_) return outbox_.push({status, signed_->request});
    if (plain_status(status)) outbox_.push({status, std::nullopt});
}

void FirmwareUpdate::fail(Status status, const std::string& why, Effects& effects) {
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
    signed_.reset();
    scheduled_ = false;
    location_ = request.location;
    retrieve_date_ = request.retrieveDate;
    attempts_ = Attempts(RetryPlan::from(request.retries, request.retryInterval));
    if (const auto problem = location_problem(location_, protocols)) {
        fail(Status::DownloadFailed, *problem, effects);
    } else {
        enter(Stage::waiting, std::nullopt, effects);
    }
    return true;
}

UpdateFirmwareStatus FirmwareUpdate::request(const SignedUpdateFirmwareReq& request,
                                             std::string_view protocols, Effects& effects) {
    const auto& firmware = request.firmware;
    const bool installs = stage_ == Stage::announced || stage_ == Stage::installing;
    const auto problem = location_problem(firmware.location.str(), protocols);
    if (installs || problem) {
        effects.emplace_back(Note{LogLevel::warning,
                                  "firmware_update_ignored",
                                  problem.value_or("SignedUpdateFirmware came while an update is installed; "
                                                   "ask again when it is over."),
                                  {}});
        return UpdateFirmwareStatus::Rejected;
    }
    const bool cancels = stage_ != Stage::none;
    signed_ = Signature{request.requestId, firmware.installDateTime, firmware.signingCertificate.str(),
                        firmware.signature.str()};
    scheduled_ = false;
    location_ = firmware.location.str();
    retrieve_date_ = firmware.retrieveDateTime;
    attempts_ = Attempts(RetryPlan::from(request.retries, request.retryInterval));
    enter(Stage::waiting, std::nullopt, effects);
    return cancels ? UpdateFirmwareStatus::AcceptedCanceled : UpdateFirmwareStatus::Accepted;
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
            return verify();
        case Stage::ready:
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
        if (signed_ && !std::exchange(scheduled_, true)) {
            enter(Stage::waiting, Status::DownloadScheduled, effects);
        }
        deadline_ = now.steady + (retrieve_date_ - *now.utc);
        return std::nullopt;
    }
    scheduled_ = false;
    enter(Stage::downloading, Status::Downloading, effects);
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
            return enter(signed_ ? Stage::downloaded : Stage::ready, Status::Downloaded, effects);
        case Attempts::End::failure:
            return fail(Status::DownloadFailed, why, effects);
        case Attempts::End::retry:
            effects.emplace_back(Note{LogLevel::info, "firmware_download_retried", why, {}});
    }
}

std::optional<Transfer> FirmwareUpdate::verify() {
    if (std::exchange(verifying_, true)) return std::nullopt;
    return VerifyFirmware{signed_->certificate, signed_->signature};
}

bool FirmwareUpdate::on_verified(const Result<void>& result, Effects& effects) {
    if (stage_ != Stage::downloaded || !verifying_) return false;
    if (result) {
        enter(Stage::ready, Status::SignatureVerified, effects);
        return false;
    }
    const bool forged = result.error().code == Errc::invalid;
    fail(forged ? Status::InvalidSignature : Status::InstallVerificationFailed, result.error().detail,
         effects);
    return forged;
}

/// For installDateTime, or for a car; also for one that came in time to be charged first.
bool FirmwareUpdate::must_wait(bool may_install, const Now& now, Effects& effects) {
    const auto date = signed_ ? signed_->install_date : std::nullopt;
    const bool early = date && (!now.utc || *now.utc < *date);
    if (early && now.utc) deadline_ = now.steady + (*date - *now.utc);
    const bool waits = early || !may_install;
    if (waits && signed_ && stage_ == Stage::ready && !std::exchange(scheduled_, true)) {
        enter(Stage::ready, Status::InstallScheduled, effects);
    }
    return waits;
}

std::optional<Transfer> FirmwareUpdate::announce(bool may_install, const Now& now, Effects& effects) {
    if (must_wait(may_install, now, effects)) return std::nullopt;
    if (stage_ == Stage::ready) {
        enter(Stage::announced, Status::Installing, effects);
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
    fail(Status::InstallationFailed, "Nobody told the end of the installation in time.", effects);
}

void FirmwareUpdate::on_downloaded(int attempt, const Result<void>& result, const Now& now,
                                   Effects& effects) {
    follow(attempts_.on_done(attempt, result, now.steady), result ? std::string() : result.error().detail,
           effects);
}

bool FirmwareUpdate::on_installed(const Result<void>& result, Effects& effects) {
    if (stage_ != Stage::installing) return false;
    if (result) {
        enter(Stage::none, Status::Installed, effects);
        return true;
    }
    const bool unfit = signed_ && result.error().code == Errc::invalid;
    fail(unfit ? Status::InstallVerificationFailed : Status::InstallationFailed, result.error().detail,
         effects);
    return false;
}

void FirmwareUpdate::on_status_answered(Effects& effects) {
    outbox_.on_answered();
    save(effects);
}

void FirmwareUpdate::on_status_unanswered(Effects& effects) {
    outbox_.on_unanswered();
    save(effects);
}

FirmwareTold FirmwareUpdate::latest() const {
    const auto request = signed_ ? std::optional(signed_->request) : std::nullopt;
    return outbox_.latest().value_or(FirmwareTold{spec_of(stage_).status, request});
}

FirmwareStatus FirmwareUpdate::status() const {
    return plain_status(latest().status).value_or(FirmwareStatus::Idle);
}

SignedFirmwareStatusNotificationReq FirmwareUpdate::signed_status() const {
    const auto told = latest();
    if (!told.request || told.status == Status::Idle) return {Status::Idle, std::nullopt};
    return {told.status, told.request};
}

}  // namespace busbar::ocpp
