// SPDX-License-Identifier: Apache-2.0
#include "gateway/update_helper/intake.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "gateway/update/hand_over.hpp"
#include "gateway/update/look.hpp"

namespace busbar::update {
namespace {

constexpr unsigned for_root = 0600;
constexpr std::uint64_t always_free = 16ULL * 1024 * 1024;

/// The folder is the daemon's, so it may be anything.
Result<File> open_spool(const Places& places) {
    const auto state = open_folder(AT_FDCWD, places.state());
    if (!state) return state.error();
    return open_folder(state->get(), spool::folder);
}

Refusal of_spool(const Error& error) {
    return {error.code == Errc::invalid ? "bad_spool" : "unreadable", "The bundle: " + error.detail + "."};
}

/// The copy, which nobody else can change any more.
Judged<File> copy_bundle(const Places& places) {
    const auto folder = open_spool(places);
    if (!folder) return of_spool(folder.error());
    const auto offered = open_plain(folder->get(), spool::bundle, largest_bundle);
    if (!offered) return of_spool(offered.error());
    const auto copied = copy_durably(*offered, 0, size_of(*offered), places.bundle(), for_root);
    if (!copied) return of_spool(copied.error());
    auto copy = open_plain(AT_FDCWD, places.bundle(), largest_bundle);
    if (!copy) return of_spool(copy.error());
    return *std::move(copy);
}

/// The package says of itself what the manifest says of it.
Judged<void> agree(const Manifest& manifest, const Installed& names) {
    if (manifest.package == names.package && manifest.version == names.version &&
        manifest.architecture == names.architecture) {
        return {};
    }
    return Refusal{"bad_package", "The package in the bundle is not the one that its manifest names."};
}

/// dpkg has both releases on the disk for a while.
Judged<void> room(const Places& places, std::uint64_t installed_kib) {
    const auto wanted = 2 * installed_kib * 1024 + always_free;
    for (const auto& folder : {places.work(), places.root + "/usr"}) {
        struct statvfs facts {};
        if (::statvfs(folder.c_str(), &facts) != 0) continue;
        if (static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize >= wanted) continue;
        return Refusal{"no_space", folder + " has too little free space for an update."};
    }
    return {};
}

/// Of the package to go back to; "" where there is none.
std::string kept_version(const Places& places, const Dpkg& dpkg) {
    if (::access(places.current_package().c_str(), F_OK) != 0) return {};
    const auto fields = dpkg.fields(places.current_package());
    return fields ? fields->names.version : std::string();
}

}  // namespace

std::optional<std::string> waiting_request(const Places& places) {
    const auto folder = open_spool(places);
    struct stat facts {};
    if (!folder || ::fstatat(folder->get(), spool::request, &facts, AT_SYMLINK_NOFOLLOW) != 0)
        return std::nullopt;
    const auto file = open_plain(folder->get(), spool::request, largest_page);
    const auto text = file ? read_at(*file, 0, largest_page) : Result<std::string>(std::string());
    return read_request(text ? *text : std::string()).value_or("");
}

Judged<Journal> take_in(const Places& places, const Dpkg& dpkg, const std::string& id) {
    if (id.empty()) return Refusal{"bad_spool", "The request cannot be read."};
    const auto installed = dpkg.installed();
    if (!installed) return installed.error();
    const auto bundle = copy_bundle(places);
    if (!bundle) return bundle.error();
    const auto verified = look_at(*bundle, load_keys(places.keys()));
    if (!verified) return verified.error();
    const auto& manifest = verified->manifest;
    if (const auto good = judge(manifest, *installed); !good) return good.error();
    const auto unpacked =
        copy_durably(*bundle, verified->package_at, manifest.size, places.new_package(), for_root);
    if (!unpacked) return Refusal{"no_space", unpacked.error().detail};
    const auto fields = dpkg.fields(places.new_package());
    if (!fields) return fields.error();
    if (const auto same = agree(manifest, fields->names); !same) return same.error();
    if (const auto enough = room(places, fields->installed_kib); !enough) return enough.error();
    if (const auto trial = dpkg.simulate(places.new_package()); !trial) return trial.error();
    if (const auto seeded = seed(places, dpkg); !seeded) return seeded.error();
    return Journal{id, installed->version, manifest.version};
}

void forget_request(const Places& places) {
    const auto folder = open_spool(places);
    if (!folder) return;
    for (const char* name : {spool::request, spool::bundle}) {
        if (::unlinkat(folder->get(), name, 0) != 0 && errno != ENOENT)
            std::fprintf(stderr, "busbar-update: %s: %s\n", name, std::strerror(errno));
    }
    ::fsync(folder->get());
}

Judged<void> seed(const Places& places, const Dpkg& dpkg) {
    const auto installed = dpkg.installed();
    if (!installed) return installed.error();
    if (kept_version(places, dpkg) == installed->version) return {};
    if (const auto packed = dpkg.repack(places.work() + "/repack", places.current_package()); !packed) {
        return packed.error();
    }
    if (kept_version(places, dpkg) == installed->version) return {};
    return Refusal{"no_rollback_copy", "What was packed is not the installed release."};
}

}  // namespace busbar::update
