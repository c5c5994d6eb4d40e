// SPDX-License-Identifier: Apache-2.0
// Charger profiles: what the reader makes of each spelling. The rules it enforces are the files under
// data/profile.
#include "config/profile.hpp"

#include <gtest/gtest.h>

#include "tests/config/problems.hpp"

namespace busbar::config {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Profile every_key() {
    auto checked = parse_profile(slurp(kSource / "tests/config/data/profile/good/every-key.json"));
    EXPECT_THAT(lines(checked.problems), IsEmpty());
    return std::move(checked.value);
}

/// A sound charger with `registers` added to its map and `more` to its top level.
Checked<Profile> with(const std::string& registers, const std::string& more = "") {
    return parse_profile(R"({"id": "x", "vendor": "V", "model": "M", "source": "s", "confidence": "reported",
        "when_gateway_dies": "Nothing.", "fallback": "keeps_limit", "transport": {"kinds": "rtu"},
        "registers": {"state": {"address": 900}, "set": {"address": 901, "access": "read_write"})" +
                         (registers.empty() ? "" : ", " + registers) + R"(},
        "state": {"when": {"register": "state", "equals": 1}, "state": "A"},
        "limit": {"registers": "set", "max_a": 16, "pause_value": 0})" +
                         (more.empty() ? "" : ", " + more) + "}");
}

Register only(const std::string& fields) {
    auto checked = with("\"r\": {\"address\": 7, " + fields + "}");
    EXPECT_THAT(lines(checked.problems), IsEmpty()) << fields;
    return checked.value.registers.at("r");
}

