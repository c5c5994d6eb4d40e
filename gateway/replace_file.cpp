// SPDX-License-Identifier: Apache-2.0
#include "gateway/replace_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace busbar::gateway {
namespace {

Error failed(const char* what, const std::string& path) {
    return {Errc::io, fmt::format("cannot {} {}: {}", what, path, std::strerror(errno))};
}

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return fsync(fd) == 0;
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view content) {
    const std::string fresh = path + ".new";
    const int fd = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0) return failed("open", fresh);
    const bool written = write_all(fd, content);
    const Error problem = failed("write", fresh);
    close(fd);
    if (!written) return problem;
    if (std::rename(fresh.c_str(), path.c_str()) != 0) return failed("replace", path);
    return {};
}

}  // namespace busbar::gateway
