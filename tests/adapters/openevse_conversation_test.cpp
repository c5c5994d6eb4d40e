// SPDX-License-Identifier: Apache-2.0
// The shipped conversations with OpenEVSE controllers, replayed.
#include <gmock/gmock.h>

#include "adapters/openevse_charger.hpp"
#include "tests/adapters/conversation.hpp"

namespace busbar::adapters {
namespace {

std::unique_ptr<Charger> driver(FrameLine& line) {
    config::Profile profile;
    profile.protocol = config::Protocol::rapi;
    profile.limit.emplace();
    profile.limit->max_a = 80;
    const Placement placement{1, {}, 1s, {Amperes(32), Amperes(0), 1, Volts(230)}};
    return std::make_unique<OpenEvseCharger>(profile, placement, line, Log());
}

TEST(OpenEvseConversations, GoAsTheyAreWritten) {
    const auto conversation =
        test::load_conversation(BUSBAR_SOURCE_DIR "/config/chargers/openevse-rapi.fixture.json");
    EXPECT_EQ(conversation.profile, "openevse-rapi");
    ASSERT_FALSE(conversation.cases.empty());
    for (const auto& each : conversation.cases) {
        const auto differences =
            test::play(each, &driver, [](const std::string& request) { return request[1] != 'G'; });
        EXPECT_THAT(differences, testing::IsEmpty()) << each.name;
    }
}

}  // namespace
}  // namespace busbar::adapters
