// SPDX-License-Identifier: Apache-2.0
// A disk in memory that keeps what was synced. Whatever was written since is at a power cut kept, dropped or
// torn, sector by sector and in any order.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/random.hpp"

namespace busbar::simulation {

using Bytes = std::vector<unsigned char>;

/// One file: what reads see, what is certain to survive, and what lies between.
class DiskFile {
  public:
    static constexpr std::size_t sector = 512;

    [[nodiscard]] const Bytes& content() const { return content_; }
    [[nodiscard]] bool exists() const { return exists_; }

    void create() { exists_ = true; }
    void write(std::size_t offset, const unsigned char* data, std::size_t size);
    void truncate(std::size_t size);
    void sync();
    /// Until its directory is synced it may be there again after a power cut.
    void remove();
    void sync_directory_entry();

    void cut_power(Random& random);

  private:
    struct Change {
        std::size_t offset;  ///< of a write; of a truncation the new size
        Bytes data;
        bool truncates;
    };

    [[nodiscard]] std::size_t surviving_size(Random& random) const;
    void survive(std::size_t first, Random& random, Bytes& survivor) const;
    [[nodiscard]] std::vector<bool> touched_sectors() const;

    bool exists_ = false;
    bool exists_for_sure_ = false;
    std::optional<Bytes> removed_;  ///< what was removed under this name, and not for sure yet
    Bytes content_;
    Bytes durable_;
    std::vector<Change> unsynced_;
};

class PowerCutDisk {
  public:
    enum class Health { good, full, failing };

    explicit PowerCutDisk(std::uint64_t seed) : random_(seed) {}

    /// Asked before each change: false stands for a process that is dead, and nothing changes any more.
    std::function<bool()> may_change = [] { return true; };
    Health health = Health::good;

    /// Stays good until the disk is gone, whatever is removed.
    DiskFile& file(const std::string& name) { return files_[name]; }
    Random& random() { return random_; }

    /// Of all files, as reads see them.
    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = 0;
        for (const auto& [name, file] : files_) sum += file.exists() ? file.content().size() : 0;
        return sum;
    }

    void sync_directory() {
        for (auto& [name, file] : files_) file.sync_directory_entry();
    }
    void cut_power() {
        for (auto& [name, file] : files_) file.cut_power(random_);
    }

  private:
    std::map<std::string, DiskFile> files_;
    Random random_;
};

}  // namespace busbar::simulation
