// SPDX-License-Identifier: Apache-2.0
// What the uplinks leave in the state directory, and what they make of what is there.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gateway/atomic_file.hpp"
#include "gateway/uplink/uplink_journal.hpp"
#include "gateway/uplink/uplink_memory.hpp"

namespace busbar::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Json = nlohmann::json;

class UplinkFiles : public ::testing::Test {
  protected:
    UplinkFiles() { std::filesystem::create_directories(folder); }
    ~UplinkFiles() override { std::filesystem::remove_all(folder); }

    void write(const std::string& text) { std::ofstream(file) << text; }
    Json content() { return Json::parse(file_content(file), nullptr, false); }
    void run_for(milliseconds time) {
        loop.restart();
        loop.run_for(time);
    }

    boost::asio::io_context loop{1};
    std::string folder = ::testing::TempDir() + "busbar-uplinks-" + std::to_string(getpid());
    std::string file = folder + "/file.json";
};

using Journal = UplinkFiles;
using Memory = UplinkFiles;

TEST_F(Journal, ShowsStatesReasonsAndSwitches) {
    UplinkJournal journal(loop, file, Log());
    journal.show("wifi",
                 {{"wifi", "online", "reaches the central system"}, {"gsm", "no_link", "has no link"}});
    journal.switched({"2026-11-23T02:36:00.149Z", "wifi", "WiFi: Ethernet has no link"});
    run_for(50ms);
    EXPECT_EQ(content(), Json::parse(R"({
        "active": "wifi",
        "uplinks": [{"id": "wifi", "state": "online", "reason": "reaches the central system"},
                    {"id": "gsm", "state": "no_link", "reason": "has no link"}],
        "switches": [{"t": "2026-11-23T02:36:00.149Z", "to": "wifi", "reason": "WiFi: Ethernet has no link"}]})"));
    EXPECT_FALSE(std::filesystem::exists(file + ".new"));
}

TEST_F(Journal, WritesAtMostOnceASecondAndOnlyNews) {
    UplinkJournal journal(loop, file, Log());
    const SteadyTime since(7s);
    journal.show("wifi", {{"wifi", "suspect", "passed DNS but not TCP", since, "09:00:07"}});
    run_for(50ms);
    journal.show("wifi", {{"wifi", "offline", "passed DNS but not TCP", since, "09:00:07"}});
    run_for(300ms);
    EXPECT_EQ(content()["uplinks"][0]["state"], "suspect");
    run_for(1s);
    EXPECT_EQ(content()["uplinks"][0]["reason"], "passed DNS but not TCP since 09:00:07");
    journal.show("wifi", {{"wifi", "offline", "passed DNS but not TCP", since, "09:00:08"}});
    run_for(1100ms);
    EXPECT_EQ(content()["uplinks"][0]["reason"], "passed DNS but not TCP since 09:00:07");
    journal.show("wifi", {{"wifi", "offline", "gets no answer about the name", since, "09:00:08"}});
    run_for(1100ms);
    EXPECT_EQ(content()["uplinks"][0]["reason"], "gets no answer about the name since 09:00:08");
}

TEST_F(Journal, SaysSinceWhenAsSoonAsTheTimeIsKnown) {
    UplinkJournal journal(loop, file, Log());
    const SteadyTime since(7s);
    journal.show("wifi", {{"wifi", "offline", "passed DNS but not TCP", since, ""}});
    run_for(50ms);
    EXPECT_EQ(content()["uplinks"][0]["reason"], "passed DNS but not TCP");
    journal.show("wifi", {{"wifi", "offline", "passed DNS but not TCP", since, "09:00:07"}});
    run_for(1100ms);
    EXPECT_EQ(content()["uplinks"][0]["reason"], "passed DNS but not TCP since 09:00:07");
}

TEST_F(Journal, WritesWhatWaitsWhenItIsToldTo) {
    {
        UplinkJournal journal(loop, file, Log());
        journal.show("wifi", {{"wifi", "online", "fine"}});
        journal.flush();
    }
    EXPECT_EQ(content()["active"], "wifi");
}

