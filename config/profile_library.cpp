// SPDX-License-Identifier: Apache-2.0
// Profiles from directories: a site's own come before the shipped ones, and a broken file hides no other.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "config/json_reader.hpp"
#include "config/profile.hpp"

namespace busbar::config {
namespace {

namespace fs = std::filesystem;
using Problems = std::vector<Problem>;
using Library = std::map<std::string, Profile>;

bool is_profile_file(const fs::path& path) {
    const std::string name = path.filename().string();
    const bool of_another_kind = name.ends_with(".schema.json") || name.ends_with(".fixture.json");
    return name.ends_with(".json") && !of_another_kind && !name.starts_with(".");
}

/// Entries by name, so that the outcome does not depend on the file system's order.
std::vector<fs::path> entries(const fs::path& dir, Problems& problems) {
    std::error_code error;
    std::vector<fs::path> found;
    for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
        found.push_back(it->path());
    }
    if (error) {
        problems.push_back(
            {dir.string(), fmt::format("cannot be read as a directory of charger profiles ({}): check "
                                       "the path and that this user may read it",
                                       error.message())});
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<fs::path> profile_files(const fs::path& dir, Problems& problems) {
    std::vector<fs::path> files;
    const auto take = [&files](const fs::path& path) {
        if (is_profile_file(path)) files.push_back(path);
    };
    for (const auto& entry : entries(dir, problems)) {
        std::error_code ignored;  // what cannot be looked at is not a directory, and reading it will say why
        if (!fs::is_directory(entry, ignored)) {
            take(entry);
            continue;
        }
        for (const auto& inner : entries(entry, problems)) take(inner);
    }
    return files;
}

std::optional<Profile> load_profile(const fs::path& file, Problems& problems) {
    Problems found;
    const auto text = read_file(file.string(), found);
    Checked<Profile> checked = text ? parse_profile(*text) : Checked<Profile>{{}, std::move(found)};
    for (auto& problem : checked.problems) {
        const std::string place = problem.path.empty() ? file.string() : file.string() + ": " + problem.path;
        problems.push_back({place, std::move(problem.text)});
    }
    if (!checked.ok()) return {};
    return std::move(checked.value);
}

}  // namespace

Checked<Library> load_profiles(const std::vector<std::string>& dirs,
                               const std::function<bool(const std::string&)>& wanted) {
    Checked<Library> library;
    for (const auto& dir : dirs) {
        std::map<std::string, std::string> defined_here;
        for (const auto& file : profile_files(dir, library.problems)) {
            if (wanted && !wanted(file.stem().string())) continue;
            auto profile = load_profile(file, library.problems);
            if (!profile) continue;
            const std::string id = profile->id;
            const auto [first, fresh] = defined_here.emplace(id, file.string());
            if (!fresh) {
                library.problems.push_back(
                    {file.string() + ": /id",
                     fmt::format("'{}' is defined by {} already: keep one", id, first->second)});
            }
            library.value.emplace(id, *std::move(profile));
        }
    }
    return library;
}

}  // namespace busbar::config
