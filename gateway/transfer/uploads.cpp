// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/uploads.hpp"

#include <unistd.h>

#include <filesystem>
#include <utility>

#include "gateway/transfer/archive.hpp"

namespace busbar::gateway {
namespace {

constexpr std::uint64_t mebi = 1024ULL * 1024;
constexpr std::string_view file_prefix = "upload-";

}  // namespace

struct Uploads::Upload {
    Upload(Slot the_slot, std::string the_file, Done when_done)
        : slot(std::move(the_slot)), file(std::move(the_file)), done(std::move(when_done)) {}
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;
    ~Upload() {
        transfer.reset();
        ::unlink(file.c_str());
    }

    Slot slot;
    std::string file;
    Done done;
    std::shared_ptr<FileTransfer> transfer;
};

Uploads::Uploads(const TransferSurroundings& around, Ports ports)
    : around_(around), ports_(std::move(ports)) {
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(ports_.folder, none)) {
        if (entry.path().filename().string().rfind(file_prefix, 0) == 0) ::unlink(entry.path().c_str());
    }
}

void Uploads::start(const std::string& charge_point, Kind kind, const std::string& location,
                    const std::string& file_name, const TimeSpan& span, Done done) {
    const Slot slot(charge_point, kind != Kind::diagnostics);
    const auto file = ports_.folder + '/' + std::string(file_prefix) + std::to_string(++last_);
    const auto upload = std::make_shared<Upload>(slot, file, std::move(done));
    uploads_[slot] = upload;
    const bool security = kind == Kind::security_log;
    const ArchiveMember member{security ? "security.log" : "busbar-support.json",
                               (security ? ports_.security_log : ports_.diagnostics)(span)};
    const auto most = static_cast<std::uint64_t>(around_.config().transfers.max_mb) * mebi;
    const FileTransfer::Job job{true, location, file_name, file, most};
    around_.carrier.run(
        [file, most, tar = tar_of({member}, ports_.now().utc)] { return write_gzip(file, tar, most); },
        [this, weak = std::weak_ptr(upload), file, job](const Result<void>& packed) {
            const auto held = weak.lock();
            if (!held) {
                ::unlink(file.c_str());
                return;
            }
            packed ? send(held, job) : finish(held->slot, packed);
        });
}

void Uploads::send(const std::shared_ptr<Upload>& upload, FileTransfer::Job job) {
    upload->transfer = FileTransfer::start(
        around_, std::move(job),
        [this, slot = upload->slot](const Result<void>& result) { finish(slot, result); });
}

void Uploads::finish(const Slot& slot, const Result<void>& result) {
    const auto found = uploads_.find(slot);
    if (found == uploads_.end()) return;
    const auto upload = std::move(found->second);
    uploads_.erase(found);
    upload->done(result);
}

void Uploads::on_moved() {
    const auto all = uploads_;
    for (const auto& [slot, upload] : all) {
        if (upload->transfer) upload->transfer->on_moved();
    }
}

}  // namespace busbar::gateway
