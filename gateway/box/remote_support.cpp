// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/remote_support.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "gateway/atomic_file.hpp"
#include "gateway/update/files.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

constexpr seconds look_interval{2};
constexpr milliseconds first_wait{5'000};
constexpr milliseconds longest_wait{60'000};
constexpr seconds key_patience{60};
/// known_hosts knows the server by it, whatever its name and port.
constexpr const char* alias = "busbar-support";

std::optional<UtcTime> read_until(const std::string& file) {
    const auto text = file_content(file);
    return ocpp::parse_iso8601(text.substr(0, text.find('\n')));
}

/// What ssh said last.
std::string last_line(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text.substr(text.rfind('\n') + 1).substr(0, 200);
}

}  // namespace

std::vector<std::string> tunnel_command(const config::Support& server, const std::string& folder,
                                        int local_port) {
    std::vector<std::string> command{"/usr/bin/ssh", "-F", "none", "-N", "-T"};
    for (const std::string& option :
         {std::string("BatchMode=yes"), std::string("IdentitiesOnly=yes"), std::string("IdentityAgent=none"),
          std::string("PreferredAuthentications=publickey"), std::string("StrictHostKeyChecking=yes"),
          std::string("GlobalKnownHostsFile=/dev/null"), "UserKnownHostsFile=\"" + folder + "/known_hosts\"",
          std::string("UpdateHostKeys=no"), std::string("HostKeyAlias=") + alias,
          std::string("ExitOnForwardFailure=yes"), std::string("ServerAliveInterval=15"),
          std::string("ServerAliveCountMax=3"), std::string("ConnectTimeout=20"),
          std::string("PermitLocalCommand=no"), std::string("ForwardAgent=no"),
          std::string("ControlPath=none"), std::string("LogLevel=ERROR")}) {
        command.insert(command.end(), {"-o", option});
    }
    const auto way = fmt::format("127.0.0.1:{}:127.0.0.1:{}", server.remote_port, local_port);
    command.insert(command.end(),
                   {"-E", folder + "/log", "-i", folder + "/key", "-p", std::to_string(server.port), "-l",
                    server.user, "-R", way, "--", server.host});
    return command;
}

RemoteSupport::RemoteSupport(Ports ports)
    : ports_(std::move(ports)), timer_(ports_.loop), backoff_(first_wait, longest_wait) {}

void RemoteSupport::apply(const std::optional<config::Support>& server) {
    const bool first = !server_;
    if (server_ == server) return;
    if (!first && until_) {
        turn_off();
        ports_.ended();
    }
    server_ = server;
    timer_.cancel();
    if (!server_) return;
    ::mkdir(ports_.folder.c_str(), S_IRWXU);
    need_key();
    until_ = read_until(file("until"));
    look();
}

void RemoteSupport::need_key() {
    if (!file_content(file("key.pub")).empty()) return;
    ::unlink(file("key").c_str());  // of a power cut between the two
    auto made = ChildProcess::start(
        ports_.loop,
        {"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "busbar", "-f", file("key")},
        key_patience, [this](int status) {
            if (status != 0) {
                ports_.log.error("support_key_failed",
                                 "ssh-keygen made no key: is openssh-client installed?");
            }
            boost::asio::post(ports_.loop, [this] { key_maker_.reset(); });
        });
    if (!made) return ports_.log.error("support_key_failed", made.error().detail);
    key_maker_ = *std::move(made);
}

Result<void> RemoteSupport::turn_on(std::chrono::minutes time) {
    const auto now = ports_.now();
    if (!server_ || ports_.https_port() == 0) {
        return Error{Errc::invalid,
                     "The configuration has no support, or serves no pages: there is nothing to reach."};
    }
    if (!now.utc)
        return Error{Errc::refused, "The gateway does not know the time yet, by which it would end."};
    const auto until = *now.utc + time;
    const auto known = fmt::format("{} {}\n", alias, server_->host_key);
    if (const auto kept = replace_file(file("known_hosts"), known, Durable::no, owner_only); !kept)
        return kept.error();
    if (const auto kept = update::replace_durably(file("until"), ocpp::to_iso8601(until) + '\n', owner_only);
        !kept)
        return kept.error();
    until_ = until;
    latest_ = now.steady + std::min(time, longest);
    tunnel_.reset();  // its own clock ends it at the old time
    dial_at_.reset();
    backoff_.reset();
    complaint_.clear();
    ports_.log.warning("support_on", "Remote support may reach this box.",
                       {{"host", server_->host}, {"until", ocpp::to_iso8601(until)}});
    look();
    return {};
}

void RemoteSupport::turn_off() {
    if (!until_) return;
    tunnel_.reset();
    until_.reset();
    latest_.reset();
    ::unlink(file("until").c_str());
    (void)update::sync_folder_of(file("until"));
    ports_.log.warning("support_off", "Remote support has ended.");
}

void RemoteSupport::stop() {
    timer_.cancel();
    tunnel_.reset();
    key_maker_.reset();
}

/// Each 2 s while it is offered: the clock may jump, and a restart must not make it longer.
void RemoteSupport::look() {
    const auto now = ports_.now();
    if (until_ && now.utc) {
        auto left = std::chrono::floor<seconds>(*until_ - *now.utc);
        // A clock that is set back makes it no longer.
        if (!latest_) latest_ = now.steady + std::min(left, seconds(longest));
        left = std::min(left, std::chrono::floor<seconds>(*latest_ - now.steady));
        if (left <= seconds(0)) {
            turn_off();
            ports_.ended();
        } else if (!tunnel_ && (!dial_at_ || now.steady >= *dial_at_)) {
            dial(left);
        }
    }
    timer_.expires_after(look_interval);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) look();
    });
}

void RemoteSupport::dial(seconds left) {
    const int port = ports_.https_port();
    if (port == 0) return;
    ::unlink(file("log").c_str());
    auto started = ChildProcess::start(ports_.loop, tunnel_command(*server_, ports_.folder, port), left,
                                       [this](int status) { tunnel_ended(status); });
    if (!started) return ports_.log.warning("support_failed", started.error().detail);
    tunnel_ = *std::move(started);
}

void RemoteSupport::tunnel_ended(int status) {
    dial_at_ = steady_now() + backoff_.next(random_());
    boost::asio::post(ports_.loop, [this] { tunnel_.reset(); });
    const auto said = last_line(file_content(file("log")));
    if (said == complaint_) return;
    complaint_ = said;
    ports_.log.warning("support_failed",
                       said.empty() ? fmt::format("The tunnel ended with status {}.", status) : said,
                       {{"host", server_->host}});
}

SupportReport RemoteSupport::report() const {
    SupportReport report;
    report.configured = server_.has_value();
    if (!server_) return report;
    report.active = until_.has_value();
    report.until = until_;
    report.host = server_->host;
    report.public_key = last_line(file_content(file("key.pub")));
    return report;
}

}  // namespace busbar::gateway
