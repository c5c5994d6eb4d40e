// SPDX-License-Identifier: Apache-2.0
// A file that is being fetched, with what it takes to go on after a cut, a restart or a power loss: whose it
// is, and by which mark the server knows it again.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/update/files.hpp"

namespace busbar::gateway {

/// SHA-256 in hexadecimal: tells locations apart without keeping them, who may hold a password.
std::string hash_of(const std::string& text);

class PartFile {
  public:
    /// Opens `path`, which keeps its content where it was fetched from `location` before, else is emptied.
    static Result<PartFile> open(const std::string& path, const std::string& location);
    /// Removes the file and its mark.
    static void remove(const std::string& path);

    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// ETag or Last-Modified of what is there; "": the server gave none.
    [[nodiscard]] const std::string& validator() const { return validator_; }

    /// From the beginning, as a file with this mark.
    Result<void> begin(const std::string& validator);
    Result<void> append(const char* bytes, std::size_t count);
    /// All has come; it is on the disk when this returns.
    Result<void> finish();

  private:
    PartFile(std::string path, std::string owner, update::File file)
        : path_(std::move(path)), owner_(std::move(owner)), file_(std::move(file)) {}

    std::string path_;
    std::string owner_;  ///< hash of the location, which itself may hold a password
    update::File file_;
    std::uint64_t size_ = 0;
    std::string validator_;
};

}  // namespace busbar::gateway
