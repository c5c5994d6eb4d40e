// SPDX-License-Identifier: Apache-2.0
// A file that readers, and the next start after a power cut, find whole: the old one or the new one.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"

namespace busbar::gateway {

enum class Durable : bool { no, yes };  ///< yes: on the disk before the old one goes

inline constexpr unsigned owner_and_group = 0640;
inline constexpr unsigned owner_only = 0600;

/// Replaces `path` by way of `path`.new. Error: Errc::io, with the path and the system's words.
Result<void> replace_file(const std::string& path, std::string_view content, Durable durable,
                          unsigned mode = owner_and_group);

/// Empty: there is none, or it cannot be read.
std::string file_content(const std::string& path);

}  // namespace busbar::gateway
