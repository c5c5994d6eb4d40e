// SPDX-License-Identifier: Apache-2.0
#include "gateway/update_helper/dpkg.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <sstream>

#include "gateway/update/key_lines.hpp"
#include "gateway/update/version.hpp"
#include "gateway/update_helper/spawn.hpp"

namespace busbar::update {
namespace {

namespace fs = std::filesystem;

constexpr seconds to_install{900};
constexpr seconds to_repack{300};
constexpr milliseconds between_tries{500};

/// "Version: 1" among lines of a control file; "" where there is none.
std::string field(const std::string& text, const std::string& name) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(name + ": ")) return line.substr(name.size() + 2);
    }
    return {};
}

/// apt names each package that it would touch: "Inst NAME ...", "Remv NAME ...".
bool touches_others(const std::string& plan) {
    std::istringstream lines(plan);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string deed;
        std::string name;
        words >> deed >> name;
        if (deed == "Remv" || (deed == "Inst" && name.substr(0, name.find(':')) != package_name)) return true;
    }
    return false;
}

}  // namespace

Judged<void> Dpkg::lock(seconds patience) {
    const auto path = root_ + "/var/lib/dpkg/lock-frontend";
    lock_ = File(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    const auto deadline = steady_now() + patience;
    while (lock_.is_open() && ::fcntl(lock_.get(), F_SETLK, &whole) != 0) {
        if (steady_now() >= deadline) {
            lock_ = File();
            return Refusal{"dpkg_busy", "Another program installs packages: try again later."};
        }
        nap(between_tries);
    }
    if (!lock_.is_open()) return Refusal{"dpkg_busy", path + " cannot be opened."};
    return {};
}

Judged<Installed> Dpkg::installed() const {
    const auto ran =
        run_program({{program("/usr/bin/dpkg-query"), "--show",
                      "--showformat=${db:Status-Status} ${Version} ${Architecture}\\n", package_name},
                     seconds(60),
                     true});
    std::istringstream words(ran && ran->code == 0 ? ran->output : std::string());
    std::string state;
    Installed found{package_name, "", ""};
    words >> state >> found.version >> found.architecture;
    if (state == "installed" && is_version(found.version)) return found;
    return Refusal{"not_installed_whole",
                   "dpkg does not know a wholly installed package busbar on this machine."};
}

Judged<Dpkg::Fields> Dpkg::fields(const std::string& package) const {
    const auto ran = run_program({{program("/usr/bin/dpkg-deb"), "--field", package, "Package", "Version",
                                   "Architecture", "Installed-Size"},
                                  seconds(60),
                                  true});
    if (!ran || ran->code != 0) return Refusal{"bad_package", "dpkg cannot read the package of the bundle."};
    const auto size = number_of(field(ran->output, "Installed-Size"));
    return Fields{
        {field(ran->output, "Package"), field(ran->output, "Version"), field(ran->output, "Architecture")},
        size.value_or(0)};
}

Judged<void> Dpkg::simulate(const std::string& package) const {
    const auto ran = run_program(
        {{program("/usr/bin/apt-get"), "--simulate", "--no-download", "--no-install-recommends",
          "--allow-downgrades", "--option", "APT::Get::Show-User-Simulation-Note=false", "install", package},
         seconds(180),
         true});
    if (ran && ran->code == 0 && !touches_others(ran->output)) return {};
    return Refusal{
        "missing_dependencies",
        "The new release needs packages that are not on this machine, and an update fetches none."};
}

void Dpkg::configure_pending() const {
    (void)run_program(
        {{program("/usr/bin/dpkg"), "--configure", "--pending", "--force-confdef", "--force-confold"},
         to_install});
}

Judged<void> Dpkg::install(const std::string& package) const {
    const auto ran = run_program(
        {{program("/usr/bin/dpkg"), "--install", "--force-confdef", "--force-confold", package}, to_install});
    if (!ran) return Refusal{"install_failed", ran.error().detail};
    if (ran->code == 0) return {};
    return Refusal{"install_failed", "dpkg could not install the package: the system's journal says why."};
}

Judged<void> Dpkg::repack(const std::string& folder, const std::string& target) const {
    const Refusal none{"no_rollback_copy",
                       "The installed release could not be packed, so there would be nothing to go back to."};
    std::error_code error;
    fs::remove_all(folder, error);
    if (!fs::create_directory(folder, error)) return none;
    const auto ran = run_program({{program("/usr/bin/dpkg-repack"), package_name}, to_repack, false, folder});
    if (!ran || ran->code != 0) return none;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().extension() != ".deb") continue;
        const auto packed = open_plain(AT_FDCWD, entry.path().string(), 4 * largest_package);
        if (!packed || !copy_durably(*packed, 0, size_of(*packed), target, S_IRUSR | S_IWUSR)) return none;
        fs::remove_all(folder, error);
        return {};
    }
    return none;
}

}  // namespace busbar::update
