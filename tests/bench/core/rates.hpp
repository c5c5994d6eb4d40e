// SPDX-License-Identifier: Apache-2.0
// How often a second the pure core does its small works, beside what they cannot do without.
#pragma once

#include <string>

namespace busbar::bench {

/// Members of a JSON object, without its braces; each work is repeated for `seconds_each`.
std::string core_rates(double seconds_each);

}  // namespace busbar::bench
