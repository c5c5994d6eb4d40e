// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace busbar::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;

config::Checked<GatewaySettings> with_profile(const std::string& profile) {
    return read_settings(fmt::format(
        R"({{"central_system": {{"url": "wss://csms.example/ocpp"}},
             "buses": [{{"id": "line", "kind": "tcp", "host": "192.0.2.7"}}],
             "chargers": [{{"id": "CP1", "bus": "line", "profile": "{}", "password": "wallbox-secret-01",
                            "authorization": {{"mode": "free", "id_tag": "FREE01"}}}}]}})",
        profile));
}

TEST(Settings, HaveOfTheShippedProfilesThoseThatAreNamed) {
    const auto settings = with_profile("heidelberg-energy-control");
    ASSERT_TRUE(settings.ok()) << config::to_text("", settings.problems);
    EXPECT_THAT(settings.value.profiles, ElementsAre(Key("heidelberg-energy-control")));
}

TEST(Settings, ShelveAllModels) {
    const auto shelf = with_profile("heidelberg-energy-control").value.shelf;
    EXPECT_GT(shelf.library()->size(), 40U);
    EXPECT_TRUE(shelf.library()->contains("alfen-eve"));
    EXPECT_EQ(shelf.library(), ProfileShelf(shelf).library()) << "read again";
}

TEST(Settings, SayWhichModelsThereAreWhereANameIsNone) {
    const auto settings = with_profile("heidelberg-energy-contro");
    ASSERT_FALSE(settings.ok());
    EXPECT_THAT(settings.problems.front().text, HasSubstr("heidelberg-energy-control"));
}

}  // namespace
}  // namespace busbar::gateway