TEST_F(Journal, KeepsTheLastFiftySwitchesOverARestart) {
    {
        UplinkJournal journal(loop, file, Log());
        for (int n = 1; n <= 60; ++n) journal.switched({"", "wifi", std::to_string(n)});
        journal.flush();
    }
    const UplinkJournal again(loop, file, Log());
    ASSERT_EQ(again.switches().size(), 50U);
    EXPECT_EQ(again.switches().front().reason, "11");
    EXPECT_TRUE(content()["switches"][0]["t"].is_null()) << "the time was not known";
}

TEST_F(Journal, MakesNothingOfAFileThatIsNotOurs) {
    for (const char* text : {"", "{", "[]", R"({"switches": 7})", R"({"switches": [7, {"to": 7}]})"}) {
        write(text);
        const UplinkJournal journal(loop, file, Log());
        for (const auto& one : journal.switches()) EXPECT_EQ(one.to, "");
    }
}

TEST_F(Memory, KeepsAddressesTrafficAndTheChoice) {
    {
        UplinkMemory memory(file, Log());
        memory.set_host("csms.example");
        memory.keep_addresses("wifi", {"203.0.113.10"});
        memory.of("wifi").traffic.count(100, "boot-1", "2026-11");
        memory.of("wifi").traffic.count(700, "boot-1", "2026-11");
        memory.prefer("gsm");
        memory.of("wifi").traffic.count(900, "boot-1", "2026-11");
        memory.save();
    }
    UplinkMemory memory(file, Log());
    memory.set_host("csms.example");
    EXPECT_THAT(memory.of("wifi").addresses, ElementsAre("203.0.113.10"));
    EXPECT_EQ(memory.of("wifi").traffic.kept().bytes, 800U);
    EXPECT_EQ(memory.preferred(), "gsm");
    EXPECT_THAT(memory.of("lan").addresses, IsEmpty());
}

TEST_F(Memory, TheFirstAddressAndAChoiceAreSavedAtOnce) {
    UplinkMemory memory(file, Log());
    memory.keep_addresses("wifi", {"203.0.113.10"});
    EXPECT_EQ(content()["uplinks"]["wifi"]["addresses"][0], "203.0.113.10");
    memory.keep_addresses("wifi", {"203.0.113.11"});
    EXPECT_EQ(content()["uplinks"]["wifi"]["addresses"][0], "203.0.113.10") << "the flash wears out";
    memory.prefer("wifi");
    EXPECT_EQ(content()["preferred"], "wifi");
}

TEST_F(Memory, AddressesOfAnotherHostAreForgotten) {
    {
        UplinkMemory memory(file, Log());
        memory.set_host("old.example");
        memory.keep_addresses("wifi", {"203.0.113.10"});
    }
    UplinkMemory memory(file, Log());
    memory.set_host("new.example");
    EXPECT_THAT(memory.of("wifi").addresses, IsEmpty());
}

TEST_F(Memory, MakesNothingOfAFileThatIsNotOurs) {
    for (const char* text :
         {"", "{", "[]", R"({"uplinks": 7})", R"({"uplinks": {"wifi": 7}, "preferred": []})",
          R"({"uplinks": {"wifi": {"bytes": "x", "addresses": 7}}})"}) {
        write(text);
        UplinkMemory memory(file, Log());
        EXPECT_EQ(memory.preferred(), "");
        EXPECT_EQ(memory.of("wifi").traffic.kept().bytes, 0U);
        EXPECT_THAT(memory.of("wifi").addresses, IsEmpty());
    }
}

TEST_F(UplinkFiles, AFolderThatIsNotThereIsAnErrorInWords) {
    const auto written = replace_file(folder + "/nowhere/file", "text", Durable::yes);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::io);
}

}  // namespace
}  // namespace busbar::gateway
