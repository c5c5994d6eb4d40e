// SPDX-License-Identifier: Apache-2.0
#include "gateway/clock_floor.hpp"

#include <charconv>
#include <fstream>

#include "gateway/atomic_file.hpp"

namespace busbar::gateway {

std::optional<UtcTime> ClockFloorFile::read() const {
    std::ifstream file(path_);
    std::string line;
    std::getline(file, line);
    std::int64_t seconds_since_1970 = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), seconds_since_1970);
    if (error != std::errc() || end != line.data() + line.size()) return std::nullopt;
    return UtcTime(seconds(seconds_since_1970));
}

Result<void> ClockFloorFile::write(UtcTime utc) const {
    const auto since_1970 = std::chrono::floor<seconds>(utc).time_since_epoch();
    return replace_file(path_, std::to_string(since_1970.count()) + '\n', Durable::yes);
}

}  // namespace busbar::gateway
