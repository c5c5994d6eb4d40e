// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/power_cut_disk.hpp"

#include <algorithm>

namespace busbar::simulation {

void DiskFile::write(std::size_t offset, const unsigned char* data, std::size_t size) {
    if (content_.size() < offset + size) content_.resize(offset + size);
    std::copy_n(data, size, content_.begin() + static_cast<std::ptrdiff_t>(offset));
    unsynced_.push_back({offset, Bytes(data, data + size), false});
}

void DiskFile::truncate(std::size_t size) {
    content_.resize(size);
    unsynced_.push_back({size, {}, true});
}

void DiskFile::sync() {
    sync_directory_entry();
    for (const auto& change : unsynced_) {
        if (change.truncates) {
            durable_.resize(change.offset);
            continue;
        }
        durable_.resize(std::max(durable_.size(), change.offset + change.data.size()));
        std::copy(change.data.begin(), change.data.end(),
                  durable_.begin() + static_cast<std::ptrdiff_t>(change.offset));
    }
    unsynced_.clear();
}

void DiskFile::remove() {
    if (exists_for_sure_) removed_ = std::move(durable_);
    exists_ = exists_for_sure_ = false;
    content_.clear();
    durable_.clear();
    unsynced_.clear();
}

void DiskFile::sync_directory_entry() {
    exists_for_sure_ = exists_;
    removed_.reset();
}

/// The size the file had before some of its changes.
std::size_t DiskFile::surviving_size(Random& random) const {
    std::size_t size = durable_.size();
    const auto reached =
        static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(unsynced_.size())));
    for (std::size_t i = 0; i < reached; ++i) {
        const auto& change = unsynced_[i];
        size = change.truncates ? change.offset : std::max(size, change.offset + change.data.size());
    }
    return size;
}

std::vector<bool> DiskFile::touched_sectors() const {
    std::vector<bool> touched;
    for (const auto& change : unsynced_) {
        if (change.data.empty()) continue;
        const std::size_t last = (change.offset + change.data.size() - 1) / sector;
        if (touched.size() <= last) touched.resize(last + 1);
        for (std::size_t at = change.offset / sector; at <= last; ++at) touched[at] = true;
    }
    return touched;
}

/// One sector as the disk has it after the cut: some of its writes happened, and perhaps a part of one more.
void DiskFile::survive(std::size_t number, Random& random, Bytes& survivor) const {
    const std::size_t first = number * sector;
    const std::size_t end = std::min(first + sector, survivor.size());
    std::vector<const Change*> writes;
    for (const auto& change : unsynced_) {
        const bool here = change.offset < end && change.offset + change.data.size() > first;
        if (!change.truncates && here) writes.push_back(&change);
    }
    const auto whole = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(writes.size())));
    const bool torn = whole < writes.size() && random.chance(2);
    for (std::size_t i = 0; i < whole + (torn ? 1 : 0); ++i) {
        const auto& [offset, data, truncates] = *writes[i];
        const std::size_t from = std::max(offset, first);
        std::size_t to = std::min(offset + data.size(), end);
        if (i == whole)
            to = from + static_cast<std::size_t>(random.below(static_cast<std::int64_t>(to - from) + 1));
        for (std::size_t at = from; at < to; ++at) survivor[at] = data[at - offset];
    }
}

void DiskFile::cut_power(Random& random) {
    if (exists_ && !exists_for_sure_) exists_ = random.chance(2);
    const bool comes_back = removed_ && !exists_ && random.chance(2);
    Bytes survivor = durable_;
    survivor.resize(surviving_size(random));
    const auto touched = touched_sectors();
    for (std::size_t number = 0; number < touched.size(); ++number) {
        if (touched[number] && number * sector < survivor.size()) survive(number, random, survivor);
    }
    if (!exists_) survivor.clear();
    if (comes_back) survivor = *std::move(removed_);
    exists_ = exists_for_sure_ = exists_ || comes_back;
    removed_.reset();
    content_ = durable_ = std::move(survivor);
    unsynced_.clear();
}

}  // namespace busbar::simulation
