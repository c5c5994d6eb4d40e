// SPDX-License-Identifier: Apache-2.0
// A factory reset as the disk sees it: a marker, and at the next start everything else gone before anything
// is opened. The marker goes last, so that a power cut anywhere in it ends in an erased box too.
#pragma once

#include <string>

#include "gateway/base/result.hpp"

namespace busbar::gateway {

/// From now on whoever starts on that directory erases it first; on the disk when this returns.
Result<void> ask_for_erasure(const std::string& state_dir);

[[nodiscard]] bool erasure_is_asked(const std::string& state_dir);

/// The configuration that a box begins with.
struct FirstConfiguration {
    std::string file;           ///< where the daemon reads it; one outside the state directory is left alone
    std::string template_file;  ///< absent: the box has no configuration after
};

/// Overwrites and removes all that lies in `state_dir`, but for the lock of the process that does it, puts
/// the first configuration in place, then takes the marker away. May be begun again after any interruption.
/// REQUIRES: nobody else uses the directory (open_state_dir). Error (io): something cannot be removed; the
/// marker stays.
Result<void> erase_state(const std::string& state_dir, const FirstConfiguration& first);

}  // namespace busbar::gateway
