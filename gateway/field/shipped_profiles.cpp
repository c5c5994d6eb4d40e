// SPDX-License-Identifier: Apache-2.0
#include "gateway/field/shipped_profiles.hpp"

#include <filesystem>

namespace busbar::gateway {

std::vector<std::string> shipped_profile_dirs() {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto folder = program.parent_path().parent_path() / "share" / "busbar";
    return {(folder / "chargers").string(), (folder / "meters").string()};
}

}  // namespace busbar::gateway