TEST(Profile, CarriesItsHeadTransportAndPacing) {
    const Profile profile = every_key();
    EXPECT_EQ(profile.id, "acme-everything-2");
    EXPECT_EQ(profile.confidence, Confidence::verified);
    EXPECT_EQ(profile.phases, 1);
    EXPECT_EQ(profile.protocol, Protocol::modbus);
    EXPECT_EQ(profile.fallback, Fallback::failsafe);
    EXPECT_EQ(profile.connectors, (Connectors{3, 1000, {{2, "socket2"}}}));
    EXPECT_EQ(profile.units,
              (std::map<std::string, std::optional<int>>{{"station", 200}, {"socket2", std::nullopt}}));
    EXPECT_THAT(profile.bus_kinds,
                ElementsAre(BusKind::rtu, BusKind::ascii, BusKind::tcp, BusKind::rtu_over_tcp));
    EXPECT_EQ(profile.baud, 57600);
    EXPECT_EQ(profile.parity, Parity::none);
    EXPECT_EQ(profile.stop_bits, 2);
    EXPECT_EQ(profile.default_unit_id, 50);
    EXPECT_EQ(profile.tcp_port, 5020);
    EXPECT_TRUE(profile.single_client);
    EXPECT_EQ(profile.pacing, (Pacing{20ms, 200ms, 800ms, 2, 1000ms, 30'000ms, 30ms, 5000ms, true}));
    EXPECT_EQ(profile.read_limits,
              (ReadLimits{20,
                          false,
                          {{"", Table::input, 200, 10}, {"station", Table::input, 16, 4}},
                          {{Table::holding, 0x200, 600}}}));
    ASSERT_EQ(profile.identify.size(), 2U);
    EXPECT_EQ(profile.identify[1].exists, true);
}

TEST(ProfileRegister, DefaultsToOneUnsignedHoldingRegisterReadEachCycle) {
    const auto checked = with(R"("r": {"address": 7})");
    ASSERT_THAT(lines(checked.problems), IsEmpty());
    Register expected;
    expected.name = "r";
    expected.address = 7;
    EXPECT_EQ(checked.value.registers.at("r"), expected);
}

TEST(ProfileRegister, KnowsTheLengthOfNumbers) {
    EXPECT_EQ(only(R"("type": "u8_low")").count, 1);
    EXPECT_EQ(only(R"("type": "i32")").count, 2);
    EXPECT_EQ(only(R"("type": "f64")").count, 4);
    EXPECT_EQ(only(R"("type": "u64", "count": 4)").count, 4);
    EXPECT_EQ(only(R"("type": "utf16", "count": 50)").count, 50);
    EXPECT_EQ(only(R"("table": "coil")").count, 1);
}

TEST(ProfileRegister, ReadsSentinelsAsTheyStandOnTheWire) {
    EXPECT_THAT(only(R"("absent": ["0xFFFF", 1000])").absent, ElementsAre(65535, 1000));
    EXPECT_THAT(only(R"("type": "i16", "absent": ["0x8000", "0x7FFF", -1])").absent,
                ElementsAre(-32768, 32767, -1));
    EXPECT_THAT(only(R"("type": "i32", "absent": "0xFFFFFFFF")").absent, ElementsAre(-1));
}

TEST(ProfileRegister, TakesAddressesAndMasksInHex) {
    const Profile profile = every_key();
    EXPECT_EQ(profile.registers.at("limit").address, 0x100);
    EXPECT_EQ(profile.registers.at("error_class").mask, 0x0F00U);
    EXPECT_EQ(profile.registers.at("socket_state").unit_name, "socket2");
    EXPECT_EQ(profile.registers.at("limit").write_function, WriteFunction::multiple);
}

TEST(ProfileRegister, CarriesWhatStandsBetweenTheWireAndTheValue) {
    const Profile profile = every_key();
    EXPECT_EQ(profile.registers.at("duty").conversion, Conversion::duty_cycle);
    EXPECT_EQ(profile.registers.at("power_l1").exponent, "power_exponent");
    EXPECT_EQ(profile.registers.at("power_exponent").stride, 0);
    EXPECT_FALSE(profile.registers.at("power_l1").stride.has_value()) << "the connectors' own";
    EXPECT_THAT(profile.registers.at("power_l2").valid_when.at(0).bits_set, ElementsAre(0));
    EXPECT_THAT(profile.registers.at("command").allowed, ElementsAre(1, 2, 0xBB, 0xCC));
    EXPECT_EQ(profile.registers.at("version").type, ValueType::version);
    EXPECT_EQ(profile.registers.at("article").count, 4);
}

TEST(ProfileRegister, OfAnExponentTakesAnyNumberBecauseItsScaleIsNotKnown) {
    EXPECT_THAT(lines(with(R"("e": {"address": 8, "type": "i16"},
                              "r": {"address": 7, "access": "read_write", "exponent": "e"})",
                           R"("required": {"register": "r", "value": 123456.5})")
                          .problems),
                IsEmpty());
}

TEST(ProfileRegister, MayShareWordsWhereItSaysWhy) {
    for (const auto* pair : {
             R"("a": {"address": 7, "mask": 1}, "b": {"address": 7, "mask": 2})",
             R"("a": {"address": 7, "type": "u8_high"}, "b": {"address": 7, "type": "u8_low"})",
             R"("a": {"address": 7}, "b": {"address": 7, "mask": 2})",
             R"("a": {"address": 7}, "b": {"address": 7, "access": "write"})",
             R"("a": {"address": 7}, "b": {"address": 7, "table": "input"})",
             R"("a": {"address": 7}, "b": {"address": 7, "unit": "other"})",
             R"("v": {"address": 1, "poll": "once"},
                "a": {"address": 7, "when": {"register": "v", "equals": 1}},
                "b": {"address": 7, "when": {"register": "v", "equals": 2}})",
         }) {
        EXPECT_THAT(lines(with(pair).problems), IsEmpty()) << pair;
    }
    EXPECT_THAT(lines(with(R"("a": {"address": 7, "mask": 1}, "b": {"address": 7, "mask": 1})").problems),
                ElementsAre(HasSubstr("'a' and 'b' share words")));
}

TEST(ProfileCondition, ComparesTextsWithTextsAndNumbersWithNumbers) {
    const Profile profile = every_key();
    const Condition& pilot = profile.state[2].when[0];
    EXPECT_EQ(pilot.reg, "pilot");
    EXPECT_THAT(pilot.equals_text, ElementsAre("E", "F"));
    EXPECT_THAT(pilot.equals, IsEmpty());
    const Condition& bits = profile.state[4].when[0];
    EXPECT_THAT(bits.bits_set, ElementsAre(4));
    EXPECT_THAT(bits.bits_clear, ElementsAre(5, 6));
    const Condition& layout = profile.registers.at("session").when[0];
    EXPECT_EQ(layout.at_least, 2);
    EXPECT_EQ(layout.below, 256);
}

TEST(ProfileState, KeepsOrderFlagsAndFaults) {
    const auto rules = every_key().state;
    ASSERT_EQ(rules.size(), 10U);
    EXPECT_TRUE(rules[0].locked_out);
    EXPECT_TRUE(rules[1].keep);
    EXPECT_EQ(rules[1].grace_after, "wake_up");
    EXPECT_EQ(rules[1].grace, 20s);
    EXPECT_EQ(rules[2].fault, FaultCode::EVCommunicationError);
    EXPECT_EQ(rules[2].fault_text, "pilot");
    EXPECT_EQ(rules[2].fault_register, "status");
    EXPECT_TRUE(rules[4].auth_wait);
    EXPECT_EQ(rules[5].when[0].phases, 3);
    EXPECT_EQ(rules[5].grace_after, "phases_1");
    EXPECT_TRUE(rules[6].finished);
    EXPECT_TRUE(rules[7].derated);
    EXPECT_EQ(rules[9].state, CpState::unknown);
    EXPECT_THAT(rules[9].when, IsEmpty());
}

TEST(ProfileState, AFaultsCodeComesFromTheFirstConditionUnlessARegisterIsNamed) {
    const auto faults = every_key().faults;
    EXPECT_EQ(faults[0].fault_register, "status");
    EXPECT_EQ(faults[1].fault_register, "error_class");
}

TEST(ProfileMeasurements, ListRegistersInTheOrderTheyAreAsked) {
    const Measurements measurements = every_key().measurements;
    EXPECT_THAT(measurements.energy_import_wh, ElementsAre(Source{"energy"}, Source{"total"}));
    EXPECT_THAT(measurements.power_w, ElementsAre(Source{"power"}, Source{"power_l1", "power_l2"}));
    EXPECT_THAT(measurements.current_a[0], ElementsAre("current"));
    EXPECT_THAT(measurements.current_a[1], IsEmpty());
    EXPECT_THAT(measurements.id_tag, ElementsAre("card"));
}

TEST(ProfileControl, CarriesLimitSwitchWatchdogRequiredAndSequences) {
    const Profile profile = every_key();
    Limit limit;
    limit.registers = {"limit", "limit_l2"};
    limit.max_a = 32;
    limit.max_registers = {"own_maximum"};
    limit.min_register = "own_minimum";
    limit.step_a = 0.5;
    limit.pause_value = 0;
    limit.rewrite = 15s;
    limit.rewrite_register = "validity";
    limit.raise_interval = 5s;
    EXPECT_EQ(profile.limit, limit);
    Condition plugged;
    plugged.reg = "pilot";
    plugged.equals_text = {"B"};
    EXPECT_EQ(profile.enable, (Enable{"release", 1, 0, {plugged}, 20s}));
    EXPECT_EQ(profile.watchdog, (Watchdog{"alive", {0x55AA, 0xAA55}, 5s, "validity"}));
    ASSERT_EQ(profile.required.size(), 2U);
    EXPECT_EQ(profile.required[0].when[0].reg, "layout");
    EXPECT_TRUE(profile.required[1].is_failsafe_current);
    EXPECT_EQ(profile.sequences.at("wake_up"),
              (Sequence{WriteStep{"command", 1}, WaitStep{3s}, WriteStep{"command", 2}}));
    Condition idle;
    idle.reg = "current";
    idle.below = 1;
    EXPECT_EQ(profile.sequences.at("phases_1"),
              (Sequence{WriteStep{"release", 0}, WaitUntilStep{{idle}, 10s}, WriteStep{"phase_switch", 0}}));
    EXPECT_EQ(profile.sequences.at("reboot"), (Sequence{WriteStep{"command", 0xBB}}));
}

TEST(ProfileControl, AFaultsCodeNeverComesFromAConditionOnPhases) {
    const auto checked = with("", R"("faults": {"when": [{"phases": 3}, {"register": "state", "equals": 9}],
                                                "code": "OtherError"})");
    ASSERT_THAT(lines(checked.problems), IsEmpty());
    EXPECT_EQ(checked.value.faults[0].fault_register, "state");
    EXPECT_THAT(lines(with("", R"("faults": {"when": {"phases": 3}, "code": "OtherError"})").problems),
                ElementsAre(HasSubstr("/faults/register: is missing")));
}

