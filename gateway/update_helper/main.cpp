// SPDX-License-Identifier: Apache-2.0
// busbar-update: the one program that installs a release, as root, when the daemon asks for it. Without
// arguments it ends what was interrupted, takes the request that waits, and sees to the package to go back
// to. Exit code 0: nothing is left to do; 1: it has to be started again.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string_view>

#include "gateway/update/key_lines.hpp"
#include "gateway/update_helper/intake.hpp"
#include "gateway/update_helper/machine.hpp"

namespace {

using namespace busbar;
using namespace busbar::update;

constexpr std::size_t largest_journal = 4096;

struct Arguments {
    Places places;
    Patience patience;
};

/// --root DIR: everything, the programs that are run too, lies below DIR; for tests. --patience S with it.
std::optional<Arguments> read(int argc, char** argv) {
    Arguments arguments;
    for (int at = 1; at < argc; at += 2) {
        if (at + 1 == argc) return std::nullopt;
        const std::string_view name = argv[at];
        const auto number = number_of(argv[at + 1]);
        if (name == "--root") {
            arguments.places.root = argv[at + 1];
        } else if (name == "--patience" && number && *number <= 3600) {
            const seconds patience(static_cast<long>(*number));
            arguments.patience = {patience, std::min(patience, seconds(2)), patience};
        } else {
            return std::nullopt;
        }
    }
    return arguments;
}

int fail(const std::string& why) {
    std::fprintf(stderr, "busbar-update: %s\n", why.c_str());
    return 1;
}

/// Ours alone: whoever could write there could choose what root installs.
bool is_ours(const Places& places) {
    if (::mkdir(places.work().c_str(), 0755) != 0 && errno != EEXIST) return false;
    struct stat facts {};
    return ::lstat(places.work().c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) &&
           facts.st_uid == ::geteuid() && (facts.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// Held until the program ends.
bool is_alone(const Places& places) {
    File lock(::open(places.lock().c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!lock.is_open() || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return false;
    lock.release();
    return true;
}

int conclude(Journal journal, RealMachine& machine, const Places& places) {
    const auto outcome = run(std::move(journal), machine);
    if (!outcome) return fail(outcome.error().detail);
    std::printf("outcome=%s\n", std::string(name_of(*outcome)).c_str());
    return ::access(places.journal().c_str(), F_OK) == 0 ? 1 : 0;
}

int resume(const Arguments& arguments, Dpkg& dpkg, const Service& service) {
    const auto& places = arguments.places;
    const auto journal = read_journal(small_file(places.journal(), largest_journal).value_or(""));
    RealMachine machine(places, dpkg, service);
    if (!journal) {
        // Replaced whole, so never half there: without it nothing is known, and the service has to run.
        ::unlink(places.journal().c_str());
        return service.start() ? 0 : fail("the service does not start");
    }
    if (const auto locked = dpkg.lock(arguments.patience.lock); !locked) return fail(locked.error().detail);
    return conclude(after_cut(*journal), machine, places);
}

void refuse(const Places& places, const std::string& id, const Refusal& refusal) {
    std::printf("refused=%s %s\n", refusal.code.c_str(), refusal.detail.c_str());
    tell(places, {id, "finished", "refused", refusal.code, refusal.detail, "", "", ""});
    ::unlink(places.bundle().c_str());
    ::unlink(places.new_package().c_str());
    forget_request(places);
}

int serve(const Arguments& arguments, const std::string& id, Dpkg& dpkg, const Service& service) {
    const auto& places = arguments.places;
    tell(places, {id, "checking", "", "", "", "", "", ""});
    const auto locked = dpkg.lock(arguments.patience.lock);
    const auto journal = locked ? take_in(places, dpkg, id) : Judged<Journal>(locked.error());
    RealMachine machine(places, dpkg, service);
    if (journal) {
        if (const auto saved = machine.save(*journal); saved) {
            forget_request(places);
            return conclude(*journal, machine, places);
        }
    }
    refuse(places, id,
           journal ? Refusal{"no_space", "The update's journal cannot be written."} : journal.error());
    return 0;
}

int work(const Arguments& arguments) {
    const auto& places = arguments.places;
    if (!is_ours(places)) return fail(places.work() + " is not a folder of root alone");
    if (!is_alone(places)) return 0;
    Dpkg dpkg(places.root);
    const Service service(places, arguments.patience);
    if (::access(places.journal().c_str(), F_OK) == 0) {
        if (const int code = resume(arguments, dpkg, service); code != 0) return code;
    } else if (service.is_held()) {
        (void)service.start();
    }
    if (const auto id = waiting_request(places)) return serve(arguments, *id, dpkg, service);
    if (const auto seeded = seed(places, dpkg); !seeded) return fail(seeded.error().detail);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    ::umask(S_IWGRP | S_IWOTH);
    try {
        const auto arguments = read(argc, argv);
        return arguments ? work(*arguments) : fail("takes no arguments (for tests: --root DIR --patience S)");
    } catch (const std::exception& error) {  // out of memory, or a mistake of ours: the journal knows
        return fail(error.what());
    }
}
