// SPDX-License-Identifier: Apache-2.0
// Directories of profiles, the shipped ones among them, and a configuration held against them.
#include <gtest/gtest.h>

#include "config/profile.hpp"
#include "tests/config/problems.hpp"

namespace busbar::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kChargers = (kSource / "config/chargers").string();
const std::string kMeters = (kSource / "config/meters").string();

std::string meter(const std::string& id, const std::string& model) {
    return R"({"id": ")" + id + R"(", "kind": "meter", "vendor": "V", "model": ")" + model +
           R"(", "source": "s", "confidence": "reported", "transport": {"kinds": "rtu"},
           "registers": {"p": {"address": 0}}, "measurements": {"power_w": "p"}})";
}

TEST(ProfileLibrary, TheFirstDirectoryThatDefinesAnIdWins) {
    const TemporaryDirectory site;
    site.write("own.json", meter("eastron-sdm630", "Mine"));
    const auto library = load_profiles({site.path(), kChargers, kMeters});
    EXPECT_THAT(lines(library.problems), IsEmpty());
    EXPECT_EQ(library.value.at("eastron-sdm630").model, "Mine");
}

TEST(ProfileLibrary, ReadsJsonInADirectoryAndItsDirectSubfolders) {
    const TemporaryDirectory dir;
    dir.write("a.json", meter("a", "A"));
    dir.write("sub/b.json", meter("b", "B"));
    dir.write("sub/deeper/c.json", meter("c", "C"));
    dir.write("notes.txt", "not a profile");
    dir.write("x.schema.json", "{}");
    dir.write("a.fixture.json", "{}");
    dir.write(".hidden.json", "{}");
    const auto library = load_profiles({dir.path()});
    EXPECT_THAT(lines(library.problems), IsEmpty());
    EXPECT_THAT(library.value, ElementsAre(testing::Key("a"), testing::Key("b")));
}

TEST(ProfileLibrary, ABrokenFileIsReportedAndHidesNoOther) {
    const TemporaryDirectory dir;
    dir.write("a.json", "{");
    dir.write("b.json", R"({"id": "b", "kind": "meter", "vendor": "V", "model": "B", "source": "s",
        "confidence": "reported", "transport": {"kinds": "rtu"}, "registers": {"p": {"address": 70000}},
        "measurements": {"power_w": "p"}})");
    dir.write("c.json", meter("c", "C"));
    std::filesystem::create_symlink("nowhere", dir.path() + "/d.json");
    const auto library = load_profiles({dir.path()});
    EXPECT_THAT(lines(library.problems),
                ElementsAre(HasSubstr(dir.path() + "/a.json: not JSON at line 1, column 2"),
                            HasSubstr(dir.path() + "/b.json: /registers/p/address: must be 0 to 65535"),
                            HasSubstr(dir.path() + "/d.json: cannot be opened")));
    EXPECT_THAT(library.value, ElementsAre(testing::Key("c")));
}

TEST(ProfileLibrary, AnIdTwiceInOneDirectoryIsAProblem) {
    const TemporaryDirectory dir;
    dir.write("a.json", meter("a", "A"));
    dir.write("copy/a.json", meter("a", "B"));
    EXPECT_THAT(
        lines(load_profiles({dir.path()}).problems),
        ElementsAre(HasSubstr("/copy/a.json: /id: 'a' is defined by " + dir.path() + "/a.json already")));
}

TEST(ProfileLibrary, ADirectoryThatCannotBeReadIsAProblem) {
    const auto library = load_profiles({"/nonexistent/chargers", kChargers, kMeters});
    EXPECT_THAT(lines(library.problems),
                ElementsAre(HasSubstr("/nonexistent/chargers: cannot be read as a directory")));
    EXPECT_EQ(library.value.count("heidelberg-energy-control"), 1U);
}

TEST(ShippedProfiles, ReadWithoutAProblemAndAreNamedLikeTheirFiles) {
    const auto library = load_profiles({kChargers, kMeters});
    EXPECT_THAT(lines(library.problems), IsEmpty());
    for (const auto* folder : {"chargers", "meters"}) {
        for (const auto& file : json_files(kSource / "config" / folder)) {
            if (file.filename().string().ends_with(".fixture.json")) continue;
            const auto found = library.value.find(file.stem().string());
            ASSERT_NE(found, library.value.end()) << file;
            EXPECT_EQ(found->second.is_meter, std::string(folder) == "meters") << file;
        }
    }
}

TEST(ShippedProfiles, HeidelbergReadsItsLayoutAsTheTablePrintsIt) {
    const auto library = load_profiles({kChargers, kMeters});
    const Profile& box = library.value.at("heidelberg-energy-control");
    EXPECT_EQ(box.registers.at("energy_total").when[0].at_least, 0x0107);
    EXPECT_EQ(box.registers.at("remote_lock").address, 259);
    EXPECT_EQ(box.registers.at("remote_lock_write_only").access, Access::write);
    EXPECT_EQ(box.limit->step_a, 0.1);
    EXPECT_EQ(box.limit->pause_value, 0);
    EXPECT_EQ(box.pacing.gap, 100ms);
    EXPECT_EQ(box.read_limits.max_registers, 17);
    EXPECT_TRUE(std::any_of(box.required.begin(), box.required.end(),
                            [](const Required& required) { return required.is_failsafe_current; }));
}

