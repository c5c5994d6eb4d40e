// SPDX-License-Identifier: Apache-2.0
// The real ModemManager with a modem that is a program, as tests see it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace busbar::gateway::testing {

/// bed.py: runs as long as this lives.
class ModemBed {
  public:
    /// The real ModemManager tells its test interface to root alone.
    static bool is_permitted() { return ::geteuid() == 0; }

    explicit ModemBed(const std::string& pin)
        : folder_(::testing::TempDir() + "modem_bed_" + std::to_string(::getpid())) {
        std::filesystem::remove_all(folder_);
        int to = 0;
        int from = 0;
        start(pin, to, from);
        orders_ = ::fdopen(to, "w");
        answers_ = ::fdopen(from, "r");
        ::setenv("DBUS_SYSTEM_BUS_ADDRESS", answer().c_str(), 1);
    }
    ~ModemBed() {
        std::fclose(orders_);
        while (!answer().empty()) {
        }
        std::fclose(answers_);
        ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
        std::filesystem::remove_all(folder_);
    }
    ModemBed(const ModemBed&) = delete;
    ModemBed& operator=(const ModemBed&) = delete;

    void order(const std::string& line) {
        std::fprintf(orders_, "%s\n", line.c_str());
        std::fflush(orders_);
        EXPECT_EQ(answer(), "done");
    }

    [[nodiscard]] std::vector<std::string> pins() const {
        std::ifstream file(folder_ + "/pins");
        std::vector<std::string> lines;
        for (std::string line; std::getline(file, line);) lines.push_back(line);
        return lines;
    }
    [[nodiscard]] std::string pin_file() const { return folder_ + "/sim_pins"; }

  private:
    void start(const std::string& pin, int& to, int& from) const {
        std::array<int, 2> in{};
        std::array<int, 2> out{};
        if (::pipe(in.data()) != 0 || ::pipe(out.data()) != 0) std::abort();
        if (::fork() == 0) {
            ::dup2(in[0], STDIN_FILENO);
            ::dup2(out[1], STDOUT_FILENO);
            for (const int descriptor : {in[0], in[1], out[0], out[1]}) ::close(descriptor);
            ::execl("/usr/bin/python3", "/usr/bin/python3", "-B",
                    BUSBAR_SOURCE_DIR "/tests/gateway/modem_bed/bed.py", folder_.c_str(), pin.c_str(),
                    nullptr);
            ::_exit(1);
        }
        ::close(in[0]);
        ::close(out[1]);
        to = in[1];
        from = out[0];
    }

    /// "": the bed has ended.
    std::string answer() {
        std::string line;
        for (int c = std::fgetc(answers_); c != EOF && c != '\n'; c = std::fgetc(answers_))
            line += static_cast<char>(c);
        return line;
    }

    std::string folder_;
    std::FILE* orders_ = nullptr;
    std::FILE* answers_ = nullptr;
};

}  // namespace busbar::gateway::testing
