// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/firmware_slot.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/transfer/file_signature.hpp"
#include "gateway/transfer/part_file.hpp"
#include "gateway/update/bundle.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr seconds look_interval{1};
constexpr seconds longest_wait{86400};
constexpr seconds longest_silence{30};
constexpr std::size_t largest_state = 256 * 1024;
constexpr std::uint64_t mebi = 1024ULL * 1024;
constexpr unsigned for_owner = 0600;

std::set<std::string> names_in(const Json& state, const char* key) {
    std::set<std::string> names;
    for (const auto& name : state.value(key, Json::array())) {
        if (name.is_string()) names.insert(name.get<std::string>());
    }
    return names;
}

std::string text_in(const Json& state, const char* key) {
    const auto found = state.find(key);
    return found != state.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<void> outcome_of(const update::Status& status) {
    if (status.outcome == "installed") return {};
    return Error{Errc::refused, "The update was not installed: " + status.outcome + ". " + status.detail};
}

}  // namespace

FirmwareSlot::FirmwareSlot(const TransferSurroundings& around, const std::string& folder, Machine machine,
                           Log log)
    : around_(around),
      file_(folder + "/firmware"),
      state_file_(folder + "/firmware.json"),
      machine_(std::move(machine)),
      log_(std::move(log)),
      timer_(around.loop) {
    load();
}

void FirmwareSlot::load() {
    const Json state =
        Json::parse(update::small_file(state_file_, largest_state).value_or(""), nullptr, false);
    if (!state.is_object()) return;
    location_ = text_in(state, "location");
    fetched_ = text_in(state, "fetched") == "yes" && ::access(file_.c_str(), R_OK) == 0;
    fetched_at_ = steady_now();
    installation_ = text_in(state, "installation");
    holders_ = names_in(state, "holders");
    installers_ = names_in(state, "installers");
}

void FirmwareSlot::save() const {
    const Json state{{"location", location_},
                     {"fetched", fetched_ ? "yes" : "no"},
                     {"installation", installation_},
                     {"holders", holders_},
                     {"installers", installers_}};
    const auto saved = update::replace_durably(
        state_file_, state.dump(1, ' ', false, Json::error_handler_t::replace), for_owner);
    if (!saved) log_.error("firmware_not_kept", saved.error().detail);
}

void FirmwareSlot::clear() {
    transfer_.reset();
    PartFile::remove(file_);
    location_.clear();
    installation_.clear();
    fetched_ = handing_in_ = false;
    adrift_since_.reset();
    holders_.clear();
    installers_.clear();
}

void FirmwareSlot::start() {
    tick();
}

std::optional<std::string> FirmwareSlot::conflict(const std::string& charge_point,
                                                  const std::string& hash) const {
    if (location_.empty() || location_ == hash) return std::nullopt;
    if (handing_in_ || !installation_.empty())
        return "Other firmware is being installed; ask again when it is over.";
    const bool busy = transfer_ || (fetched_ && steady_now() - fetched_at_ < longest_wait);
    for (const auto& holder : holders_) {
        if (busy && holder != charge_point)
            return "Other firmware is asked for by " + holder + "; ask again when it is over.";
    }
    return std::nullopt;
}

void FirmwareSlot::fetch(const std::string& charge_point, const std::string& location, Done done) {
    const auto hash = hash_of(location);
    if (const auto problem = conflict(charge_point, hash)) {
        return asio::post(around_.loop, [done = std::move(done), problem] {
            done(Error{Errc::refused, *problem});
        });
    }
    const bool joins = location_ == hash && (transfer_ || fetched_ || handing_in_ || !installation_.empty());
    if (location_ != hash) clear();
    location_ = hash;
    holders_.insert(charge_point);
    fetchers_[charge_point] = std::move(done);
    save();
    if (!joins) return begin(location);
    if (!transfer_) asio::post(around_.loop, [this] { on_fetched({}); });
}

void FirmwareSlot::begin(const std::string& location) {
    const auto allowed = static_cast<std::uint64_t>(around_.config().transfers.max_mb) * mebi;
    transfer_ =
        FileTransfer::start(around_, {false, location, "", file_, std::min(allowed, update::largest_bundle)},
                            [this](const Result<void>& result) { on_fetched(result); });
}

