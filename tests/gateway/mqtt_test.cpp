// SPDX-License-Identifier: Apache-2.0
// What is said to the broker, and what is heard of it; the connection itself is tested with a broker
// (e2e/mqtt.test.mjs).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gateway/mqtt/commands.hpp"
#include "gateway/mqtt/discovery.hpp"
#include "gateway/mqtt/outbox.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

config::Mqtt settings() {
    config::Mqtt mqtt;
    mqtt.client_id = "box-7";
    return mqtt;
}
const Topics topics{settings()};
const ocpp::Transaction transaction{.id_tag = "SECRETTAG", .meter_start = WattHours(1000)};

ChargePointReport charger(const std::string& id = "CP1") {
    ChargePointReport report;
    report.id = id;
    report.vendor = "Heidelberg";
    report.view.max_current = Amperes(16);
    ocpp::ConnectorView view;
    view.status =
        ocpp::ConnectorStatus{ocpp::ChargePointStatus::Charging, ocpp::ChargePointErrorCode::NoError, "", ""};
    view.plugged = true;
    view.transaction = &transaction;
    view.applied = Amperes(10);
    view.limited_by = ocpp::LimitedBy::local;
    view.power = Watts(6900.4);
    view.energy = WattHours(3500.4);
    view.currents = {Amperes(9.96), std::nullopt, std::nullopt};
    report.view.connectors = {view};
    return report;
}

Json config(const Retained& all, const std::string& topic) {
    const auto found = all.find(topic);
    return found == all.end() ? Json("missing") : Json::parse(found->second);
}

Retained discovery(const ChargePointReport& report, bool allow_control = true) {
    Retained all;
    add_discovery(report, topics, allow_control, all);
    return all;
}

Json state(const ChargePointReport& report) {
    Retained all;
    add_states(report, topics, all);
    return Json::parse(all.begin()->second);
}

TEST(MqttTopics, ChargePointIdsBecomeStepsThatAreNeverTheSame) {
    EXPECT_EQ(topic_step("CP-1"), "CP-1");
    EXPECT_EQ(topic_step("a/b"), "a_2fb");
    EXPECT_EQ(topic_step("a_2fb"), "a__2fb");
    EXPECT_EQ(topic_step("#+ "), "_23_2b_20");
}

TEST(MqttTopics, ACommandsTopicIsReadBackAndNoOther) {
    const auto topic = topics.command("a/b", 2, CommandKind::limit);
    EXPECT_EQ(topic, "busbar/box-7/a_2fb/2/limit/set");
    const auto command = topics.command_of(topic);
    ASSERT_TRUE(command);
    EXPECT_EQ(command->step, "a_2fb");
    EXPECT_EQ(command->connector, 2);
    EXPECT_EQ(command->kind, CommandKind::limit);
    for (const char* other :
         {"", "busbar/box-7", "busbar/box-7/", "busbar/box-7/CP1/1/pause", "busbar/box-7/CP1/0/pause/set",
          "busbar/box-7/CP1/01/pause/set", "busbar/box-7/CP1/x/pause/set", "busbar/box-7/CP1/1/reboot/set",
          "busbar/box-7//1/pause/set", "busbar/box-7/CP1/1/pause/set/more", "busbar/box-8/CP1/1/pause/set",
          "busbar/box-7/CP1/99999999999/pause/set", "busbar/box-7/CP1//pause/set"}) {
        EXPECT_FALSE(topics.command_of(other)) << other;
    }
}

TEST(MqttDiscovery, AnEntitySaysUnitClassesAndWhereItsStateStands) {
    const auto energy = config(discovery(charger()), "homeassistant/sensor/box-7/CP1_1_energy/config");
    EXPECT_EQ(energy["unique_id"], "busbar_CP1_1_energy");
    EXPECT_EQ(energy["state_topic"], "busbar/box-7/CP1/1/state");
    EXPECT_EQ(energy["value_template"], "{{ value_json.energy }}");
    EXPECT_EQ(energy["device_class"], "energy");
    EXPECT_EQ(energy["state_class"], "total_increasing");
    EXPECT_EQ(energy["unit_of_measurement"], "kWh");
    EXPECT_EQ(energy["device"]["identifiers"], Json({"busbar_CP1"}));
    EXPECT_EQ(energy["device"]["manufacturer"], "Heidelberg");
    EXPECT_EQ(energy["availability"][0]["topic"], "busbar/box-7/status");
    EXPECT_EQ(energy["availability"].size(), 2U) << "unavailable while the charger does not answer";
    const auto status = config(discovery(charger()), "homeassistant/sensor/box-7/CP1_1_status/config");
    EXPECT_EQ(status["device_class"], "enum");
    EXPECT_EQ(status["options"].size(), 9U);
    EXPECT_EQ(status["availability"].size(), 1U);
    EXPECT_FALSE(status.contains("unit_of_measurement"));
}

