// SPDX-License-Identifier: Apache-2.0
// How a box that has no registers is asked whether it is there. A question only: nothing in the box changes.
#pragma once

#include <string>

#include "adapters/frame_line.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

/// RAPI, EVCC and KEBA boxes are spoken to in messages of their maker's.
bool speaks_messages(config::Protocol protocol);

/// One exchange with a box that speaks messages: which firmware it has. Gives its words without frame.
/// Errors: as FrameLine::converse(); garbled when something came that is no answer.
Exchange<std::string> say_hello(FrameLine& line, config::Protocol protocol, int unit, const Terms& terms);

}  // namespace busbar::adapters
