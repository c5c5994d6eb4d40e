// SPDX-License-Identifier: Apache-2.0
// Texts as a .tar.gz (POSIX ustar), for whoever collects diagnostics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace busbar::gateway {

struct ArchiveMember {
    std::string name;  ///< at most 99 bytes
    std::string text;
};

/// The archive, before it is compressed. `written`: the members' time; empty: 1970.
std::string tar_of(const std::vector<ArchiveMember>& members, const std::optional<UtcTime>& written);

/// The file `path`, new, for its owner only. Error: Errc::io, with nothing left behind, where it cannot be
/// written or would be larger than `most_bytes`.
Result<void> write_gzip(const std::string& path, const std::string& content, std::uint64_t most_bytes);

}  // namespace busbar::gateway
