// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/journal.hpp"

#include <algorithm>
#include <array>

#include "gateway/update/key_lines.hpp"

namespace busbar::update {
namespace {

constexpr std::string_view format = "busbar-journal-1";

struct Row {
    Step step;
    std::string_view name;
    Step on_success;
    Step on_failure;
    Step on_cut;
    int most_tries;  ///< after so many beginnings a cut is a failure
};

/// Up to `install` nothing was changed, so a cut gives up there; from there on the fault may be the grid's,
/// and what was begun is tried again before the old release is taken back.
constexpr std::array<Row, 11> course{{
    {Step::stop, "stop", Step::copy_state, Step::resume_old, Step::resume_old, 1},
    {Step::copy_state, "copy_state", Step::install, Step::resume_old, Step::resume_old, 1},
    {Step::install, "install", Step::watch, Step::roll_back, Step::install, 2},
    {Step::watch, "watch", Step::keep, Step::roll_back, Step::watch, 3},
    {Step::keep, "keep", Step::finish, Step::finish, Step::keep, 5},
    {Step::roll_back, "roll_back", Step::watch_old, Step::watch_old, Step::roll_back, 5},
    {Step::watch_old, "watch_old", Step::finish, Step::restore, Step::watch_old, 3},
    {Step::restore, "restore", Step::watch_restored, Step::watch_restored, Step::restore, 5},
    {Step::watch_restored, "watch_restored", Step::finish, Step::finish, Step::watch_restored, 5},
    {Step::resume_old, "resume_old", Step::finish, Step::finish, Step::resume_old, 5},
    {Step::finish, "finish", Step::finish, Step::finish, Step::finish, 0},
}};

struct End {
    Step step;
    Outcome well;
    Outcome badly;
};
/// Steps that may lead to the end, and what that is then. A package that is installed and well stays so when
/// it cannot be kept for later.
constexpr std::array<End, 4> ends{{
    {Step::keep, Outcome::installed, Outcome::installed},
    {Step::watch_old, Outcome::rolled_back, Outcome::none},
    {Step::watch_restored, Outcome::rolled_back, Outcome::broken},
    {Step::resume_old, Outcome::not_installed, Outcome::broken},
}};

constexpr std::array<std::string_view, 5> outcomes{"none", "installed", "rolled_back", "not_installed",
                                                   "broken"};

const Row& row_of(Step step) {
    return course.at(static_cast<std::size_t>(step));
}

std::optional<Step> step_named(std::string_view name) {
    const auto* found =
        std::find_if(course.begin(), course.end(), [&](const Row& row) { return row.name == name; });
    return found == course.end() ? std::nullopt : std::optional(found->step);
}

std::optional<Outcome> outcome_named(std::string_view name) {
    const auto* found = std::find(outcomes.begin(), outcomes.end(), name);
    if (found == outcomes.end()) return std::nullopt;
    return static_cast<Outcome>(found - outcomes.begin());
}

void blame(Journal& journal, const Refusal& cause) {
    if (journal.cause.code.empty()) journal.cause = cause;
}

}  // namespace

std::string_view name_of(Step step) {
    return row_of(step).name;
}

std::string_view name_of(Outcome outcome) {
    return outcomes.at(static_cast<std::size_t>(outcome));
}

std::string to_text(const Journal& journal) {
    return to_text(KeyLines{{"format", std::string(format)},
                            {"id", journal.id},
                            {"from", journal.from},
                            {"to", journal.to},
                            {"step", std::string(name_of(journal.step))},
                            {"tries", std::to_string(journal.tries)},
                            {"outcome", std::string(name_of(journal.outcome))},
                            {"code", journal.cause.code},
                            {"detail", journal.cause.detail}});
}

std::optional<Journal> read_journal(std::string_view text) {
    const auto lines = read_key_lines(text);
    if (!lines || value_of(*lines, "format") != format) return std::nullopt;
    const auto step = step_named(value_of(*lines, "step"));
    const auto tries = number_of(value_of(*lines, "tries"));
    const auto outcome = outcome_named(value_of(*lines, "outcome"));
    if (!step || !tries || *tries > 1000 || !outcome) return std::nullopt;
    return Journal{value_of(*lines, "id"),
                   value_of(*lines, "from"),
                   value_of(*lines, "to"),
                   *step,
                   static_cast<int>(*tries),
                   *outcome,
                   {value_of(*lines, "code"), value_of(*lines, "detail")}};
}

Journal after(Journal journal, const Judged<void>& ended) {
    const Row& row = row_of(journal.step);
    if (!ended) blame(journal, ended.error());
    const auto* end =
        std::find_if(ends.begin(), ends.end(), [&](const End& one) { return one.step == row.step; });
    journal.step = ended ? row.on_success : row.on_failure;
    journal.tries = 1;
    if (journal.step == Step::finish && end != ends.end()) journal.outcome = ended ? end->well : end->badly;
    return journal;
}

Journal after_cut(Journal journal) {
    const Row& row = row_of(journal.step);
    if (row.step == Step::finish) return journal;
    const Refusal cut{"power_cut",
                      "The power went while the update was at work (" + std::string(row.name) + ")."};
    if (row.on_cut != row.step) {
        blame(journal, cut);
        journal.step = row.on_cut;
        journal.tries = 1;
        return journal;
    }
    if (journal.tries >= row.most_tries) return after(std::move(journal), cut);
    ++journal.tries;
    return journal;
}

}  // namespace busbar::update