class CheckTogether : public testing::Test {
  protected:
    CheckTogether() : library_(load_profiles({kChargers, kMeters}).value) {
        config_.buses.push_back({"b", BusKind::rtu, "/dev/ttyS1", 19200, Parity::even, 1, 8, "", 502, ""});
        Charger charger;
        charger.id = "C1";
        charger.bus = "b";
        charger.profile = "heidelberg-energy-control";
        config_.chargers.push_back(charger);
    }
    Charger& charger() { return config_.chargers[0]; }
    std::vector<std::string> problems() { return lines(check_together(config_, library_)); }

    Config config_;
    std::map<std::string, Profile> library_;
};

TEST_F(CheckTogether, FindsNothingInASoundPair) {
    charger().meter = MeterRef{"eastron-sdm630", 101, "b"};
    EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(CheckTogether, NamesTheNearestProfile) {
    charger().profile = "heidelberg-energy-contrl";
    EXPECT_THAT(problems(),
                ElementsAre("/chargers/0/profile: no charger profile is called 'heidelberg-energy-contrl'; "
                            "did you mean 'heidelberg-energy-control'?"));
    charger().profile = "my-box";
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("put its file into one of charger_profile_dirs")));
}

TEST_F(CheckTogether, TellsChargersFromMeters) {
    charger().meter = MeterRef{"amperfied-connect", 101, "b"};
    EXPECT_THAT(
        problems(),
        ElementsAre("/chargers/0/meter/profile: 'amperfied-connect' is a charger: name a meter's profile"));
    charger().meter.reset();
    charger().profile = "eastron-sdm630";
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("/chargers/0/profile: 'eastron-sdm630' is a meter")));
}

TEST_F(CheckTogether, WantsABusTheModelHas) {
    config_.buses[0].kind = BusKind::ascii;
    charger().meter = MeterRef{"eastron-sdm630", 101, "b"};
    EXPECT_THAT(
        problems(),
        ElementsAre("/chargers/0/bus: bus 'b' is of kind ascii, but 'heidelberg-energy-control' is for "
                    "rtu, rtu-over-tcp, tcp",
                    HasSubstr("/chargers/0/meter/bus: bus 'b' is of kind ascii")));
}

TEST_F(CheckTogether, WantsACardReaderForCards) {
    charger().mode = AuthorizationMode::rfid;
    EXPECT_THAT(problems(),
                ElementsAre("/chargers/0/authorization/mode: 'heidelberg-energy-control' has no card reader: "
                            "use free or remote"));
    charger().profile = "amperfied-connect";
    EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(CheckTogether, WantsTheUnitsTheProfileNamesAndNoOthers) {
    library_.at("heidelberg-energy-control").registers.at("state").unit_name = "socket2";
    EXPECT_THAT(problems(),
                ElementsAre(HasSubstr(
                    "/chargers/0/units: 'heidelberg-energy-control' needs the unit id of 'socket2'")));
    charger().units = {{"socket2", 2}, {"scoket2", 3}};
    EXPECT_THAT(
        problems(),
        ElementsAre("/chargers/0/units/scoket2: 'heidelberg-energy-control' has no unit of this name; did "
                    "you mean 'socket2'?"));
}

TEST_F(CheckTogether, WantsCurrentsAndPhasesTheModelCan) {
    charger().failsafe_current = Amperes{20};
    EXPECT_THAT(
        problems(),
        ElementsAre(
            "/chargers/0/failsafe_current_a: must be 0, or 6 to 16 as 'heidelberg-energy-control' can"));
    library_.at("heidelberg-energy-control").registers.at("failsafe_current").scale = 0.0001;
    charger().failsafe_current = Amperes{7};
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("7 does not fit 'failsafe_current'")));
    charger().failsafe_current = Amperes{0};
    library_.at("heidelberg-energy-control").limit->min_a = 10;
    charger().max_current = Amperes{8};
    EXPECT_THAT(
        problems(),
        ElementsAre(HasSubstr(
            "/chargers/0/max_current_a: 'heidelberg-energy-control' charges with no less than 10 A")));
    charger().max_current = Amperes{32};
    library_.at("heidelberg-energy-control").phases = 1;
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("/chargers/0/phases")));
}

