// SPDX-License-Identifier: Apache-2.0
#include "gateway/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

namespace busbar::gateway {
namespace {

bool write_all(int file, std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view content, Durable durable, unsigned mode) {
    const std::string fresh = path + ".new";
    const auto failed = [&](const char* what) {
        return Error{Errc::io, path + ": " + what + ": " + std::strerror(errno)};
    };
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (file < 0) return failed("cannot be made");
    // A file that a crash left behind keeps the mode it was made with.
    const bool written = ::fchmod(file, mode) == 0 && write_all(file, content) &&
                         (durable == Durable::no || ::fdatasync(file) == 0);
    const int reason = errno;
    ::close(file);
    errno = reason;
    if (!written) return failed("cannot be written");
    if (std::rename(fresh.c_str(), path.c_str()) != 0) return failed("cannot be replaced");
    return {};
}

std::string file_content(const std::string& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return in ? text.str() : std::string();
}

}  // namespace busbar::gateway
