// SPDX-License-Identifier: Apache-2.0
// The example of ocpp/README.md, word for word between the marks, and that it does what the page says.
#include <gmock/gmock.h>

#include "ocpp/charge_point.hpp"
#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Link {
    void send(const std::string& text) { sent.push_back(text); }
    std::vector<std::string> sent;
};

struct Bus {
    void run(const RunCommand& run) { commands.push_back(run.command); }
    std::vector<Command> commands;
};

using Store = test::FakeStore;

// clang-format off
// README begins
void carry_out(ChargePoint& charge_point, Link& link, Bus& bus, Store& store, const Now& now) {
    const Effects effects = charge_point.take_effects();
    for (const auto& effect : effects) {  // commands never wait for the disk
        if (const auto* run = std::get_if<RunCommand>(&effect)) bus.run(*run);
    }
    store.commit(effects);  // all rows of one turn together
    for (const auto& effect : effects) {
        if (const auto* frame = std::get_if<SendFrame>(&effect)) link.send(frame->text);
        if (const auto* fetch = std::get_if<FetchMessages>(&effect)) {
            charge_point.on_messages(store.page(*fetch), fetch->limit, now);
        }
    }
}

void first_steps(ChargePoint& charge_point, Link& link, Bus& bus, Store& store, const Now& now) {
    charge_point.start(now);         // SetLimit 0 A: nothing is offered without a transaction
    charge_point.on_connected(now);  // BootNotification
    carry_out(charge_point, link, bus, store, now);
    charge_point.on_frame(R"([3,"a1-1",{"status":"Accepted","currentTime":"2026-11-22T12:00:00Z","interval":300}])", now);
    Reading plugged;
    plugged.state = CpState::B1;
    plugged.taken_at = now.steady;
    plugged.energy_import = {WattHours(1000), now.steady};
    charge_point.on_reading(1, plugged, now);  // StatusNotification, and in mode free StartTransaction behind it
    carry_out(charge_point, link, bus, store, now);
}
// README ends
// clang-format on

TEST(ReadmeExample, SaysAndDoesWhatThePageSays) {
    Settings settings;
    settings.mode = AuthorizationMode::free;
    settings.id_tag = "EVENERGY01";
    settings.run = "a1";
    settings.security_events = false;
    Link link;
    Bus bus;
    Store store;
    ChargePoint charge_point(settings, store.load());
    first_steps(charge_point, link, bus, store, test::now_at(0s));

    EXPECT_THAT(link.sent, ElementsAre(HasSubstr("BootNotification"), HasSubstr("StatusNotification")));
    ASSERT_EQ(bus.commands.size(), 2U);
    EXPECT_EQ(std::get<SetLimit>(bus.commands[0]).limit, Amperes(0));
    EXPECT_EQ(std::get<SetLimit>(bus.commands[1]).limit, Amperes(32));
    EXPECT_EQ(store.messages().size(), 1U);  // StartTransaction is on the disk before anything depends on it
}

}  // namespace
}  // namespace busbar::ocpp
