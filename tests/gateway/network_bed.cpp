// SPDX-License-Identifier: Apache-2.0
#include "network_bed.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

namespace busbar::gateway::testing {
namespace {

constexpr const char* python = "/usr/bin/python3";  // whose packages are the system's
constexpr const char* mock_interface = "org.freedesktop.DBus.Mock";
constexpr const char* root = "/org/freedesktop";

pid_t spawn(std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = -1;
    const int failed = posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0 ? pid : -1;
}

void end(pid_t& pid) {
    if (pid <= 0) return;
    kill(pid, SIGTERM);
    waitpid(pid, nullptr, 0);
    pid = -1;
}

bool works(const std::vector<std::string>& words) {
    const pid_t pid = spawn(words);
    int status = -1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

}  // namespace

std::string NetworkBed::what_is_missing() {
    if (!works({"dbus-daemon", "--version"})) return "dbus-daemon is not installed";
    if (!works({python, "-c", "import dbusmock"})) return "python3-dbusmock is not installed";
    return {};
}

NetworkBed::NetworkBed() {
    std::string name = "/tmp/busbar-bed-XXXXXX";
    folder_ = mkdtemp(name.data());
    const std::string address = "unix:path=" + (folder_ / "bus").string();
    setenv("DBUS_SYSTEM_BUS_ADDRESS", address.c_str(), 1);
    std::ofstream(folder_ / "bus.conf") << "<busconfig><listen>" << address
                                        << "</listen><auth>EXTERNAL</auth><policy context='default'>"
                                           "<allow send_destination='*'/><allow receive_sender='*'/>"
                                           "<allow own='*'/></policy></busconfig>";
}

NetworkBed::~NetworkBed() {
    stop_bus();
    std::filesystem::remove_all(folder_);
}

void NetworkBed::start_bus() {
    bus_ = spawn({"dbus-daemon", "--nofork", "--config-file=" + (folder_ / "bus.conf").string()});
    for (int left = 500; left > 0 && !control_; --left) {
        auto connected = SystemBus::connect(loop_, [] {});
        if (connected) control_ = std::move(*connected);
        if (!connected) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ASSERT_TRUE(control_) << "no bus within 5 s";
}

void NetworkBed::stop_bus() {
    control_.reset();
    stop_manager();
    end(bus_);
    std::filesystem::remove(folder_ / "bus");
}

void NetworkBed::start_manager() {
    manager_ = spawn({python, "-m", "dbusmock", "--system", "--template", "networkmanager"});
    const SystemBus::Call ask{"org.freedesktop.NetworkManager", root, mock_interface, "GetCalls"};
    for (int left = 2'000; left > 0; --left) {
        if (control_->call_and_wait(ask)) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "no mock of NetworkManager within 20 s";
}

void NetworkBed::stop_manager() {
    end(manager_);
}

SystemBus::Values NetworkBed::must(const SystemBus::Call& call) {
    const auto result = control_->call_and_wait(call);
    EXPECT_TRUE(result) << call.method << ": " << (result ? "" : result.error().detail);
    return result ? *result : SystemBus::Values();
}

std::string NetworkBed::run(const std::string& code) {
    const std::string name = "Run" + std::to_string(++methods_);
    const auto text = [](std::string value) { return dbus::Value{std::move(value)}; };
    must({"org.freedesktop.NetworkManager",
          root,
          mock_interface,
          "AddMethod",
          {text("busbar.Test"), text(name), text(""), text("s"), text("ret = ''\n" + code)}});
    const auto answer = must({"org.freedesktop.NetworkManager", root, "busbar.Test", name});
    const auto* said = answer.empty() ? nullptr : std::get_if<std::string>(&answer.front().as);
    return said == nullptr ? "" : *said;
}

}  // namespace busbar::gateway::testing
