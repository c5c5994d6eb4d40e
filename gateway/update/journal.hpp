// SPDX-License-Identifier: Apache-2.0
// The course of an installation as a table, and the page that remembers where it is. Pure: a power cut is one
// more way for a step to end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/update/refusal.hpp"

namespace busbar::update {

/// What is being done; written down before it is begun, and safe to be begun again.
enum class Step {
    stop,            ///< the service is stopped
    copy_state,      ///< its state is copied aside
    install,         ///< dpkg installs the new package
    watch,           ///< the new release is started and has to say that it is well
    keep,            ///< the new package becomes the one to go back to
    roll_back,       ///< dpkg installs the old package
    watch_old,       ///< the old release is started on the state as the new one left it
    restore,         ///< the state is put back as it was copied
    watch_restored,  ///< the old release is started on that
    resume_old,      ///< nothing was changed: the service is started as it was
    finish           ///< the outcome is told
};

enum class Outcome {
    none,           ///< not over yet
    installed,      ///< the new release runs
    rolled_back,    ///< the old release runs, after the new one was tried
    not_installed,  ///< nothing was changed
    broken          ///< not even the old release runs: a person has to look
};

std::string_view name_of(Step step);
std::string_view name_of(Outcome outcome);

struct Journal {
    std::string id;  ///< of the request, [0-9a-z]
    std::string from;
    std::string to;
    Step step = Step::stop;
    int tries = 1;  ///< how often the step was begun
    Outcome outcome = Outcome::none;
    Refusal cause{};  ///< why it did not go the straight way; the first reason stays
    friend bool operator==(const Journal&, const Journal&) = default;
};

/// Lines key=value. Empty: it is no journal.
std::string to_text(const Journal& journal);
std::optional<Journal> read_journal(std::string_view text);

/// REQUIRES: the step is not `finish`. Where it goes after the step has ended, well or not.
Journal after(Journal journal, const Judged<void>& ended);

/// Where it goes on when the step was under way and the power, or the helper, went. A step that is begun too
/// often counts as failed.
Journal after_cut(Journal journal);

}  // namespace busbar::update
