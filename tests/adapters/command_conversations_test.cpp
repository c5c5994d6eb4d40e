// SPDX-License-Identifier: Apache-2.0
// The shipped conversations with ABL-Sursum's first EVCC and with KEBA over UDP, replayed.
#include <gmock/gmock.h>

#include "adapters/evcc1_charger.hpp"
#include "adapters/keba_charger.hpp"
#include "tests/adapters/conversation.hpp"

namespace busbar::adapters {
namespace {

template <class Driver>
std::unique_ptr<Charger> driver(FrameLine& line) {
    config::Profile profile;
    profile.limit.emplace();
    profile.limit->max_a = 63;
    profile.limit->step_a = 0.1;
    return std::make_unique<Driver>(profile, Placement{}, line, Log());
}

void replay(const std::string& model, const test::MakeDriver& make, const test::IsWrite& is_write) {
    const auto conversation =
        test::load_conversation(BUSBAR_SOURCE_DIR "/config/chargers/" + model + ".fixture.json");
    EXPECT_EQ(conversation.profile, model);
    ASSERT_FALSE(conversation.cases.empty());
    for (const auto& each : conversation.cases) {
        EXPECT_THAT(test::play(each, make, is_write), testing::IsEmpty()) << each.name;
    }
}

TEST(Evcc1Conversations, GoAsTheyAreWritten) {
    replay("abl-sursum-evcc1", &driver<Evcc1Charger>, [](const std::string& request) {
        const auto command = request.substr(3, 2);
        return command == "12" || command == "27" || command == "28";
    });
}

TEST(KebaConversations, GoAsTheyAreWritten) {
    replay("keba-p20-udp", &driver<KebaCharger>, [](const std::string& request) {
        return request.starts_with("curr") || request.starts_with("ena");
    });
}

}  // namespace
}  // namespace busbar::adapters
