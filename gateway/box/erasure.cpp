// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/erasure.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "gateway/atomic_file.hpp"
#include "gateway/state_dir.hpp"
#include "gateway/update/files.hpp"

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;

constexpr const char* marker_name = "factory-reset";
constexpr std::size_t block = 64 * 1024;

std::string marker_of(const std::string& state_dir) {
    return state_dir + '/' + marker_name;
}

/// Zeros over what was there: it counts on a disk, on flash the cells are the controller's business. A file
/// that cannot be opened is removed all the same.
void overwrite(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return;
    struct stat facts {};
    const bool is_file = ::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
    const std::vector<char> zeros(block);
    auto left = is_file ? static_cast<std::size_t>(facts.st_size) : 0;
    while (left > 0) {
        const auto written = ::write(file, zeros.data(), std::min(left, block));
        if (written <= 0) break;
        left -= static_cast<std::size_t>(written);
    }
    ::fdatasync(file);
    ::close(file);
}

Error cannot(const fs::path& path, const std::error_code& why) {
    return {Errc::io, path.string() + " cannot be erased: " + why.message()};
}

/// Links are removed, not followed.
Result<void> erase(const fs::path& path) {
    std::error_code error;
    const auto kind = fs::symlink_status(path, error).type();
    if (kind == fs::file_type::directory) {
        // A folder that may not be looked into may still be empty.
        for (const auto& entry : fs::directory_iterator(path, error)) {
            if (const auto erased = erase(entry.path()); !erased) return erased.error();
        }
    }
    if (kind == fs::file_type::regular) overwrite(path.string());
    fs::remove(path, error);
    if (error) return cannot(path, error);
    return {};
}

bool is_kept(const fs::path& path) {
    return path.filename() == marker_name || path.filename() == StateDir::lock_name;
}

Result<void> put_first(const FirstConfiguration& first, const std::string& state_dir) {
    std::error_code error;
    const auto folder = fs::path(first.file).parent_path();
    const bool is_ours = fs::equivalent(folder.empty() ? fs::path(".") : folder, state_dir, error);
    const auto text = file_content(first.template_file);
    if (!is_ours || error || text.empty()) return {};
    return update::replace_durably(first.file, text, owner_and_group);
}

}  // namespace

Result<void> ask_for_erasure(const std::string& state_dir) {
    return update::replace_durably(marker_of(state_dir), "All here is erased at the next start.\n",
                                   owner_only);
}

bool erasure_is_asked(const std::string& state_dir) {
    struct stat facts {};
    return ::lstat(marker_of(state_dir).c_str(), &facts) == 0;
}

Result<void> erase_state(const std::string& state_dir, const FirstConfiguration& first) {
    std::error_code error;
    std::vector<fs::path> doomed;
    for (const auto& entry : fs::directory_iterator(state_dir, error)) {
        if (!is_kept(entry.path())) doomed.push_back(entry.path());
    }
    if (error) return cannot(state_dir, error);
    for (const auto& path : doomed) {
        if (const auto erased = erase(path); !erased) return erased.error();
    }
    if (const auto put = put_first(first, state_dir); !put) return put.error();
    const auto marker = marker_of(state_dir);
    if (const auto synced = update::sync_folder_of(marker); !synced) return synced.error();
    if (::unlink(marker.c_str()) != 0) return Error{Errc::io, marker + " cannot be removed."};
    return update::sync_folder_of(marker);
}

}  // namespace busbar::gateway
