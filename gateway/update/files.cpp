// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace busbar::update {
namespace {

constexpr std::size_t piece = 64 * 1024;

Error failed(const std::string& path, const char* what) {
    return {Errc::io, path + ": " + what + ": " + std::strerror(errno)};
}

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// Begins `path`.new; what a crash left there is not reused.
Result<File> begin(const std::string& path, unsigned mode) {
    const auto fresh = path + ".new";
    ::unlink(fresh.c_str());
    File file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!file.is_open() || ::fchmod(file.get(), mode) != 0) return failed(fresh, "cannot be made");
    return file;
}

Result<void> finish(const File& file, const std::string& path) {
    if (::fsync(file.get()) != 0) return failed(path, "cannot be written");
    return rename_durably(path + ".new", path);
}

}  // namespace

File& File::operator=(File&& other) noexcept {
    if (this != &other) {
        if (is_open()) ::close(descriptor_);
        descriptor_ = other.release();
    }
    return *this;
}

File::~File() {
    if (is_open()) ::close(descriptor_);
}

int File::release() {
    return std::exchange(descriptor_, -1);
}

Result<File> open_folder(int at, const std::string& path) {
    File folder(::openat(at, path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.is_open()) return failed(path, "is no folder that can be opened");
    return folder;
}

Result<File> open_plain(int at, const std::string& path, std::uint64_t most) {
    File file(::openat(at, path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file.is_open() && errno == ELOOP) return Error{Errc::invalid, path + ": is a link"};
    if (!file.is_open()) return failed(path, "cannot be opened");
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) return failed(path, "cannot be looked at");
    if (!S_ISREG(facts.st_mode)) return Error{Errc::invalid, path + ": is no regular file"};
    if (facts.st_nlink != 1) return Error{Errc::invalid, path + ": has another name too"};
    if (static_cast<std::uint64_t>(facts.st_size) > most)
        return Error{Errc::invalid, path + ": is too large"};
    return file;
}

std::uint64_t size_of(const File& file) {
    struct stat facts {};
    return ::fstat(file.get(), &facts) == 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
}

Result<std::string> read_at(const File& file, std::uint64_t from, std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t got = 0;
    while (got < count) {
        const auto size =
            ::pread(file.get(), bytes.data() + got, count - got, static_cast<off_t>(from + got));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return failed("a file", "cannot be read");
        if (size == 0) break;
        got += static_cast<std::size_t>(size);
    }
    bytes.resize(got);
    return bytes;
}

std::optional<std::string> small_file(const std::string& path, std::size_t most) {
    const auto file = open_plain(AT_FDCWD, path, most);
    if (!file) return std::nullopt;
    auto content = read_at(*file, 0, most);
    if (!content) return std::nullopt;
    return *std::move(content);
}

Result<void> replace_durably(const std::string& path, std::string_view content, unsigned mode) {
    const auto file = begin(path, mode);
    if (!file) return file.error();
    if (!write_all(file->get(), content)) return failed(path, "cannot be written");
    return finish(*file, path);
}

Result<void> copy_durably(const File& source, std::uint64_t from, std::uint64_t count,
                          const std::string& path, unsigned mode) {
    const auto file = begin(path, mode);
    if (!file) return file.error();
    while (count > 0) {
        const auto bytes =
            read_at(source, from, static_cast<std::size_t>(std::min<std::uint64_t>(count, piece)));
        if (!bytes) return bytes.error();
        if (bytes->empty()) return Error{Errc::invalid, path + ": what is copied became shorter"};
        if (!write_all(file->get(), *bytes)) return failed(path, "cannot be written");
        from += bytes->size();
        count -= bytes->size();
    }
    return finish(*file, path);
}

Result<void> sync_folder_of(const std::string& path) {
    const File folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open() || ::fsync(folder.get()) != 0) return failed(folder_of(path), "cannot be synced");
    return {};
}

Result<void> rename_durably(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) return failed(to, "cannot be replaced");
    return sync_folder_of(to);
}

}  // namespace busbar::update
