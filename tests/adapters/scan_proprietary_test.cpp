// SPDX-License-Identifier: Apache-2.0
// Boxes that speak a protocol of their maker's are found, with the shipped profiles, and nothing is changed
// in them.
#include <gmock/gmock.h>

#include "tests/adapters/scan_bench.hpp"
#include "tests/adapters/scripted_frames.hpp"

namespace busbar::adapters::test {
namespace {

using config::BusKind;
using config::Parity;
using config::Protocol;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ProprietaryScan : public ScanBench {
  protected:
    ProprietaryScan() {
        profiles = config::load_profiles({BUSBAR_SOURCE_DIR "/config/chargers"}).value;
        bus.kind = BusKind::serial;
        bus.device = "/dev/ttyUSB0";
    }

    Result<Line*> line_at(const ScanSetting& setting) override {
        const auto kind = setting.bus.kind;
        if (setting.protocol == Protocol::modbus) {
            if (kind == BusKind::serial || kind == BusKind::keba_udp) return unsupported();
            return ScanBench::line_at(setting);
        }
        if (setting.protocol == Protocol::abl) return ScanBench::line_at(setting);
        auto frames = std::make_unique<ScriptedFrames>(world.now);
        frames->answers = [this, setting](const std::string& request) {
            said.push_back(request);
            return answers ? answers(setting, request) : std::vector<std::string>();
        };
        line = std::move(frames);
        return line.get();
    }

    static Error unsupported() { return {Errc::unsupported, "not on this bus"}; }

    /// An eMH1 that sleeps: registers 0x2E to 0x32, in the state of no car.
    static Device abl() {
        Device device;
        device.baud = 38400;
        device.misses_next = 1;
        device.least_count = 5;
        device.silent_where_it_has_nothing = true;
        for (int address = 0x2E; address < 0x33; ++address) {
            device.memory[{config::Table::holding, address}] = 0x03E8;
        }
        device.memory[{config::Table::holding, 0x2E}] = 0x2EA1;
        return device;
    }

    std::function<std::vector<std::string>(const ScanSetting&, const std::string&)> answers;
    std::vector<std::string> said;
};

TEST_F(ProprietaryScan, OpenEvseIsAskedForItsFirmware) {
    answers = [](const ScanSetting& setting, const std::string& request) {
        const bool its_own = setting.protocol == Protocol::rapi && setting.bus.baud == 115200;
        if (!its_own || request != "$GV^35\r") return std::vector<std::string>();
        return std::vector<std::string>{"$AT 01 01 32 0000", "$OK 7.1.3 5.2.1"};
    };
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_THAT(findings.found[0].models, ElementsAre("openevse-rapi"));
    EXPECT_EQ(findings.found[0].answer, "$OK 7.1.3 5.2.1");
    EXPECT_EQ(to_text(findings.found[0].setting), "115200 baud, no parity, 1 stop bit, OpenEVSE RAPI");
}

TEST_F(ProprietaryScan, EachEvccOnTheLineIsFound) {
    answers = [](const ScanSetting& setting, const std::string& request) {
        if (setting.protocol != Protocol::evcc1 || setting.bus.baud != 38400)
            return std::vector<std::string>();
        if (request == "!1 01\r\n") return std::vector<std::string>{">1 01 V1.7"};
        if (request == "!8 01\r\n") return std::vector<std::string>{">8 01 V1.4"};
        return std::vector<std::string>();
    };
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 2U);
    EXPECT_EQ(findings.found[1].unit, 8);
    EXPECT_THAT(findings.found[1].models, ElementsAre("abl-sursum-evcc1"));
}

TEST_F(ProprietaryScan, OnlyReadsAreSaid) {
    run();
    ASSERT_FALSE(said.empty());
    EXPECT_THAT(said, Each(::testing::AnyOf("$GV^35\r", ::testing::MatchesRegex("![1-8] 01\r\n"))));
}

TEST_F(ProprietaryScan, ASleepingAblBoxIsWokenByTheFirstAskAndAskedForWhatItAnswers) {
    world.devices[1] = abl();
    world.devices[12] = abl();
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 2U);
    EXPECT_EQ(findings.found[1].unit, 12);
    for (const auto& one : findings.found) EXPECT_THAT(one.models, ElementsAre("abl-evcc2"));
    for (const auto& [setting, span] : world.asked) {
        if (setting.protocol == Protocol::abl) {
            EXPECT_LE(span.unit, 16);
            EXPECT_EQ(span.address, 0x2E);
        }
    }
}

TEST_F(ProprietaryScan, AnAblBoxAtAnotherSpeedIsFoundByTheSweep) {
    world.devices[3] = abl();
    world.devices[3].baud = 57600;
    world.devices[3].parity = Parity::none;
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_EQ(findings.found[0].setting.bus.baud, 57600);
}

TEST_F(ProprietaryScan, BesideAblBoxesInServiceANewOneIsFound) {
    bus.baud = 38400;
    world.devices[1] = abl();
    world.devices[2] = abl();
    const auto findings = run({{true, {1}, {}}, false, false, false});
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_EQ(findings.found[0].unit, 2);
}

TEST_F(ProprietaryScan, AnUnknownDeviceOnAnRtuLineMayBeOneOfThemToo) {
    bus.kind = BusKind::rtu;
    world.devices[1] = abl();
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_THAT(findings.found[0].models, ElementsAre("abl-evcc2"));
    EXPECT_EQ(findings.found[0].setting.bus.kind, BusKind::serial);
}

TEST_F(ProprietaryScan, ADamagedReplyIsGarbageAndAForeignLineIsToo) {
    for (const char* reply : {"$OK 7.1.3 5.2.1^00", "kkkk"}) {
        answers = [reply](const ScanSetting& setting, const std::string&) {
            if (setting.protocol != Protocol::rapi) return std::vector<std::string>();
            return std::vector<std::string>{reply};
        };
        const auto findings = run();
        EXPECT_THAT(findings.found, IsEmpty());
        EXPECT_THAT(advice(findings), ElementsAre(HasSubstr("garbled, at 115200 baud"))) << reply;
    }
}

TEST_F(ProprietaryScan, WhatTheAdapterGivesBackIsNobody) {
    answers = [](const ScanSetting&, const std::string& request) {
        return std::vector<std::string>{request.substr(0, request.find('\r'))};
    };
    const auto findings = run();
    EXPECT_THAT(findings.found, IsEmpty());
    EXPECT_THAT(advice(findings), ElementsAre(StartsWith("Nobody answered")));
}

TEST_F(ProprietaryScan, AKebaIsAskedForItsReportOnce) {
    bus.kind = BusKind::keba_udp;
    bus.host = "192.0.2.7";
    bus.port = 7090;
    answers = [](const ScanSetting&, const std::string&) {
        return std::vector<std::string>{R"({"ID": "1", "Product": "KC-P20", "Serial": "17619300"})"};
    };
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_THAT(findings.found[0].models, ElementsAre("keba-p20-udp"));
    EXPECT_THAT(said, ElementsAre("report 1"));
    EXPECT_LT(world.now - SteadyTime{}, 2s);
}

}  // namespace
}  // namespace busbar::adapters::test
