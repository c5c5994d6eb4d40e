// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/power_cut_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace busbar::simulation {
namespace {

using Health = PowerCutDisk::Health;

/// What SQLite sees as a file; it makes the room for it and knows no constructors.
struct OpenFile {
    sqlite3_file base;
    PowerCutDisk* disk;
    DiskFile* file;
    bool delete_on_close;
    bool directory_unsynced;  ///< it was made here, and its first sync is its directory's too
};

OpenFile& open_file(sqlite3_file* file) {
    return *reinterpret_cast<OpenFile*>(file);
}

/// What a change meets: SQLITE_OK and it may happen.
int obstacle(PowerCutDisk& disk, int failure) {
    if (!disk.may_change()) return failure;
    return disk.health == Health::failing ? failure : SQLITE_OK;
}

int close_file(sqlite3_file* file) {
    auto& self = open_file(file);
    if (self.delete_on_close && self.disk->may_change()) self.file->remove();
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
    const Bytes& content = open_file(file).file->content();
    const auto wanted = static_cast<std::size_t>(size);
    const auto from = std::min(static_cast<std::size_t>(offset), content.size());
    const auto there = std::min(wanted, content.size() - from);
    auto* bytes = static_cast<unsigned char*>(to);
    std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(from), there, bytes);
    std::fill(bytes + there, bytes + wanted, static_cast<unsigned char>(0));
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
    auto& self = open_file(file);
    if (const int failure = obstacle(*self.disk, SQLITE_IOERR_WRITE); failure != SQLITE_OK) return failure;
    if (self.disk->health == Health::full) return SQLITE_FULL;
    self.file->write(static_cast<std::size_t>(offset), static_cast<const unsigned char*>(from),
                     static_cast<std::size_t>(size));
    return SQLITE_OK;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    auto& self = open_file(file);
    if (const int failure = obstacle(*self.disk, SQLITE_IOERR_TRUNCATE); failure != SQLITE_OK) return failure;
    self.file->truncate(static_cast<std::size_t>(size));
    return SQLITE_OK;
}

int sync_file(sqlite3_file* file, int) {
    auto& self = open_file(file);
    if (const int failure = obstacle(*self.disk, SQLITE_IOERR_FSYNC); failure != SQLITE_OK) return failure;
    self.file->sync();
    if (std::exchange(self.directory_unsynced, false)) self.disk->sync_directory();
    return SQLITE_OK;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(open_file(file).file->content().size());
    return SQLITE_OK;
}

int lock_file(sqlite3_file*, int) {
    return SQLITE_OK;
}

int is_reserved(sqlite3_file*, int* reserved) {
    *reserved = 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}

/// What SQLite's own VFS for Unix says of a disk on Linux.
int sector_size(sqlite3_file*) {
    return 4096;
}

int device_characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/// Version 1: neither shared memory nor memory maps. A log needs none while one process has the file for
/// itself.
constexpr sqlite3_io_methods methods{1,
                                     close_file,
                                     read_file,
                                     write_file,
                                     truncate_file,
                                     sync_file,
                                     size_of_file,
                                     lock_file,
                                     lock_file,
                                     is_reserved,
                                     file_control,
                                     sector_size,
                                     device_characteristics,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr};

PowerCutDisk& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<PowerCutDisk*>(vfs->pAppData);
}

int open_on_disk(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_given) {
    auto& disk = disk_of(vfs);
    auto& self = open_file(file);
    self = {{nullptr},
            &disk,
            &disk.file(name == nullptr ? "temporary" : name),
            (flags & SQLITE_OPEN_DELETEONCLOSE) != 0,
            false};
    if (!self.file->exists()) {
        if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
        if (const int failure = obstacle(disk, SQLITE_CANTOPEN); failure != SQLITE_OK) return failure;
        self.file->create();
        constexpr int logs = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
        self.directory_unsynced = (flags & logs) != 0;  // as SQLite's own VFS for Unix does it
    }
    self.base.pMethods = &methods;
    if (flags_given != nullptr) *flags_given = flags;
    return SQLITE_OK;
}

int delete_on_disk(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    auto& disk = disk_of(vfs);
    if (const int failure = obstacle(disk, SQLITE_IOERR_DELETE); failure != SQLITE_OK) return failure;
    auto& file = disk.file(name);
    if (!file.exists()) return SQLITE_IOERR_DELETE_NOENT;
    file.remove();
    if (sync_directory != 0) disk.sync_directory();
    return SQLITE_OK;
}

int access_on_disk(sqlite3_vfs* vfs, const char* name, int, int* there) {
    *there = disk_of(vfs).file(name).exists() ? 1 : 0;
    return SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int size, char* full) {
    std::strncpy(full, name, static_cast<std::size_t>(size));
    return full[size - 1] == '\0' ? SQLITE_OK : SQLITE_CANTOPEN;
}

int random_bytes(sqlite3_vfs* vfs, int size, char* to) {
    auto& random = disk_of(vfs).random();
    std::generate_n(to, size, [&] { return static_cast<char>(random.next() >> 56U); });
    return size;
}

int sleep(sqlite3_vfs*, int microseconds) {
    return microseconds;
}

int current_time(sqlite3_vfs*, double* julian_day) {
    *julian_day = 2461367.0;  // 2026-11-22: nothing of ours asks SQLite for the time
    return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) {
    return 0;
}

}  // namespace

PowerCutVfs::PowerCutVfs(PowerCutDisk& disk) {
    vfs_.iVersion = 1;
    vfs_.szOsFile = sizeof(OpenFile);
    vfs_.mxPathname = 64;
    vfs_.zName = name;
    vfs_.pAppData = &disk;
    vfs_.xOpen = open_on_disk;
    vfs_.xDelete = delete_on_disk;
    vfs_.xAccess = access_on_disk;
    vfs_.xFullPathname = full_name;
    vfs_.xRandomness = random_bytes;
    vfs_.xSleep = sleep;
    vfs_.xCurrentTime = current_time;
    vfs_.xGetLastError = last_error;
    sqlite3_vfs_register(&vfs_, 1);
    sqlite3_randomness(0, nullptr);
}

PowerCutVfs::~PowerCutVfs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_randomness(0, nullptr);
}

}  // namespace busbar::simulation
