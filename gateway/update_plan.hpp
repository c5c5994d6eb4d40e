// SPDX-License-Identifier: Apache-2.0
// When an update that lies ready is installed. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

enum class InstallWhen {
    idle,  ///< as soon as no car is in a transaction
    now,   ///< cars or not: they go on charging at the limits they have
    at     ///< at a time, cars or not
};

/// "idle", "now", "at".
std::string_view name_of(InstallWhen when);
std::optional<InstallWhen> install_when_named(std::string_view name);

struct UpdatePlan {
    std::string id;  ///< of the request that it becomes, update::is_id()
    InstallWhen when = InstallWhen::idle;
    std::optional<UtcTime> at{};          ///< of InstallWhen::at
    std::optional<UtcTime> not_before{};  ///< somebody postponed it
    friend bool operator==(const UpdatePlan&, const UpdatePlan&) = default;
};

/// A time that is to come needs a known present.
bool is_due(const UpdatePlan& plan, const std::optional<UtcTime>& now, bool car_charges);

std::string to_text(const UpdatePlan& plan);
std::optional<UpdatePlan> read_plan(std::string_view text);

}  // namespace busbar::gateway
