// SPDX-License-Identifier: Apache-2.0
#include "gateway/update_desk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "gateway/fitness.hpp"
#include "gateway/state_dir.hpp"
#include "gateway/update/hand_over.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using update::Judged;
using update::Refusal;
using update::Verified;

constexpr seconds look_interval{2};
constexpr std::uint64_t always_free = 32ULL * 1024 * 1024;
constexpr std::size_t largest_status = 16 * 1024;
constexpr std::size_t largest_baseline = 64 * 1024;
constexpr unsigned for_owner = 0600;
constexpr unsigned folder_mode = 0750;

constexpr const char* incoming_name = "incoming";
constexpr const char* plan_name = "plan";
constexpr const char* baseline_name = "baseline.json";

/// As Debian calls what this was compiled for.
#if defined(__x86_64__)
constexpr const char* architecture = "amd64";
#elif defined(__aarch64__)
constexpr const char* architecture = "arm64";
#else
constexpr const char* architecture = "armhf";
#endif

Refusal running() {
    return {"update_running", "An update is being installed."};
}

Refusal not_kept(const Error& error) {
    return {"no_space", error.detail};
}

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

/// On the worker: the bytes reach the disk, then they are looked at.
Judged<Verified> first_look(const std::string& path, const update::Places& places) {
    const auto file = update::open_plain(AT_FDCWD, path, update::largest_bundle);
    if (!file) return Refusal{"bad_bundle", file.error().detail};
    if (::fsync(file->get()) != 0) return Refusal{"no_space", "The bundle cannot be written."};
    auto verified = update::look_at(*file, update::load_keys(places.keys()));
    if (!verified) return verified;
    const auto judged = update::judge(verified->manifest, {"busbar", BUSBAR_VERSION, architecture});
    if (!judged) return judged.error();
    return verified;
}

}  // namespace

IncomingBundle::IncomingBundle(std::string path)
    : path_(std::move(path)),
      file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, for_owner)),
      failed_(!file_.is_open()) {}

IncomingBundle::~IncomingBundle() {
    ::unlink(path_.c_str());
}

