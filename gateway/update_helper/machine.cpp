// SPDX-License-Identifier: Apache-2.0
#include "gateway/update_helper/machine.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "gateway/update/status.hpp"
#include "gateway/update_helper/state_copy.hpp"

namespace busbar::update {
namespace {

constexpr unsigned for_root = 0600;
constexpr unsigned for_all = 0644;

/// Repeated by the daemon that is watched, so that an older word does not count.
std::string watch_of(const Journal& journal) {
    return journal.id + '-' + std::string(name_of(journal.step)) + '-' + std::to_string(journal.tries);
}

bool watches(Step step) {
    return step == Step::watch || step == Step::watch_old || step == Step::watch_restored;
}

const char* state_of(Step step) {
    switch (step) {
        case Step::stop:
        case Step::copy_state:
        case Step::install:
            return "installing";
        case Step::watch:
        case Step::keep:
            return "watching";
        case Step::finish:
            return "finished";
        default:
            return "rolling_back";
    }
}

Status status_of(const Journal& journal) {
    const bool finished = journal.step == Step::finish;
    return {journal.id,
            state_of(journal.step),
            finished ? std::string(name_of(journal.outcome)) : "",
            journal.outcome == Outcome::installed ? "" : journal.cause.code,
            journal.outcome == Outcome::installed ? "" : journal.cause.detail,
            journal.from,
            journal.to,
            watches(journal.step) ? watch_of(journal) : ""};
}

Judged<void> judged(const Result<void>& done, const char* code) {
    if (done) return {};
    return Refusal{code, done.error().detail};
}

}  // namespace

void tell(const Places& places, const Status& status) {
    if (const auto told = replace_durably(places.status(), to_json(status), for_all); !told)
        std::fprintf(stderr, "busbar-update: %s\n", told.error().detail.c_str());
}

Judged<void> RealMachine::save(const Journal& journal) {
    std::printf("step=%s tries=%d from=%s to=%s %s\n", std::string(name_of(journal.step)).c_str(),
                journal.tries, journal.from.c_str(), journal.to.c_str(), journal.cause.detail.c_str());
    std::fflush(stdout);
    auto saved = judged(replace_durably(places_.journal(), to_text(journal), for_root), "journal_unwritable");
    if (saved && journal.step != Step::finish) tell(places_, status_of(journal));
    return saved;
}

Judged<void> RealMachine::carry_out(const Journal& journal) {
    switch (journal.step) {
        case Step::stop:
            return service_.stop_and_hold();
        case Step::copy_state:
            return copy_aside();
        case Step::install:
            return install(journal);
        case Step::keep:
            return keep();
        case Step::roll_back:
            return roll_back();
        case Step::restore:
            return put_back();
        case Step::resume_old:
            return service_.start();
        default:
            return start_and_watch(journal);
    }
}

Judged<void> RealMachine::copy_aside() const {
    return judged(update::copy_state(places_.state(), places_.state_copy()), "state_not_copied");
}

Judged<void> RealMachine::install(const Journal& journal) const {
    if (const auto held = service_.stop_and_hold(); !held) return held.error();
    if (journal.tries > 1) dpkg_.configure_pending();
    return dpkg_.install(places_.new_package());
}

Judged<void> RealMachine::keep() const {
    if (::access(places_.new_package().c_str(), F_OK) != 0) return {};  // it was kept before the power went
    return judged(rename_durably(places_.new_package(), places_.current_package()), "not_kept");
}

Judged<void> RealMachine::roll_back() const {
    if (const auto held = service_.stop_and_hold(); !held) return held.error();
    if (const auto installed = dpkg_.install(places_.current_package()); installed) return {};
    dpkg_.configure_pending();
    return dpkg_.install(places_.current_package());
}

Judged<void> RealMachine::put_back() const {
    if (const auto held = service_.stop_and_hold(); !held) return held.error();
    return judged(restore_state(places_.state_copy(), places_.state()), "state_not_restored");
}

/// The release that goes back to work need only run: whether the network is there is not its doing. With a
/// database that was set aside it runs too, but has forgotten everything.
Judged<void> RealMachine::start_and_watch(const Journal& journal) const {
    if (const auto started = service_.start(); !started) return started.error();
    auto watched = service_.watch(watch_of(journal), journal.step == Step::watch);
    if (!watched || journal.step == Step::watch_restored) return watched;
    if (!was_set_aside(places_.state(), places_.state_copy())) return {};
    return Refusal{"state_damaged", "The database was found damaged and set aside."};
}

void RealMachine::finish(const Journal& journal) {
    tell(places_, status_of(journal));
    if (journal.outcome != Outcome::broken) {
        remove_copy(places_.state_copy());
        ::unlink(places_.new_package().c_str());
    }
    ::unlink(places_.bundle().c_str());
    ::unlink(places_.journal().c_str());
    (void)sync_folder_of(places_.journal());
}

}  // namespace busbar::update