TEST(MqttDiscovery, EveryEntityReadsAValueThatTheStateHas) {
    const auto now = state(charger());
    for (const auto& [topic, text] : discovery(charger())) {
        const auto named = Json::parse(text)["value_template"].get<std::string>();
        const auto key = named.substr(14, named.size() - 17);
        EXPECT_TRUE(now.contains(key)) << topic;
    }
}

TEST(MqttDiscovery, WhatSteersIsThereOnlyWhereItMayAndElseTakenBack) {
    const auto allowed = discovery(charger());
    EXPECT_EQ(config(allowed, "homeassistant/switch/box-7/CP1_1_paused/config")["command_topic"],
              "busbar/box-7/CP1/1/pause/set");
    const auto number = config(allowed, "homeassistant/number/box-7/CP1_1_local_limit/config");
    EXPECT_EQ(number["command_topic"], "busbar/box-7/CP1/1/limit/set");
    EXPECT_EQ(number["min"], 0);
    EXPECT_EQ(number["max"], 16);
    const auto withheld = discovery(charger(), false);
    EXPECT_EQ(withheld.at("homeassistant/switch/box-7/CP1_1_paused/config"), "");
    EXPECT_EQ(withheld.at("homeassistant/number/box-7/CP1_1_local_limit/config"), "");
    for (const auto& [topic, text] : withheld)
        EXPECT_EQ(text.find("command_topic"), std::string::npos) << topic;
}

TEST(MqttDiscovery, ADeviceThatSaysNonsenseOfItselfBreaksNothing) {
    auto report = charger();
    report.view.identity.serial = "\xff\xfe";
    EXPECT_NO_THROW(discovery(report));
}

TEST(MqttState, IsRoundedAndSilentOnWhatIsNotKnown) {
    const auto now = state(charger());
    EXPECT_EQ(now["status"], "Charging");
    EXPECT_EQ(now["plugged"], "ON");
    EXPECT_EQ(now["charging"], "ON");
    EXPECT_EQ(now["power"], 6900);
    EXPECT_EQ(now["energy"], 3.5);
    EXPECT_EQ(now["session_energy"], 2.5);
    EXPECT_EQ(now["current_l1"], 10.0);
    EXPECT_TRUE(now["current_l2"].is_null());
    EXPECT_EQ(now["limit"], 10);
    EXPECT_EQ(now["limit_reason"], "local");
    EXPECT_EQ(now["paused"], "OFF");
    EXPECT_EQ(now["local_limit"], 16) << "no limit: all that the charger may";
    EXPECT_EQ(now["charger"], "online");
    EXPECT_EQ(now.dump().find("SECRETTAG"), std::string::npos);
    auto lost = charger();
    lost.view.connectors[0] = {};
    lost.view.connectors[0].lost = true;
    EXPECT_EQ(state(lost)["charger"], "offline");
    EXPECT_TRUE(state(lost)["status"].is_null());
    EXPECT_TRUE(state(lost)["plugged"].is_null());
}

std::vector<std::string> all_of(Outbox& outbox) {
    std::vector<std::string> sent;
    while (!outbox.empty()) {
        const auto [topic, payload] = outbox.next();
        sent.push_back(topic + '=' + payload);
        outbox.sent();
    }
    return sent;
}

TEST(MqttOutbox, SendsWhatIsNewAndTheNewestOfIt) {
    Outbox outbox;
    outbox.want({{"a", "1"}, {"b", "1"}});
    outbox.want({{"a", "2"}, {"b", "1"}});
    EXPECT_THAT(all_of(outbox), UnorderedElementsAre("a=2", "b=1"));
    outbox.want({{"a", "2"}, {"b", "1"}});
    EXPECT_THAT(all_of(outbox), IsEmpty());
    outbox.want({{"a", "2"}, {"b", "3"}});
    EXPECT_THAT(all_of(outbox), ElementsAre("b=3"));
}