void IncomingBundle::take(std::string_view bytes) {
    while (!failed_ && !bytes.empty()) {
        const auto written = ::write(file_.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) failed_ = true;
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

UpdateDesk::UpdateDesk(Ports ports) : ports_(std::move(ports)), timer_(ports_.loop), worker_("update") {}

void UpdateDesk::start() {
    ::mkdir(ports_.spool.c_str(), folder_mode);
    ::unlink(file(incoming_name).c_str());
    hear_helper();
    look_at_spool();
    tick();
}

void UpdateDesk::look_at_spool() {
    handed_over_ = exists(file(update::spool::request));
    plan_ = read_plan(update::small_file(file(plan_name), update::largest_page).value_or(""));
    if (!exists(file(update::spool::bundle))) return forget_plan();
    check(file(update::spool::bundle), [this](const Judged<Verified>& looked) {
        if (looked) bundle_ = *looked;
        if (!looked && !is_running()) (void)cancel();
    });
}

bool UpdateDesk::is_running() const {
    return handed_over_ || (status_ && status_->state != "finished");
}

void UpdateDesk::check(const std::string& path, Taken taken) {
    checking_ = true;
    worker_.post([this, path, places = ports_.places, taken = std::move(taken)] {
        asio::post(ports_.loop, [this, looked = first_look(path, places), taken] {
            checking_ = false;
            taken(looked);
            tell();
        });
    });
}

Judged<std::shared_ptr<IncomingBundle>> UpdateDesk::receive(std::uint64_t announced_bytes) {
    if (is_running()) return running();
    if (checking_ || !incoming_.expired()) return Refusal{"upload_running", "Another bundle is being taken."};
    struct statvfs disk {};
    const auto wanted = announced_bytes + always_free;
    const bool known = ::statvfs(ports_.spool.c_str(), &disk) == 0;
    if (known && static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize < wanted) {
        return Refusal{"no_space", "The disk has too little free space for an update."};
    }
    auto incoming = std::make_shared<IncomingBundle>(file(incoming_name));
    if (incoming->failed()) return Refusal{"no_space", "The spool cannot be written to."};
    incoming_ = incoming;
    return incoming;
}

void UpdateDesk::take(std::shared_ptr<IncomingBundle> incoming, Taken taken) {
    if (incoming->failed()) return taken(Refusal{"no_space", "The bundle could not be written."});
    const auto path = incoming->path();
    check(path,
          [this, incoming = std::move(incoming), taken = std::move(taken)](const Judged<Verified>& looked) {
              auto answer = looked;
              if (looked && is_running()) answer = running();
              if (answer) {
                  forget_plan();
                  const auto kept = update::rename_durably(incoming->path(), file(update::spool::bundle));
                  if (!kept) answer = not_kept(kept.error());
              }
              if (answer) bundle_ = *answer;
              ports_.log.info("update_bundle", answer ? "A bundle was taken." : answer.error().detail,
                              {{"code", answer ? "" : answer.error().code}});
              taken(answer);
          });
}

Judged<void> UpdateDesk::install(UpdatePlan wish) {
    if (is_running()) return running();
    if (!bundle_) return Refusal{"no_bundle", "There is no bundle: upload one first."};
    if (!report().has_helper) {
        return Refusal{"no_update_helper",
                       "This gateway was not installed as a package: busbar-update is missing."};
    }
    const auto now = ports_.now();
    if (wish.when == InstallWhen::at && !now.utc) {
        return Refusal{"clock_unknown", "The gateway does not know the time yet."};
    }
    if (wish.when == InstallWhen::at && (!wish.at || *wish.at < *now.utc)) {
        return Refusal{"past", "The time for the update has passed."};
    }
    wish.id = random_name();
    wish.not_before.reset();
    if (const auto saved = save_plan(std::move(wish)); !saved) return saved.error();
    asio::post(ports_.loop, [this] { tick(); });
    return {};
}

Judged<void> UpdateDesk::postpone(seconds time) {
    if (is_running()) return running();
    if (!plan_) return Refusal{"no_plan", "No update waits for its hour."};
    const auto now = ports_.now();
    if (!now.utc) return Refusal{"clock_unknown", "The gateway does not know the time yet."};
    auto plan = *plan_;
    plan.not_before = *now.utc + time;
    return save_plan(std::move(plan));
}

Judged<void> UpdateDesk::cancel() {
    if (status_ && status_->state != "finished") return running();
    // Nobody has taken the request yet; who takes it at this moment goes on, and says so.
    ::unlink(file(update::spool::request).c_str());
    handed_over_ = false;
    forget_plan();
    bundle_.reset();
    ::unlink(file(update::spool::bundle).c_str());
    (void)update::sync_folder_of(file(update::spool::bundle));
    tell();
    return {};
}

Judged<void> UpdateDesk::save_plan(UpdatePlan plan) {
    const auto saved = update::replace_durably(file(plan_name), to_text(plan), for_owner);
    if (!saved) return not_kept(saved.error());
    plan_ = std::move(plan);
    tell();
    return {};
}

void UpdateDesk::forget_plan() {
    plan_.reset();
    ::unlink(file(plan_name).c_str());
}

UpdateReport UpdateDesk::report() const {
    const auto& places = ports_.places;
    UpdateReport report{"none", exists(places.helper()), exists(places.current_package()), bundle_, plan_,
                        status_};
    if (bundle_) report.state = plan_ ? "scheduled" : "available";
    if (checking_) report.state = "checking_bundle";
    if (handed_over_) report.state = "handed_over";
    if (status_ && status_->state != "finished") report.state = status_->state;
    return report;
}

void UpdateDesk::tick() {
    hear_helper();
    give_word();
    if (plan_ && bundle_ && !is_running() &&
        is_due(*plan_, ports_.now().utc, car_charges(ports_.charge_points()))) {
        hand_over();
    }
    timer_.expires_after(look_interval);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) tick();
    });
}

/// The helper forgets the request once it has taken or refused it; the bundle goes with it.
void UpdateDesk::hear_helper() {
    const auto heard =
        update::read_status(update::small_file(ports_.places.status(), largest_status).value_or(""));
    const bool waits = exists(file(update::spool::request));
    const bool taken = handed_over_ && !waits;
    if (heard == status_ && !taken) return;
    const bool was_running = is_running();
    status_ = heard;
    handed_over_ = waits;
    if (taken) bundle_.reset();
    if (taken) forget_plan();
    if (status_ && was_running && !is_running()) {
        ports_.log.info("update_finished", status_->outcome + ". " + status_->detail,
                        {{"outcome", status_->outcome}, {"code", status_->code}, {"to", status_->to}});
    }
    tell();
}

/// Said only while it is asked for, so that no flash is worn by it.
void UpdateDesk::give_word() {
    if (!status_ || status_->watch.empty()) return;
    const auto before = read_fitness(update::small_file(file(baseline_name), largest_baseline).value_or(""));
    const auto lacking = missing(before, fitness_of(ports_.charge_points()));
    const auto word = to_text(update::HealthWord{status_->watch, lacking.empty(), lacking});
    if (word == word_) return;
    if (update::replace_durably(file(update::spool::health), word, for_owner)) word_ = word;
}

void UpdateDesk::hand_over() {
    const auto baseline = to_json(fitness_of(ports_.charge_points()));
    auto asked = update::replace_durably(file(baseline_name), baseline, for_owner);
    if (asked) {
        asked =
            update::replace_durably(file(update::spool::request), update::request_text(plan_->id), for_owner);
    }
    if (!asked) return ports_.log.error("update_not_asked", asked.error().detail);
    handed_over_ = true;
    ports_.log.info("update_handed_over", "The update helper is asked to install a release.",
                    {{"to", bundle_->manifest.version}});
    tell();
}

void UpdateDesk::tell() {
    asio::post(ports_.loop, [this] {
        if (changed_) changed_();
    });
}

}  // namespace busbar::gateway
