// SPDX-License-Identifier: Apache-2.0
#include "gateway/update_plan.hpp"

#include <algorithm>
#include <array>

#include "gateway/update/hand_over.hpp"
#include "gateway/update/key_lines.hpp"

namespace busbar::gateway {
namespace {

constexpr std::array<std::string_view, 3> names{"idle", "now", "at"};

std::string time_text(const std::optional<UtcTime>& time) {
    return time ? std::to_string(time->time_since_epoch().count()) : std::string();
}

/// Milliseconds since 1970, or nothing for "".
std::optional<UtcTime> time_of(const std::string& text) {
    const auto number = update::number_of(text);
    if (!number) return std::nullopt;
    return UtcTime(milliseconds(static_cast<std::int64_t>(*number)));
}

}  // namespace

std::string_view name_of(InstallWhen when) {
    return names.at(static_cast<std::size_t>(when));
}

std::optional<InstallWhen> install_when_named(std::string_view name) {
    const auto* found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<InstallWhen>(found - names.begin());
}

bool is_due(const UpdatePlan& plan, const std::optional<UtcTime>& now, bool car_charges) {
    if (plan.not_before && (!now || *now < *plan.not_before)) return false;
    if (plan.when == InstallWhen::at) return plan.at && now && *now >= *plan.at;
    return plan.when == InstallWhen::now || !car_charges;
}

std::string to_text(const UpdatePlan& plan) {
    return update::to_text(update::KeyLines{{"id", plan.id},
                                            {"when", std::string(name_of(plan.when))},
                                            {"at", time_text(plan.at)},
                                            {"not_before", time_text(plan.not_before)}});
}

std::optional<UpdatePlan> read_plan(std::string_view text) {
    const auto lines = update::read_key_lines(text);
    if (!lines) return std::nullopt;
    const auto when = install_when_named(update::value_of(*lines, "when"));
    auto id = update::value_of(*lines, "id");
    if (!when || !update::is_id(id)) return std::nullopt;
    return UpdatePlan{std::move(id), *when, time_of(update::value_of(*lines, "at")),
                      time_of(update::value_of(*lines, "not_before"))};
}

}  // namespace busbar::gateway
