// SPDX-License-Identifier: Apache-2.0
#include "gateway/update_helper/state_copy.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "gateway/update/files.hpp"
#include "gateway/update/places.hpp"

namespace busbar::update {
namespace {

constexpr std::uint64_t most_bytes = 512ULL * 1024 * 1024;
constexpr int deepest = 2;

Error failed(const std::string& what) {
    return {Errc::io, what + ": " + std::strerror(errno)};
}

/// As busbard calls a database that it found damaged.
bool is_set_aside(const std::string& name) {
    return name.find(".corrupt") != std::string::npos;
}

bool is_state(const std::string& name) {
    return name != "." && name != ".." && name != spool::folder && name != "busbard.lock" &&
           !is_set_aside(name);
}

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

/// Names of an open folder, in order.
Result<std::vector<std::string>> names_in(const File& folder) {
    const std::unique_ptr<DIR, CloseFolder> list(::fdopendir(::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0)));
    if (!list) return failed("a folder cannot be read");
    ::rewinddir(list.get());
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(list.get())) names.emplace_back(entry->d_name);
    std::sort(names.begin(), names.end());
    return names;
}

struct stat facts_of(int descriptor) {
    struct stat facts {};
    ::fstat(descriptor, &facts);
    return facts;
}

/// 0 for what is neither a file nor a folder, or gone.
mode_t kind_of(const File& folder, const std::string& name) {
    struct stat facts {};
    if (::fstatat(folder.get(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) return 0;
    return facts.st_mode & S_IFMT;
}

/// Writes `name` in `folder` by way of another name, with the owner and mode of `source`.
Result<void> put(const File& source, const File& folder, const std::string& name) {
    const auto fresh = name + ".copied";
    ::unlinkat(folder.get(), fresh.c_str(), 0);
    const File file(::openat(folder.get(), fresh.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.is_open()) return failed(name);
    const auto facts = facts_of(source.get());
    for (std::uint64_t at = 0, size = size_of(source); at < size;) {
        const auto bytes = read_at(source, at, 64 * 1024);
        if (!bytes) return bytes.error();
        if (bytes->empty()) return Error{Errc::io, name + " became shorter"};
        const auto written = ::write(file.get(), bytes->data(), bytes->size());
        if (written <= 0) return failed(name);
        at += static_cast<std::uint64_t>(written);
    }
    const bool done = ::fchown(file.get(), facts.st_uid, facts.st_gid) == 0 &&
                      ::fchmod(file.get(), facts.st_mode & 07777) == 0 && ::fsync(file.get()) == 0 &&
                      ::renameat(folder.get(), fresh.c_str(), folder.get(), name.c_str()) == 0;
    if (!done) return failed(name);
    return {};
}

/// The folder `name` in `folder`, made like `model` where it is missing.
Result<File> inner_folder(const File& folder, const std::string& name, const File& model) {
    const auto facts = facts_of(model.get());
    if (::mkdirat(folder.get(), name.c_str(), S_IRWXU) == 0) {
        auto made = open_folder(folder.get(), name);
        if (!made) return made;
        if (::fchown(made->get(), facts.st_uid, facts.st_gid) != 0 ||
            ::fchmod(made->get(), facts.st_mode & 07777) != 0) {
            return failed(name);
        }
        return made;
    }
    if (errno != EEXIST) return failed(name);
    return open_folder(folder.get(), name);
}

Result<void> copy_folder(const File& from, const File& to, int depth, std::uint64_t& room);

Result<void> copy_entry(const File& from, const File& to, const std::string& name, int depth,
                        std::uint64_t& room) {
    const auto kind = kind_of(from, name);
    if (kind == S_IFDIR && depth < deepest) {
        const auto source = open_folder(from.get(), name);
        if (!source) return source.error();
        const auto target = inner_folder(to, name, *source);
        if (!target) return target.error();
        return copy_folder(*source, *target, depth + 1, room);
    }
    if (kind == S_IFLNK) return Error{Errc::invalid, name + " in the state directory is a link"};
    if (kind != S_IFREG) return {};
    const auto source = open_plain(from.get(), name, room);
    if (!source) return source.error();
    room -= size_of(*source);
    return put(*source, to, name);
}

Result<void> copy_folder(const File& from, const File& to, int depth, std::uint64_t& room) {
    const auto names = names_in(from);
    if (!names) return names.error();
    for (const auto& name : *names) {
        if (!is_state(name)) continue;
        if (const auto copied = copy_entry(from, to, name, depth, room); !copied) return copied.error();
    }
    if (::fsync(to.get()) != 0) return failed("a folder cannot be synced");
    return {};
}

/// With a database of another age its log would destroy it.
Result<void> remove_stray_logs(const File& copy, const File& state) {
    const auto names = names_in(state);
    if (!names) return names.error();
    for (const auto& name : *names) {
        const bool is_log = name.ends_with(".db-wal") || name.ends_with(".db-shm");
        if (!is_log || kind_of(copy, name) == S_IFREG) continue;
        if (::unlinkat(state.get(), name.c_str(), 0) != 0) return failed(name);
    }
    if (::fsync(state.get()) != 0) return failed("the state directory cannot be synced");
    return {};
}

}  // namespace

Result<void> copy_state(const std::string& state, const std::string& copy) {
    const auto from = open_folder(AT_FDCWD, state);
    if (!from) return from.error();
    const auto fresh = copy + ".new";
    remove_copy(fresh);
    if (::mkdir(fresh.c_str(), S_IRWXU) != 0) return failed(fresh);
    const auto to = open_folder(AT_FDCWD, fresh);
    if (!to) return to.error();
    auto room = most_bytes;
    if (const auto copied = copy_folder(*from, *to, 0, room); !copied) return copied.error();
    remove_copy(copy);
    return rename_durably(fresh, copy);
}

Result<void> restore_state(const std::string& copy, const std::string& state) {
    const auto from = open_folder(AT_FDCWD, copy);
    if (!from) return from.error();
    const auto to = open_folder(AT_FDCWD, state);
    if (!to) return to.error();
    if (const auto removed = remove_stray_logs(*from, *to); !removed) return removed.error();
    auto room = most_bytes;
    return copy_folder(*from, *to, 0, room);
}

bool was_set_aside(const std::string& state, const std::string& copy) {
    const auto folder = open_folder(AT_FDCWD, state);
    const auto made = open_folder(AT_FDCWD, copy);
    const auto names = folder ? names_in(*folder) : Result<std::vector<std::string>>(folder.error());
    if (!made || !names) return false;
    const auto then = facts_of(made->get()).st_mtim;
    return std::any_of(names->begin(), names->end(), [&](const std::string& name) {
        struct stat facts {};
        if (!is_set_aside(name) || ::fstatat(folder->get(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0)
            return false;
        // Of the renaming, which leaves the time of the last writing as it was.
        const auto renamed = facts.st_ctim;
        return std::pair(renamed.tv_sec, renamed.tv_nsec) > std::pair(then.tv_sec, then.tv_nsec);
    });
}

void remove_copy(const std::string& copy) {
    std::error_code ignored;
    std::filesystem::remove_all(copy, ignored);
}

}  // namespace busbar::update
