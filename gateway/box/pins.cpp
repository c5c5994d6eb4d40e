// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/pins.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "gateway/atomic_file.hpp"
#include "gateway/update/files.hpp"

namespace busbar::gateway {
namespace {

/// An LED may have many shades: lit is its brightest.
std::string high_of(const std::string& file) {
    auto most = file_content((std::filesystem::path(file).parent_path() / "max_brightness").string());
    most.resize(most.find_last_not_of(" \n") + 1);
    return most.empty() ? "1" : most;
}

class FilePin final : public PinHandle {
  public:
    FilePin(const config::Pin& pin, update::File file)
        : name_(pin.file), active_low_(pin.active_low), file_(std::move(file)), high_(high_of(pin.file)) {}

    Result<bool> read() override {
        std::array<char, 16> text{};
        const auto count = ::pread(file_.get(), text.data(), text.size(), 0);
        if (count <= 0) return failed("read");
        return (text.front() != '0') != active_low_;
    }

    Result<void> write(bool active) override {
        const std::string_view level = active != active_low_ ? std::string_view(high_) : "0";
        if (::pwrite(file_.get(), level.data(), level.size(), 0) < 0) return failed("written");
        return {};
    }

  private:
    [[nodiscard]] Error failed(const char* what) const {
        return {Errc::io, name_ + " cannot be " + what + ": " + std::strerror(errno)};
    }

    std::string name_;
    bool active_low_;
    update::File file_;
    std::string high_;
};

}  // namespace

Result<std::unique_ptr<PinHandle>> open_pin(const config::Pin& pin, PinUse use) {
    if (pin.file.empty()) return open_gpio(pin, use);
    const int mode = (use == PinUse::input ? O_RDONLY : O_WRONLY) | O_CLOEXEC | O_NONBLOCK;
    update::File file(::open(pin.file.c_str(), mode));
    if (!file.is_open()) return Error{Errc::io, pin.file + " cannot be opened: " + std::strerror(errno)};
    auto handle = std::make_unique<FilePin>(pin, std::move(file));
    if (use != PinUse::input) {
        if (const auto set = handle->write(use == PinUse::output_on); !set) return set.error();
    }
    return handle;
}

}  // namespace busbar::gateway
