// SPDX-License-Identifier: Apache-2.0
// Where the profiles lie that come with the programs.
#pragma once

#include <string>
#include <vector>

namespace busbar::gateway {

/// PREFIX/bin/busbard and PREFIX/bin/busbarctl find them below PREFIX/share/busbar, in the build tree as on
/// the installed system: the folders of chargers and of meters.
std::vector<std::string> shipped_profile_dirs();

/// The path of a file that is shipped beside them: a schema.
std::string shipped_file(const std::string& name);

}  // namespace busbar::gateway
