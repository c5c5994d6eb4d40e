// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/archive.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>

namespace busbar::gateway {
namespace {

constexpr std::size_t block = 512;
constexpr unsigned for_owner = 0600;

/// POSIX.1-1988 section 10.1.1: the fields and where they begin.
std::string header_of(const ArchiveMember& member, std::int64_t time) {
    constexpr std::size_t longest_name = 99;
    constexpr std::size_t checksum_at = 148;
    std::string header(block, '\0');
    const auto put = [&](std::size_t at, const std::string& text) { header.replace(at, text.size(), text); };
    put(0, member.name.substr(0, longest_name));
    put(100, "0000600");
    put(108, "0000000");
    put(116, "0000000");
    put(124, fmt::format("{:011o}", member.text.size()));
    put(136, fmt::format("{:011o}", time));
    put(checksum_at, "        ");
    put(156, "0");
    put(257, std::string("ustar\0"
                         "00",
                         8));
    const auto sum = std::accumulate(header.begin(), header.end(), 0U, [](unsigned so_far, char c) {
        return so_far + static_cast<unsigned char>(c);
    });
    put(checksum_at, fmt::format("{:06o}", sum) + '\0');
    return header;
}

Error not_written(const std::string& path) {
    const int number = errno;
    ::unlink(path.c_str());
    return {Errc::io, path + " cannot be written: " + std::strerror(number)};
}

}  // namespace

std::string tar_of(const std::vector<ArchiveMember>& members, const std::optional<UtcTime>& written) {
    const auto time = written ? std::chrono::floor<seconds>(*written).time_since_epoch().count() : 0;
    std::string tar;
    for (const auto& member : members) {
        tar += header_of(member, time);
        tar += member.text;
        tar.append((block - member.text.size() % block) % block, '\0');
    }
    return tar.append(2 * block, '\0');
}

Result<void> write_gzip(const std::string& path, const std::string& content, std::uint64_t most_bytes) {
    ::unlink(path.c_str());
    const int descriptor =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, for_owner);
    if (descriptor < 0) return not_written(path);
    gzFile file = gzdopen(descriptor, "wb");
    if (file == nullptr) {
        ::close(descriptor);
        return not_written(path);
    }
    constexpr std::size_t piece = 256 * 1024;
    bool good = true;
    for (std::size_t at = 0; good && at < content.size(); at += piece) {
        const auto count = static_cast<unsigned>(std::min(piece, content.size() - at));
        good = gzwrite(file, content.data() + at, count) == static_cast<int>(count);
    }
    good = gzclose(file) == Z_OK && good;
    struct stat facts {};
    if (!good || ::stat(path.c_str(), &facts) != 0) return not_written(path);
    if (static_cast<std::uint64_t>(facts.st_size) <= most_bytes) return {};
    ::unlink(path.c_str());
    return Error{Errc::io, "What was collected is larger than transfers.max_mb allows."};
}

}  // namespace busbar::gateway
