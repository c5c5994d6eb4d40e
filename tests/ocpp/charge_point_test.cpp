// SPDX-License-Identifier: Apache-2.0
// The charge point as a whole, where it is not a conversation: deadlines, durability of frames, long days.
#include "ocpp/charge_point.hpp"

#include <gmock/gmock.h>

#include <tuple>

#include "tests/ocpp/fake_csms.hpp"

namespace busbar::ocpp {
namespace {

using std::chrono::hours;
using test::Bench;
using test::FakeCsms;
using test::now_at;
using test::test_start;
using testing::Contains;
using testing::IsEmpty;

Settings settings_of(AuthorizationMode mode = AuthorizationMode::free) {
    Settings settings;
    settings.mode = mode;
    settings.id_tag = "EVENERGY01";
    settings.run = "run1";
    return settings;
}

void plug(Bench& bench, CpState state, double power = 0) {
    auto& charger = bench.chargers[0];
    charger.silent.clear();
    charger.count(bench.time());
    charger.face.state = state;
    charger.power = power;
}

TEST(ChargePoint, TicksARestrainedNumberOfTimesInADayOfCharging) {
    Bench bench(settings_of());
    FakeCsms csms;
    bench.poll_interval = 4s;
    bench.power_up();
    bench.connect();
    plug(bench, CpState::C2, 7200);
    bench.chargers[0].set_energy(0.0, bench.time());
    csms.serve(bench);
    for (int step = 1; step <= 86'400 / 4; ++step) {
        bench.advance_to(test_start + seconds(4 * step));
        csms.serve(bench);
    }
    EXPECT_EQ(csms.heard("MeterValues").size(), 1440U);
    EXPECT_THAT(csms.heard("Heartbeat"), IsEmpty());  // samples are calls enough
    EXPECT_LE(bench.ticks, 2000U);
    EXPECT_LE(bench.store.writes(), 60U);  // 173 kWh; confirmed samples do not wear the flash
    EXPECT_THAT(bench.complaints, IsEmpty());
    EXPECT_THAT(csms.complaints, IsEmpty());
}

Json three_step_ceiling() {
    const auto period = [](int start, int limit) { return Json{{"startPeriod", start}, {"limit", limit}}; };
    return {{"connectorId", 0},
            {"csChargingProfiles",
             {{"chargingProfileId", 1},
              {"stackLevel", 0},
              {"chargingProfilePurpose", "ChargePointMaxProfile"},
              {"chargingProfileKind", "Relative"},
              {"chargingSchedule",
               {{"duration", 180},
                {"chargingRateUnit", "A"},
                {"chargingSchedulePeriod", Json::array({period(0, 16), period(60, 7), period(120, 10)})}}}}}};
}

TEST(ChargePoint, ARelativeCeilingThatComesBeforeTheTimeIsKnownBeginsWhenItIs) {
    Bench bench(settings_of());
    FakeCsms csms;
    bench.clock_known = false;
    csms.answers = [](const auto& call) { return call.action != "BootNotification"; };
    bench.power_up();
    plug(bench, CpState::C2, 4000);
    bench.connect();
    csms.request(bench, "SetChargingProfile", three_step_ceiling());
    csms.serve(bench);
    bench.advance_to(test_start + 5s);
    csms.serve(bench);
    EXPECT_THAT(csms.confirmations, Contains(R"({"status":"Accepted"})"));
    EXPECT_EQ(csms.limits.at(1), 7) << "the lowest of them";

    csms.answers = [](const auto&) { return true; };
    const auto boot_at = test_start + 40s;  // it is asked again
    bench.advance_to(boot_at);
    csms.serve(bench);
    EXPECT_EQ(csms.limits.at(1), 16);
    bench.advance_to(boot_at + 90s);
    csms.serve(bench);
    EXPECT_EQ(csms.limits.at(1), 7);
    bench.advance_to(boot_at + 200s);
    csms.serve(bench);
    EXPECT_EQ(csms.limits.at(1), 32);
}

TEST(ChargePoint, TheCompositeScheduleTellsWhatTheFeedLeavesATransactionNow) {
    Settings settings = settings_of();
    settings.ceilings[1] = Amperes(0);
    Bench bench(settings);
    FakeCsms csms;
    bench.power_up();
    bench.connect();
    csms.serve(bench);
    const auto limit_told = [&] {
        csms.request(bench, "GetCompositeSchedule", {{"connectorId", 1}, {"duration", 60}});
        csms.serve(bench);
        const Json conf = Json::parse(csms.confirmations.back());
        return conf["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"].get<double>();
    };
    EXPECT_EQ(limit_told(), 32) << "it has not asked for a part yet";
    plug(bench, CpState::C1);
    bench.advance_to(test_start + 5s);
    csms.serve(bench);
    EXPECT_EQ(limit_told(), 0) << "paused until the feed has room";
    bench.charge_point().on_ceiling(1, Amperes(12.5), bench.now());
    EXPECT_EQ(limit_told(), 12.5);
}

TEST(ChargePoint, TicksARestrainedNumberOfTimesInADayWithoutNetworkOrCharger) {
    Bench bench(settings_of());
    bench.power_up();
    bench.poll_interval.reset();
    bench.advance_to(test_start + hours(24));
    EXPECT_LE(bench.ticks, 2U);
    EXPECT_THAT(bench.complaints, IsEmpty());
}

/// The frames among the effects.
std::vector<std::string> frames_of(ChargePoint& point) {
    std::vector<std::string> frames;
    for (const auto& effect : point.take_effects()) {
        if (const auto* frame = std::get_if<SendFrame>(&effect)) frames.push_back(frame->text);
    }
    return frames;
}

TEST(ChargePoint, AnUnlockThatTheChargerNeverConfirmsHasFailedAfterFifteenSeconds) {
    ChargePoint point(settings_of(AuthorizationMode::remote), {});
    Capabilities able;
    able.unlock = true;
    point.on_device(able, {}, now_at(0s));
    point.start(now_at(0s));
    point.on_connected(now_at(0s));
    point.on_frame(R"([2,"u","UnlockConnector",{"connectorId":1}])", now_at(1s));
    frames_of(point);
    point.on_tick(now_at(15s));
    EXPECT_THAT(frames_of(point), testing::Not(Contains(testing::HasSubstr("UnlockFailed"))));
    point.on_tick(now_at(16s));
    EXPECT_THAT(frames_of(point), Contains(R"([3,"u",{"status":"UnlockFailed"}])"));
}

TEST(ChargePoint, ADayOfflineKeepsEverySample) {
    Bench bench(settings_of());
    FakeCsms csms;
    bench.poll_interval = 4s;
    bench.power_up();
    plug(bench, CpState::C2, 7200);
    bench.chargers[0].set_energy(0.0, bench.time());
    bench.advance_to(test_start + hours(24));
    EXPECT_LE(bench.ticks, 1000U);
    bench.connect();
    csms.serve(bench);
    const auto samples = csms.heard("MeterValues");
    ASSERT_EQ(samples.size(), 1440U);
    int last = -1;
    for (const auto& sample : samples) {
        const Json& values = sample.payload.at("meterValue").at(0).at("sampledValue");
        const int energy = std::stoi(values.at(0).at("value").get<std::string>());
        EXPECT_EQ(energy, last < 0 ? 120 : last + 120);
        last = energy;
    }
    EXPECT_THAT(bench.store.messages(), IsEmpty());
}

TEST(ChargePoint, SendsAHeartbeatOnlyAfterSilence) {
    Bench bench(settings_of(AuthorizationMode::remote));
    FakeCsms csms;
    bench.power_up();
    plug(bench, CpState::A);
    bench.connect();
    csms.serve(bench);
    for (int second = 1; second <= 1000; ++second) {
        if (second == 200 || second == 400) plug(bench, second == 200 ? CpState::B1 : CpState::A);
        bench.advance_to(test_start + seconds(second));
        csms.serve(bench);
    }
    // Statuses at 200 and 400 postpone it to 700; the next is at 1000.
    EXPECT_EQ(csms.heard("Heartbeat").size(), 2U);
    EXPECT_THAT(csms.complaints, IsEmpty());
}

TEST(ChargePoint, SendsAHeartbeatEachDayAtLeast) {
    Bench bench(settings_of(AuthorizationMode::remote));
    FakeCsms csms;
    csms.heartbeat_interval = 1'000'000;
    bench.poll_interval.reset();
    bench.power_up();
    bench.connect();
    csms.serve(bench);
    for (int hour = 1; hour <= 49; ++hour) {
        bench.advance_to(test_start + hours(hour));
        csms.serve(bench);
    }
    EXPECT_EQ(csms.heard("Heartbeat").size(), 2U);
}

TEST(ChargePoint, TransactionFramesAndAnswersThatChangeSomethingWaitForTheDisk) {
    ChargePoint charge_point(settings_of(), {});
    std::map<std::string, bool> after_save;  // by the word that tells the frames apart
    const auto note_frames = [&] {
        for (const auto& effect : charge_point.take_effects()) {
            const auto* frame = std::get_if<SendFrame>(&effect);
            if (frame == nullptr) continue;
            const Json json = Json::parse(frame->text);
            const bool ours = json.at(0) == 2;
            after_save[ours ? json.at(2).get<std::string>() : json.at(1).get<std::string>()] =
                frame->after_save;
            if (!ours) continue;
            const char* conf =
                json.at(2) == "BootNotification"
                    ? R"(,{"status":"Accepted","currentTime":"2026-11-22T12:00:00Z","interval":300}])"
                    : ",{}]";
            charge_point.on_frame("[3," + json.at(1).dump() + conf, now_at(1s));
        }
    };
    charge_point.start(now_at(0s));
    charge_point.on_connected(now_at(0s));
    Reading reading;
    reading.state = CpState::B1;
    reading.taken_at = test_start;
    reading.energy_import = Measured<WattHours>{WattHours(1000), test_start};
    charge_point.on_reading(1, reading, now_at(0s));
    for (int i = 0; i < 6; ++i) note_frames();
    charge_point.on_frame(R"([2,"get","GetConfiguration",{}])", now_at(2s));
    note_frames();
    charge_point.on_frame(R"([2,"change","ChangeConfiguration",{"key":"MessageTimeout","value":"20"}])",
                          now_at(2s));
    note_frames();
    EXPECT_FALSE(after_save.at("BootNotification"));
    EXPECT_FALSE(after_save.at("StatusNotification"));
    EXPECT_TRUE(after_save.at("StartTransaction"));
    EXPECT_FALSE(after_save.at("get"));
    EXPECT_TRUE(after_save.at("change"));
}

TEST(ChargePoint, AMeterBeyond32BitsIsToldAsTheHighestNumber) {
    Bench bench(settings_of());
    FakeCsms csms;
    bench.power_up();
    bench.connect();
    plug(bench, CpState::B1);
    bench.chargers[0].set_energy(4'294'967'295.0, bench.time());
    bench.advance_to(test_start + 5s);
    csms.serve(bench);
    ASSERT_EQ(csms.heard("StartTransaction").size(), 1U);
    EXPECT_EQ(csms.heard("StartTransaction").front().payload.at("meterStart"), 2'147'483'647);
}

TEST(ChargePoint, PassesTimeAndPingOnToTheGateway) {
    Bench bench(settings_of(AuthorizationMode::remote));
    FakeCsms csms;
    bench.power_up();
    EXPECT_EQ(bench.ping_interval, 45s);
    bench.connect();
    csms.serve(bench);
    csms.request(bench, "ChangeConfiguration", {{"key", "websocketpinginterval"}, {"value", "20"}});
    EXPECT_EQ(bench.ping_interval, 20s);
    csms.request(bench, "ChangeConfiguration", {{"key", "websocketpinginterval"}, {"value", "-1"}});
    EXPECT_EQ(bench.ping_interval, 20s);
}

TEST(ChargePoint, CommandsCarryTheRequestThatCausedThem) {
    auto settings = settings_of(AuthorizationMode::remote);
    settings.security_events = false;
    ChargePoint charge_point(settings, {});
    charge_point.start(now_at(0s));
    charge_point.on_connected(now_at(0s));
    std::ignore = charge_point.take_effects();
    charge_point.on_frame(
        R"([3,"run1-1",{"status":"Accepted","currentTime":"2026-11-22T12:00:00Z","interval":300}])",
        now_at(0s));
    Reading reading;
    reading.state = CpState::B1;
    reading.taken_at = test_start;
    reading.energy_import = Measured<WattHours>{WattHours(1000), test_start};
    charge_point.on_reading(1, reading, now_at(0s));
    std::ignore = charge_point.take_effects();
    charge_point.on_frame(R"([2,"please","RemoteStartTransaction",{"idTag":"ABC"}])", now_at(1s));
    std::vector<std::string> causes;
    for (const auto& effect : charge_point.take_effects()) {
        if (const auto* run = std::get_if<RunCommand>(&effect)) causes.push_back(run->cause.message_id);
    }
    EXPECT_THAT(causes, testing::ElementsAre("please"));
}

TEST(ChargePoint, ShowsAHeadThatIsNeverAnsweredOnceAndKeepsIt) {
    Bench bench(settings_of());
    FakeCsms csms;
    csms.answers = [](const FakeCsms::Heard& call) { return call.action != "StartTransaction"; };
    bench.power_up();
    plug(bench, CpState::B1);
    bench.chargers[0].set_energy(1000.0, bench.time());
    bench.connect();
    for (int second = 1; second <= 20 * 90; ++second) {
        bench.advance_to(test_start + seconds(second));
        csms.serve(bench);
    }
    EXPECT_EQ(std::count(bench.notes.begin(), bench.notes.end(), "queue_head_unanswered"), 1);
    EXPECT_EQ(csms.heard("StartTransaction").size(), 1U);
    EXPECT_EQ(csms.heard("MeterValues").size(), 0U);
    csms.answers = [](const FakeCsms::Heard&) { return true; };
    bench.advance_to(test_start + seconds(20 * 90 + 100));
    csms.serve(bench);
    EXPECT_GE(csms.heard("MeterValues").size(), 29U);
}

TEST(ChargePoint, ViewShowsWhatGoesOn) {
    Bench bench(settings_of());
    FakeCsms csms;
    bench.power_up();
    EXPECT_FALSE(bench.charge_point().view().registration);
    plug(bench, CpState::C2, 7200);
    bench.chargers[0].set_energy(1000.0, bench.time());
    bench.connect();
    bench.advance_to(test_start + 3s);
    csms.serve(bench);
    const ChargePointView view = bench.charge_point().view();
    EXPECT_EQ(view.registration, RegistrationStatus::Accepted);
    ASSERT_EQ(view.connectors.size(), 1U);
    const ConnectorView& one = view.connectors[0];
    EXPECT_EQ(one.status->status, ChargePointStatus::Charging);
    ASSERT_NE(one.transaction, nullptr);
    EXPECT_EQ(one.transaction->id, FakeCsms::transaction_id(one.transaction->local_id));
    EXPECT_EQ(one.wanted, Amperes(32));
    EXPECT_EQ(one.applied, Amperes(32));
    EXPECT_EQ(one.power, Watts(7200));
    EXPECT_EQ(one.energy, WattHours(1006));
    EXPECT_EQ(one.energy_origin, EnergyOrigin::lifetime);
}

TEST(ChargePoint, NamesItselfWithinTheLengthsOfTheSpecification) {
    Settings settings = settings_of();
    settings.vendor = std::string(30, 'v');
    settings.model = std::string(30, 'm');
    settings.version = "busbar 0.1.0";
    Bench bench(settings);
    bench.identity = {std::string(40, 's'), std::string(60, 'f'), "", "type\xFF"};
    FakeCsms csms;
    bench.power_up();
    bench.connect();
    csms.serve(bench);
    const Json boot = csms.heard("BootNotification").at(0).payload;
    EXPECT_EQ(boot.at("chargePointVendor"), std::string(20, 'v'));
    EXPECT_EQ(boot.at("chargePointModel"), std::string(20, 'm'));
    EXPECT_EQ(boot.at("chargePointSerialNumber"), std::string(25, 's'));
    EXPECT_EQ(boot.at("firmwareVersion"), "busbar 0.1.0 " + std::string(37, 'f'));
    EXPECT_FALSE(boot.contains("meterSerialNumber"));
    EXPECT_EQ(boot.at("meterType"), "type\xEF\xBF\xBD");
}

}  // namespace
}  // namespace busbar::ocpp