/// After a failure the part that came stays for the next attempt.
void FirmwareSlot::on_fetched(const Result<void>& result) {
    transfer_.reset();
    if (result && !handing_in_ && installation_.empty()) {
        fetched_ = true;
        fetched_at_ = steady_now();
    }
    save();
    const bool busy = machine_.car_charges();
    for (const auto& [charge_point, done] : std::exchange(fetchers_, {})) {
        machine_.hold(charge_point, busy);
        done(result);
    }
}

void FirmwareSlot::verify(const std::string& certificate, const std::string& signature, Done done) {
    around_.carrier.run(
        [file = file_, certificate, signature] { return verify_file(file, certificate, signature); },
        [this, done = std::move(done)](const Result<void>& result) {
            if (!result && installation_.empty() && !handing_in_) {
                fetched_ = false;  // who fetches it again begins anew
                PartFile::remove(file_);
            }
            done(result);
        });
}

void FirmwareSlot::install(const std::string& charge_point, Done done) {
    waiting_[charge_point] = std::move(done);
    installers_.insert(charge_point);
    if (handing_in_ || !installation_.empty()) return save();
    handing_in_ = true;
    asio::post(around_.loop, [this] { hand_in(); });
}

void FirmwareSlot::hand_in() {
    if (!fetched_) return end_installation(Error{Errc::invalid, "The fetched file is not there any more."});
    const auto room = machine_.update.receive(0);
    if (!room) return end_installation(Error{Errc::refused, room.error().detail});
    if (const auto moved = update::rename_durably(file_, (*room)->path()); !moved) {
        return end_installation(moved.error());
    }
    fetched_ = false;
    machine_.update.take(*room, [this](const auto& taken) { on_taken(taken); });
}

/// Nobody charges on the charge points that asked, and who charges elsewhere goes on through the restart.
void FirmwareSlot::on_taken(const update::Judged<update::Verified>& taken) {
    if (!taken)
        return end_installation(
            Error{Errc::invalid, "The file is no update for this gateway: " + taken.error().detail});
    const auto planned = machine_.update.install({"", InstallWhen::now});
    const auto plan = machine_.update.report().plan;
    if (!planned || !plan) {
        const auto why = planned ? "it was not planned" : planned.error().detail;
        (void)machine_.update.cancel();
        return end_installation(Error{Errc::refused, "The update cannot be installed: " + why});
    }
    handing_in_ = false;
    installation_ = plan->id;
    save();
}

void FirmwareSlot::end_installation(const Result<void>& result) {
    const auto told = std::exchange(installers_, {});
    const auto waiting = std::exchange(waiting_, {});
    clear();
    for (const auto& charge_point : told) {
        const auto found = waiting.find(charge_point);
        found != waiting.end() ? found->second(result) : machine_.installed(charge_point, result);
    }
}

/// The state stays as it was saved: should the charge points' own records be lost with the power, they are
/// told again, and who knows already does not listen. Between the helper's taking the request and its first
/// word nobody has it.
void FirmwareSlot::follow_installation() {
    const auto report = machine_.update.report();
    const bool speaks = report.last && report.last->id == installation_;
    const bool waits = report.state == "handed_over" || (report.plan && report.plan->id == installation_);
    if (speaks && report.last->state == "finished") return end_installation(outcome_of(*report.last));
    if (speaks || waits) {
        adrift_since_.reset();
    } else if (!adrift_since_) {
        adrift_since_ = steady_now();
    } else if (steady_now() - *adrift_since_ > longest_silence) {
        end_installation(Error{Errc::cancelled, "The update was cancelled at the gateway."});
    }
}

void FirmwareSlot::tick() {
    if (!installation_.empty()) follow_installation();
    if (fetched_) {
        const bool busy = machine_.car_charges();
        for (const auto& charge_point : holders_) machine_.hold(charge_point, busy);
    }
    timer_.expires_after(look_interval);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) tick();
    });
}

void FirmwareSlot::on_moved() {
    if (const auto held = transfer_) held->on_moved();
}

}  // namespace busbar::gateway