TEST_F(CheckTogether, KnowsUsualUnitIdsAndSocketsThatAreNotInUse) {
    Profile& box = library_.at("heidelberg-energy-control");
    box.registers.at("logistics").unit_name = "station";
    box.units = {{"station", 200}};
    box.connectors = {2, 100, {{2, "socket2"}}};
    EXPECT_THAT(problems(), IsEmpty());
    EXPECT_EQ(units_of(charger(), box), (std::map<std::string, int>{{"station", 200}}));
    charger().units = {{"station", 7}, {"socket2", 2}};
    EXPECT_EQ(units_of(charger(), box).at("station"), 7) << "the configuration's own id counts";
    EXPECT_EQ(connectors_of(charger(), box), 2);
    EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(CheckTogether, WantsTheUnitOfASocketInUseAndNoMoreSocketsThanTheModelHas) {
    charger().connectors = 2;
    EXPECT_THAT(problems(),
                ElementsAre("/chargers/0/connectors: 'heidelberg-energy-control' has one connector"));
    library_.at("heidelberg-energy-control").connectors = {2, 0, {{2, "socket2"}}};
    EXPECT_THAT(problems(),
                ElementsAre("/chargers/0/units: 'heidelberg-energy-control' needs the unit id of 'socket2': "
                            "add it here"));
    charger().connectors = 3;
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("has at most 2 connectors"), HasSubstr("socket2")));
}

TEST_F(CheckTogether, FindsAUsualUnitIdThatAnotherBoxHas) {
    Profile& box = library_.at("heidelberg-energy-control");
    box.registers.at("logistics").unit_name = "station";
    box.units = {{"station", 200}};
    charger().meter = MeterRef{"eastron-sdm630", 200, "b"};
    EXPECT_THAT(
        problems(),
        ElementsAre("/chargers/0/units: 'station' of 'heidelberg-energy-control' is usually unit "
                    "200, which /chargers/0/meter has on bus 'b': give 'station' the id it was set to"));
    charger().meter.reset();
    config_.chargers.push_back(charger());
    config_.chargers[1].unit_id = 2;
    EXPECT_THAT(problems(),
                ElementsAre(HasSubstr("which /chargers/1 has"), HasSubstr("which /chargers/0 has")));
}

TEST_F(CheckTogether, WantsOneProtocolABus) {
    library_.at("heidelberg-energy-control").protocol = Protocol::abl;
    charger().meter = MeterRef{"eastron-sdm630", 101, "b"};
    EXPECT_THAT(problems(),
                ElementsAre("/chargers/0/meter/bus: bus 'b' cannot carry 'heidelberg-energy-control' and "
                            "'eastron-sdm630', which speak different protocols: give each a bus of its own"));
}

TEST_F(CheckTogether, WantsABusOfItsOwnForAProtocolWithoutAddresses) {
    library_.at("heidelberg-energy-control").protocol = Protocol::rapi;
    config_.chargers.push_back(charger());
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("/chargers/1/bus: bus 'b' has a charger, and")));
}

TEST_F(CheckTogether, TakesCardsFromKebaWhoseDriverReadsThem) {
    Profile& box = library_.at("heidelberg-energy-control");
    box.protocol = Protocol::keba;
    charger().mode = AuthorizationMode::rfid;
    EXPECT_THAT(problems(), IsEmpty());
}

class Warnings : public CheckTogether {
  protected:
    std::vector<std::string> warnings() { return lines(warnings_together(config_, library_)); }
    Profile& box() { return library_.at("heidelberg-energy-control"); }
};

TEST_F(Warnings, AreSilentAboutASoundPairAndAboutProfilesThatAreNotThere) {
    config_.groups.push_back({"g", Amperes{6}, {"C1"}});
    EXPECT_THAT(warnings(), IsEmpty());
    charger().profile = "nobody";
    EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(Warnings, SayThatABoxReturnsToFullPower) {
    box().fallback = Fallback::full_power;
    box().when_gateway_dies = "After 20 minutes it charges with its own maximum.";
    EXPECT_THAT(warnings(), ElementsAre(testing::AllOf(
                                HasSubstr("/chargers/0/profile: when the gateway dies"),
                                HasSubstr("After 20 minutes"), HasSubstr("re-arms the box in time"))));
    EXPECT_THAT(problems(), IsEmpty()) << "it is no error";
}

TEST_F(Warnings, SayThatABoxServesOneConnectionOnly) {
    config_.buses[0] = {"b", BusKind::tcp, "", 9600, Parity::even, 1, 8, "192.0.2.7", 502, ""};
    config_.buses.push_back(config_.buses[0]);
    config_.buses[1].id = "again";
    EXPECT_THAT(warnings(), IsEmpty());
    box().single_client = true;
    EXPECT_THAT(warnings(), ElementsAre(HasSubstr("/buses/1/host: is the box of /buses/0 too")));
    config_.buses[1].port = 503;
    EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(Warnings, SayThatAGroupIsTooSmallForAShareOrForACharger) {
    config_.chargers.push_back(charger());
    config_.chargers[1].id = "C2";
    config_.groups.push_back({"g", Amperes{11}, {"C1", "C2"}});
    EXPECT_THAT(warnings(),
                ElementsAre(HasSubstr("/groups/0/max_current_a: 'C1' needs 6 A, and an equal share of "
                                      "the group is 5.5 A"),
                            HasSubstr("'C2'")));
    box().limit->min_a = 13;
    EXPECT_THAT(warnings(),
                ElementsAre(HasSubstr("'C1' needs 13 A and never gets as much"), HasSubstr("'C2'")));
}

}  // namespace
}  // namespace busbar::config