TEST(MqttOutbox, TakesBackOnceWhatIsNoMore) {
    Outbox outbox;
    outbox.want({{"a", "1"}});
    all_of(outbox);
    outbox.want({});
    EXPECT_THAT(all_of(outbox), ElementsAre("a="));
    outbox.want({});
    EXPECT_THAT(all_of(outbox), IsEmpty());
    outbox.forget();
    EXPECT_THAT(all_of(outbox), IsEmpty()) << "nothing of it is left";
}

TEST(MqttOutbox, SendsAllAgainToABrokerThatForgot) {
    Outbox outbox;
    outbox.want({{"a", "1"}, {"b", ""}});
    all_of(outbox);
    outbox.forget();
    EXPECT_THAT(all_of(outbox), UnorderedElementsAre("a=1", "b="));
}

class MqttCommands : public ::testing::Test {
  protected:
    /// The payload for CP1's connector 1; what comes of it.
    std::vector<LocalWish> after(CommandKind kind, const std::string& payload,
                                 const std::string& step = "CP1") {
        EXPECT_TRUE(commands.note({step, 1, kind}, payload));
        return judge();
    }
    std::vector<LocalWish> judge() {
        return commands.judge({present}, [this](const std::string& why) { refusals.push_back(why); });
    }

    ChargePointReport present = charger();
    Commands commands;
    std::vector<std::string> refusals;
};

TEST_F(MqttCommands, PauseAndLimitChangeTheLocalLimitAndLeaveTheOtherAlone) {
    present.view.connectors[0].local.limit = Amperes(13);
    const auto paused = after(CommandKind::pause, "ON");
    ASSERT_EQ(paused.size(), 1U);
    EXPECT_EQ(paused[0].limit, (ocpp::LocalLimit{true, Amperes(13)}));
    present.view.connectors[0].local.paused = true;
    const auto limited = after(CommandKind::limit, "8.5");
    ASSERT_EQ(limited.size(), 1U);
    EXPECT_EQ(limited[0].limit, (ocpp::LocalLimit{true, Amperes(8.5)}));
    const auto freed = after(CommandKind::limit, "none");
    ASSERT_EQ(freed.size(), 1U);
    EXPECT_EQ(freed[0].limit, (ocpp::LocalLimit{true, std::nullopt}));
    EXPECT_THAT(refusals, IsEmpty());
}

TEST_F(MqttCommands, WhatIsSoAlreadyIsNoWishSoThatNothingIsWritten) {
    EXPECT_THAT(after(CommandKind::pause, "OFF"), IsEmpty());
    EXPECT_THAT(after(CommandKind::limit, "none"), IsEmpty());
    EXPECT_THAT(refusals, IsEmpty());
}

TEST_F(MqttCommands, OfManyTheNewestCountsOnce) {
    for (const char* payload : {"ON", "OFF", "ON"})
        EXPECT_TRUE(commands.note({"CP1", 1, CommandKind::pause}, payload));
    EXPECT_TRUE(commands.note({"CP1", 1, CommandKind::limit}, "6"));
    const auto wishes = judge();
    ASSERT_EQ(wishes.size(), 1U);
    EXPECT_EQ(wishes[0].limit, (ocpp::LocalLimit{true, Amperes(6)}));
    EXPECT_THAT(judge(), IsEmpty());
}

TEST_F(MqttCommands, GarbageAndWhatIsTooMuchIsRefused) {
    for (const char* garbage : {"", "on", "1", "ON ", "\xff", "{}", "null"})
        EXPECT_THAT(after(CommandKind::pause, garbage), IsEmpty()) << garbage;
    EXPECT_EQ(refusals.size(), 7U);
    for (const char* garbage :
         {"", "-1", "16.1", "nan", "inf", "1e1", "0x10", "10A", " 10", "None", "99999999999999999999"})
        EXPECT_THAT(after(CommandKind::limit, garbage), IsEmpty()) << garbage;
    EXPECT_EQ(refusals.size(), 18U);
    EXPECT_THAT(after(CommandKind::pause, "ON", "CP2"), IsEmpty());
    EXPECT_EQ(refusals.size(), 19U);
}

TEST_F(MqttCommands, TooManyTopicsAreNotKept) {
    for (std::size_t i = 0; i < Commands::most; ++i)
        EXPECT_TRUE(commands.note({std::to_string(i), 1, CommandKind::pause}, "ON"));
    EXPECT_FALSE(commands.note({"one more", 1, CommandKind::pause}, "ON"));
    EXPECT_TRUE(commands.note({"0", 1, CommandKind::pause}, "OFF"));
}

}  // namespace
}  // namespace busbar::gateway
