// SPDX-License-Identifier: Apache-2.0
#include "gateway/field/shipped_profiles.hpp"

#include <filesystem>

namespace busbar::gateway {

namespace {

std::filesystem::path shared_folder() {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    return program.parent_path().parent_path() / "share" / "busbar";
}

}  // namespace

std::vector<std::string> shipped_profile_dirs() {
    const auto folder = shared_folder();
    return {(folder / "chargers").string(), (folder / "meters").string()};
}

std::string shipped_file(const std::string& name) {
    return (shared_folder() / name).string();
}

}  // namespace busbar::gateway
