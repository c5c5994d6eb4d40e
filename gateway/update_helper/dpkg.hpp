// SPDX-License-Identifier: Apache-2.0
// What the helper asks of dpkg and apt: facts, a trial, an installation; each with fixed words.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/time.hpp"
#include "gateway/update/files.hpp"
#include "gateway/update/manifest.hpp"
#include "gateway/update/refusal.hpp"

namespace busbar::update {

inline constexpr const char* package_name = "busbar";

class Dpkg {
  public:
    /// `root`: of the programs and of dpkg's lock; "" on a gateway.
    explicit Dpkg(std::string root) : root_(std::move(root)) {}

    /// Waits for whoever else installs. Held until this object ends. Refusal: dpkg_busy.
    Judged<void> lock(seconds patience);

    /// Refusal: not_installed_whole.
    [[nodiscard]] Judged<Installed> installed() const;

    struct Fields {
        Installed names;
        std::uint64_t installed_kib = 0;
    };
    /// What a package says of itself. Refusal: bad_package.
    [[nodiscard]] Judged<Fields> fields(const std::string& package) const;

    /// Would it be installed from what is on this machine, and nothing else change? Refusal:
    /// missing_dependencies.
    [[nodiscard]] Judged<void> simulate(const std::string& package) const;

    /// Ends what an interruption left unconfigured, of any package; what cannot be ended is left.
    void configure_pending() const;
    /// Refusal: install_failed. Older packages too.
    [[nodiscard]] Judged<void> install(const std::string& package) const;

    /// Makes a package of what is installed, as the file `target`. Refusal: no_rollback_copy.
    [[nodiscard]] Judged<void> repack(const std::string& folder, const std::string& target) const;

  private:
    [[nodiscard]] std::string program(const char* path) const { return root_ + path; }

    std::string root_;
    File lock_;
};

}  // namespace busbar::update
