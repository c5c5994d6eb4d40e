// SPDX-License-Identifier: Apache-2.0
#include "gateway/state_dir.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace busbar::gateway {
namespace {

Error cannot(const std::string& path, const std::string& what, const std::string& why) {
    return {Errc::io, fmt::format("state directory {}: {}: {}", path, what, why)};
}

}  // namespace

Result<StateDir> open_state_dir(const std::string& path) {
    std::error_code error;
    const bool made = std::filesystem::create_directories(path, error);
    if (error) return cannot(path, "cannot be made", error.message());
    if (made) std::filesystem::permissions(path, std::filesystem::perms(0750), error);

    const std::string lock = path + '/' + std::string(StateDir::lock_name);
    // Kept open on purpose: the kernel drops the lock when the process is gone, however it went.
    const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return cannot(path, "cannot be written to", std::strerror(errno));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return cannot(path, "is in use", "another busbard runs on it; stop that one first");
    }
    return StateDir{path};
}

bool lies_below(const std::string& file, const std::string& path) {
    std::error_code error;
    const auto inner = std::filesystem::canonical(file, error);
    if (error) return false;
    const auto outer = std::filesystem::canonical(path, error);
    if (error) return false;
    const auto way = inner.lexically_relative(outer);
    return !way.empty() && *way.begin() != "..";
}

std::string machine_boot_id() {
    std::string id;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
    return id;
}

std::string random_name() {
    static constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuv";
    std::array<unsigned char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) bytes.fill(0);
    std::string name;
    for (const unsigned char byte : bytes) name += letters[byte % letters.size()];
    return name;
}

}  // namespace busbar::gateway
