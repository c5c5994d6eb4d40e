// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/part_file.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "gateway/update/key_lines.hpp"

namespace busbar::gateway {
namespace {

constexpr std::size_t largest_mark = 4096;
constexpr unsigned for_owner = 0600;

std::string mark_path(const std::string& path) {
    return path + ".mark";
}

Error not_written(const std::string& path) {
    return {Errc::io, path + " cannot be written: " + std::strerror(errno)};
}

}  // namespace

std::string hash_of(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        hex += digits[digest.at(i) >> 4U];
        hex += digits[digest.at(i) & 15U];
    }
    return hex;
}

Result<PartFile> PartFile::open(const std::string& path, const std::string& location) {
    PartFile part(path, hash_of(location),
                  update::File(::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, for_owner)));
    if (!part.file_.is_open()) return not_written(path);
    const auto mark = update::read_key_lines(update::small_file(mark_path(path), largest_mark).value_or(""));
    if (!mark || update::value_of(*mark, "location") != part.owner_) {
        if (const auto begun = part.begin(""); !begun) return begun.error();
        return part;
    }
    part.validator_ = update::value_of(*mark, "validator");
    part.size_ = update::size_of(part.file_);
    if (::lseek(part.file_.get(), 0, SEEK_END) < 0) return not_written(path);
    return part;
}

void PartFile::remove(const std::string& path) {
    ::unlink(path.c_str());
    ::unlink(mark_path(path).c_str());
}

/// The mark is emptied before the bytes it does not speak of come.
Result<void> PartFile::begin(const std::string& validator) {
    if (::ftruncate(file_.get(), 0) != 0 || ::lseek(file_.get(), 0, SEEK_SET) != 0) return not_written(path_);
    size_ = 0;
    validator_ = validator;
    return update::replace_durably(
        mark_path(path_), update::to_text({{"location", owner_}, {"validator", validator}}), for_owner);
}

Result<void> PartFile::append(const char* bytes, std::size_t count) {
    while (count > 0) {
        const auto written = ::write(file_.get(), bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return not_written(path_);
        bytes += written;
        count -= static_cast<std::size_t>(written);
        size_ += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<void> PartFile::finish() {
    if (::fsync(file_.get()) != 0) return not_written(path_);
    return {};
}

}  // namespace busbar::gateway