TEST(ProfileFrames, CarryTheTemplateAsWritten) {
    const auto checked = parse_profile(slurp(kSource / "tests/config/data/profile/good/frames.json"));
    ASSERT_THAT(lines(checked.problems), IsEmpty());
    EXPECT_EQ(checked.value.protocol, Protocol::frames);
    EXPECT_EQ(checked.value.frames->repeat, 2s);
    EXPECT_THAT(checked.value.frames->limit, testing::StartsWith("5AA5 08 00AA {limit*10:u32}"));
    EXPECT_EQ(checked.value.limit->step_a, 0.1);
}

TEST(ProfileControl, ALimitThatCannotBeReadIsNotReadBack) {
    const auto checked =
        parse_profile(slurp(kSource / "tests/config/data/profile/good/watts-and-no-pause-value.json"));
    ASSERT_TRUE(checked.ok());
    EXPECT_FALSE(checked.value.limit->read_back);
    EXPECT_TRUE(checked.value.limit->in_watts);
    EXPECT_FALSE(checked.value.limit->pause_value.has_value());
}

TEST(ProfileControl, AValueFitsItsRegisterThroughScaleAndOffset) {
    struct Case {
        const char* fields;
        const char* value;
        const char* words;  ///< of the problem; empty: it fits
    };
    const std::vector<Case> cases{
        {R"("scale": 0.1)", "6.3", ""},  // 0.1 is not exact in binary
        {R"("scale": 0.1)", "6.35", "in steps of 0.1"},
        {R"("type": "i16")", "-32768", ""},
        {R"("type": "i16")", "32768", "holds -32768 to 32767"},
        {R"("offset": -50)", "-50", ""},
        {R"("offset": -50)", "-51", "holds -50 to 65485"},
        {R"("scale": -1)", "-7", ""},
        {R"("type": "f32")", "6.35", ""},
        {R"("scale": 0.003891050583657588)", "16", ""},           // 1/257: the same value in both bytes
        {R"("scale": 0.001, "offset": -32.768)", "-32.768", ""},  // raw 0
        {R"("scale": 0.001, "offset": -32.768)", "16", ""},       // 16000 mA and bit 15
        {R"("scale": 0.06)", "60", ""},                           // raw 1000
    };
    for (const auto& each : cases) {
        const auto found =
            lines(with(std::string(R"("r": {"address": 7, "access": "read_write", )") + each.fields + "}",
                       std::string(R"("required": {"register": "r", "value": )") + each.value + "}")
                      .problems);
        const std::string words = each.words;
        EXPECT_EQ(found.empty(), words.empty()) << each.fields << " " << each.value;
        EXPECT_THAT(found, Each(HasSubstr(words)));
    }
}

}  // namespace
}  // namespace busbar::config
