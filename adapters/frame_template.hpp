// SPDX-License-Identifier: Apache-2.0
// From the template of a limit frame to its bytes. Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/base/units.hpp"

namespace busbar::adapters {

/// `text` as config::FrameTemplate describes it: pairs of hex digits, and fields in braces. A scaled limit is
/// rounded down. Errors: invalid, where the template cannot be read or the limit does not fit its field.
Result<std::string> render_frame(std::string_view text, Amperes limit);

}  // namespace busbar::adapters
