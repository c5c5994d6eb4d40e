// SPDX-License-Identifier: Apache-2.0
// What the kernel says of this process.
#pragma once

#include <cstdint>
#include <optional>

namespace busbar::gateway {

struct ProcessFacts {
    std::optional<std::uint64_t> resident_bytes{};
    std::optional<std::uint64_t> open_fds{};
    std::optional<std::uint64_t> max_fds{};
};

/// From /proc; what cannot be read is empty.
ProcessFacts process_facts();

}  // namespace busbar::gateway
