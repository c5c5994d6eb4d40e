// SPDX-License-Identifier: Apache-2.0
// A line full of devices at various settings, and a scan that runs on it in made-up time.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/scan.hpp"

namespace busbar::adapters::test {

/// What is screwed to the wires.
struct Device {
    int baud = 19200;
    config::Parity parity = config::Parity::even;
    std::map<std::pair<config::Table, int>, std::uint16_t> memory{};  ///< others: exception 2
    int exception = 2;
    milliseconds answers_after{10};
    int garbles_next = 0;
    int misses_next = 0;                       ///< asleep
    int least_count = 1;                       ///< registers; shorter reads are not answered
    bool silent_where_it_has_nothing = false;  ///< instead of the exception
};

struct World {
    SteadyTime now{};
    std::map<int, Device> devices{};        ///< by unit id
    std::optional<Device> other_at_9600{};  ///< also with unit id 1
    std::vector<std::uint8_t> chatter{};    ///< heard in each slice of listening
    std::optional<int> chatter_at{};        ///< the speed at which it makes sense; else it is heard as noise
    bool missing = false;                   ///< the device cannot be opened
    bool settings_matter = true;
    int writes = 0;
    std::vector<std::pair<ScanSetting, Span>> asked{};
    int late_unit = 0;  ///< its answer to an earlier request is on its way
};

class WorldLine final : public Registers {
  public:
    WorldLine(World& world, ScanSetting setting)
        : Registers("line", {}, [&world] { return world.now; }),
          world_(world),
          setting_(std::move(setting)) {}

    Result<SteadyTime> open() override {
        if (world_.missing) return Error{Errc::unreachable, "/dev/none does not exist"};
        return SteadyTime{};
    }
    void interrupt() override {}
    Result<std::vector<std::uint8_t>> listen(milliseconds time) override {
        if (auto opened = open(); !opened) return opened.error();
        world_.now += time;
        const bool clear = !world_.chatter_at || world_.chatter_at == setting_.bus.baud;
        return clear ? world_.chatter : std::vector<std::uint8_t>(world_.chatter.size(), 0xF8);
    }
    [[nodiscard]] bool numbers_requests() const override { return false; }

  private:
    Exchange<Words> transfer_read(const Span& span, milliseconds reply_timeout) override {
        world_.asked.emplace_back(setting_, span);
        if (world_.late_unit != 0 && world_.late_unit != span.unit) {
            world_.late_unit = 0;
            world_.now += 20ms;
            return ExchangeError{{Errc::garbled, "another unit's answer"}};
        }
        if (span.unit == 1 && world_.other_at_9600 && hears(*world_.other_at_9600)) {
            world_.now += 10ms;
            return words(*world_.other_at_9600, span);
        }
        const auto found = world_.devices.find(span.unit);
        if (found == world_.devices.end() || !hears(found->second)) return silence(reply_timeout);
        auto& device = found->second;
        const bool has = device.memory.contains({span.table, span.address});
        if (device.misses_next > 0) {
            --device.misses_next;
            return silence(reply_timeout);
        }
        if (span.count < device.least_count || (device.silent_where_it_has_nothing && !has))
            return silence(reply_timeout);
        if (device.answers_after > reply_timeout) {
            world_.late_unit = span.unit;
            return silence(reply_timeout);
        }
        world_.now += device.answers_after;
        if (device.garbles_next > 0) {
            --device.garbles_next;
            return ExchangeError{{Errc::garbled, "checksum"}};
        }
        return words(device, span);
    }

    Exchange<void> transfer_write(const Span& /*span*/, const Words& /*words*/,
                                  config::WriteFunction /*function*/, milliseconds /*timeout*/) override {
        ++world_.writes;
        return {};
    }

    [[nodiscard]] bool hears(const Device& device) const {
        return !world_.settings_matter ||
               (device.baud == setting_.bus.baud && device.parity == setting_.bus.parity);
    }

    Exchange<Words> silence(milliseconds reply_timeout) {
        world_.now += reply_timeout;
        return ExchangeError{{Errc::timeout, "no answer"}};
    }

    static Exchange<Words> words(const Device& device, const Span& span) {
        Words words;
        for (int address = span.address; address < span.address + span.count; ++address) {
            const auto found = device.memory.find({span.table, address});
            if (found == device.memory.end()) {
                return ExchangeError{{Errc::refused, "exception"}, device.exception};
            }
            words.push_back(found->second);
        }
        return words;
    }

    World& world_;
    ScanSetting setting_;
};

class ScanBench : public ::testing::Test {
  protected:
    /// A model with a register 1 (input) that says `type`, and a state in input 2; comes at unit 1.
    static config::Profile model(const std::string& id, int baud, config::Parity parity,
                                 std::optional<double> type) {
        config::Profile profile;
        profile.id = id;
        profile.bus_kinds = {config::BusKind::rtu, config::BusKind::tcp};
        profile.baud = baud;
        profile.parity = parity;
        profile.stop_bits = 1;
        for (const auto& [name, address] : {std::pair("type", 1), std::pair("state", 2)}) {
            config::Register reg;
            reg.name = name;
            reg.table = config::Table::input;
            reg.address = address;
            profile.registers.emplace(name, reg);
        }
        config::StateRule plugged;
        plugged.when = {is("state", 7)};
        plugged.state = CpState::C2;
        profile.state = {plugged};
        if (type) profile.identify = {is("type", *type)};
        return profile;
    }

    static config::Condition is(const char* name, double value) {
        config::Condition condition;
        condition.reg = name;
        condition.equals = {value};
        return condition;
    }

    static Device box(std::uint16_t type, int baud, config::Parity parity) {
        Device device;
        device.baud = baud;
        device.parity = parity;
        device.memory = {{{config::Table::input, 1}, type}, {{config::Table::input, 2}, 7}};
        return device;
    }

    Scan make(ScanOptions options = {}) {
        return {bus, std::make_shared<const ProfileLibrary>(profiles), std::move(options),
                [this](const ScanSetting& setting) { return line_at(setting); }};
    }

    virtual Result<Line*> line_at(const ScanSetting& setting) {
        line = std::make_unique<WorldLine>(world, setting);
        return line.get();
    }

    /// To the end; the progress must never fall, and nothing may be written.
    ScanFindings run(Scan& scan) {
        double progress = 0;
        for (int steps = 0; steps < 50'000; ++steps) {
            const auto next = scan.step(world.now);
            EXPECT_GE(scan.findings().progress, progress);
            progress = scan.findings().progress;
            if (next.done) break;
            world.now = std::max(world.now, next.at);
        }
        EXPECT_EQ(world.writes, 0);
        EXPECT_EQ(scan.findings().phase, ScanPhase::ended);
        return scan.findings();
    }
    ScanFindings run(ScanOptions options = {}) {
        auto scan = make(std::move(options));
        return run(scan);
    }

    World world;
    config::Bus bus;  ///< 9600 8E1
    ProfileLibrary profiles{
        {"box-a", model("box-a", 19200, config::Parity::even, 0x0108)},
        {"box-b", model("box-b", 9600, config::Parity::none, 0x0200)},
        {"box-c", model("box-c", 38400, config::Parity::even, std::nullopt)},
    };
    std::unique_ptr<Line> line;
};

}  // namespace busbar::adapters::test
