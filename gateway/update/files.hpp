// SPDX-License-Identifier: Apache-2.0
// Files of others without surprises, and own files that a power cut leaves whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.hpp"

namespace busbar::update {

/// A file descriptor that closes itself.
class File {
  public:
    File() = default;
    explicit File(int descriptor) : descriptor_(descriptor) {}
    File(File&& other) noexcept : descriptor_(other.release()) {}
    File& operator=(File&& other) noexcept;
    ~File();

    [[nodiscard]] int get() const { return descriptor_; }
    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
    int release();

  private:
    int descriptor_ = -1;
};

/// A folder, in the folder `at` (AT_FDCWD: a path of the system); no link.
Result<File> open_folder(int at, const std::string& path);

/// For reading: a regular file with one name, no link, no pipe, no device, of at most `most` bytes. Error:
/// Errc::invalid for what is none of this, Errc::io for what cannot be opened.
Result<File> open_plain(int at, const std::string& path, std::uint64_t most);

std::uint64_t size_of(const File& file);

/// Up to `count` bytes from `from` on; fewer at the end of the file. Error: it cannot be read.
Result<std::string> read_at(const File& file, std::uint64_t from, std::size_t count);

/// The whole of a file that open_plain() takes; empty: there is none such.
std::optional<std::string> small_file(const std::string& path, std::size_t most);

/// Replaces `path` by way of `path`.new; content, name and folder are on the disk when this returns.
Result<void> replace_durably(const std::string& path, std::string_view content, unsigned mode);

/// Bytes [from, from + count) of `source` become the file `path`, as above.
Result<void> copy_durably(const File& source, std::uint64_t from, std::uint64_t count,
                          const std::string& path, unsigned mode);

/// What was renamed or removed in the folder of `path` stays so.
Result<void> sync_folder_of(const std::string& path);

/// Renames durably.
Result<void> rename_durably(const std::string& from, const std::string& to);

}  // namespace busbar::update
