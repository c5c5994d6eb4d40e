// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/configuration_edit.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;

const Json present = Json::parse(R"({
    "central_system": {"url": "wss://csms.example/ocpp"},
    "chargers": [{"id": "CP1", "password": "secret-one", "max_current_a": 32},
                 {"id": "CP2", "password_file": "/etc/two"}]})");

TEST(ConfigurationEdit, ShowsNoSecretAndKeepsEverythingElse) {
    const Json shown = without_secrets(present);
    EXPECT_THAT(shown.dump(), Not(HasSubstr("secret-one")));
    EXPECT_TRUE(shown["chargers"][0]["password"].is_null());
    EXPECT_EQ(shown["chargers"][1], present["chargers"][1]);
    EXPECT_EQ(shown["central_system"], present["central_system"]);
}

TEST(ConfigurationEdit, ANullOrMissingSecretIsThatOfTheChargerOfTheSameIdWhereverItStands) {
    auto wanted = without_secrets(present);
    std::swap(wanted["chargers"][0], wanted["chargers"][1]);
    wanted["chargers"][0].erase("password_file");
    const auto kept = with_secrets_of(present, wanted);
    EXPECT_EQ(kept["chargers"][0]["password_file"], "/etc/two");
    EXPECT_EQ(kept["chargers"][1]["password"], "secret-one");
}

TEST(ConfigurationEdit, ASecretThatIsWrittenReplacesTheOldOne) {
    auto wanted = without_secrets(present);
    wanted["chargers"][0]["password"] = "new";
    wanted["chargers"][1]["password"] = nullptr;
    const auto kept = with_secrets_of(present, wanted);
    EXPECT_EQ(kept["chargers"][0]["password"], "new");
    EXPECT_FALSE(kept["chargers"][1].contains("password")) << "beside a password_file it stands for nothing";
}

TEST(ConfigurationEdit, AStrangersNullIsTakenOutSoThatTheReaderSaysWhatIsMissing) {
    auto wanted = without_secrets(present);
    wanted["chargers"][0]["id"] = "CP9";
    EXPECT_FALSE(with_secrets_of(present, wanted)["chargers"][0].contains("password"));
}

TEST(ConfigurationEdit, TheSecretsOfBrokerAndModemAreHiddenAndKeptAsThoseOfChargersAre) {
    const Json before = Json::parse(R"({
        "mqtt": {"host": "broker", "user": "box", "password": "secret-mqtt"},
        "uplinks": [{"id": "gsm", "apn_password": "secret-apn", "pin": "9876"}]})");
    const Json shown = without_secrets(before);
    EXPECT_THAT(shown.dump(), Not(HasSubstr("secret")));
    EXPECT_THAT(shown.dump(), Not(HasSubstr("9876")));
    EXPECT_EQ(with_secrets_of(before, shown), before);
    auto elsewhere = shown;
    elsewhere["mqtt"]["password_file"] = "/etc/word";
    EXPECT_FALSE(with_secrets_of(before, elsewhere)["mqtt"].contains("password"));
    auto other = before;
    other["mqtt"]["password"] = "secret-two";
    other["uplinks"][0]["pin"] = "5432";
    const auto told = changes_between(before, other).dump();
    EXPECT_THAT(told, AllOf(HasSubstr("/mqtt/password"), Not(HasSubstr("secret")), Not(HasSubstr("5432"))));
}

TEST(ConfigurationEdit, TakesWhateverShapeWithoutASentence) {
    for (const char* odd : {R"({"mqtt": [1], "uplinks": {"pin": 1}})", R"({"chargers": 5})",
                            R"({"chargers": [5, null, {"id": 7}]})", "{}"}) {
        EXPECT_NO_THROW(with_secrets_of(present, Json::parse(odd))) << odd;
        EXPECT_NO_THROW(with_secrets_of(Json::parse(odd), Json::parse(odd))) << odd;
        EXPECT_NO_THROW(with_secrets_of(Json(nullptr), Json::parse(odd))) << odd;
        EXPECT_NO_THROW(without_secrets(Json::parse(odd))) << odd;
    }
}

TEST(ConfigurationEdit, NamesEachChangeWithBeforeAndAfterButNoSecret) {
    auto wanted = present;
    wanted["chargers"][0]["max_current_a"] = 16;
    wanted["chargers"][0]["password"] = "secret-two";
    const auto changes = changes_between(present, wanted);
    EXPECT_EQ(changes, Json::parse(R"([
        {"op": "replace", "path": "/chargers/0/password", "from": null, "to": null},
        {"op": "replace", "path": "/chargers/0/max_current_a", "from": 32, "to": 16}])"));
    auto added = present;
    added["chargers"].push_back({{"id", "CP3"}, {"password", "secret-three"}});
    EXPECT_THAT(changes_between(present, added).dump(), Not(HasSubstr("secret")));
}

TEST(ConfigurationEdit, ATagIsQuotedAndAnotherForAnotherText) {
    EXPECT_EQ(etag_of("a"), etag_of("a"));
    EXPECT_NE(etag_of("a"), etag_of("b"));
    EXPECT_EQ(etag_of("").front(), '"');
    EXPECT_EQ(etag_of("").back(), '"');
}

}  // namespace
}  // namespace busbar::gateway
