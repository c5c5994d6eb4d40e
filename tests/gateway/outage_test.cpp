// SPDX-License-Identifier: Apache-2.0
// A week without network: twenty charge points sample every minute, and all of it arrives, in order, from a
// disk.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "ocpp/date_time.hpp"
#include "simulated_gateway.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define BUSBAR_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BUSBAR_SANITIZED 1
#endif
#endif

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr UtcTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(12);
constexpr std::size_t points = 20;
#ifdef BUSBAR_SANITIZED
constexpr int outage_minutes = 8 * 60;  // ten times slower
#else
constexpr int outage_minutes = 7 * 24 * 60;
#endif

/// Bytes of the heap in use; 0 where a sanitizer has replaced it.
std::size_t heap_in_use() {
#ifdef BUSBAR_SANITIZED
    return 0;
#else
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
#endif
}

/// In memory where there is room: the test waits for no disk. The heap knows nothing of it either way.
fs::path make_roomy_folder() {
    struct statvfs memory {};
    const bool has_room = statvfs("/dev/shm", &memory) == 0 && access("/dev/shm", W_OK) == 0 &&
                          memory.f_bavail * memory.f_frsize > 500'000'000;
    const fs::path parent = has_room ? fs::path("/dev/shm") : fs::path(testing::TempDir());
    const fs::path folder = parent / fmt::format("busbar-outage-{}", getpid());
    fs::create_directories(folder);
    return folder;
}

/// What one charge point has told.
struct Told {
    int starts = 0;
    int stops = 0;
    int samples = 0;
    UtcTime last_sample{};
    std::string disorder;  ///< the first thing that was not as it must be
};

/// Answers everything, and checks that the samples are those of each minute, one after the other.
class CheckingCentral {
  public:
    std::string operator()(std::size_t point, const std::string& frame) {
        const Json call = Json::parse(frame);
        const std::string& action = call[2].get_ref<const std::string&>();
        const Json& payload = call[3];
        Json answer = Json::object();
        if (action == "BootNotification") {
            answer = {{"status", "Accepted"}, {"interval", 86'400}, {"currentTime", ocpp::to_iso8601(noon)}};
        } else if (action == "StartTransaction") {
            ++told[point].starts;
            answer = {{"transactionId", 100 + point}, {"idTagInfo", {{"status", "Accepted"}}}};
        } else if (action == "MeterValues") {
            take_sample(point, payload);
        } else if (action == "StopTransaction") {
            ++told[point].stops;
        } else if (action == "Heartbeat") {
            answer = {{"currentTime", ocpp::to_iso8601(noon)}};
        }
        return Json::array({3, call[1], answer}).dump();
    }

    std::vector<Told> told{points};

  private:
    void take_sample(std::size_t point, const Json& payload) {
        Told& one = told[point];
        const auto at = *ocpp::parse_iso8601(payload["meterValue"][0]["timestamp"].get<std::string>());
        const bool follows = one.samples == 0 || at == one.last_sample + std::chrono::minutes(1);
        const bool right = payload["transactionId"] == 100 + point && one.starts == 1 && one.stops == 0;
        if (one.disorder.empty() && !(follows && right)) one.disorder = payload.dump();
        one.last_sample = at;
        ++one.samples;
    }
};

class OutageTest : public testing::Test {
  protected:
    ~OutageTest() override { fs::remove_all(folder); }

    /// One minute of charging: the last samples are saved, the next are taken.
    void a_minute(SimulatedGateway& gateway) {
        gateway.pass(8s);
        gateway.tick();
        gateway.pass(52s);
        gateway.look();
        highest = std::max(highest, heap_in_use());
    }

    fs::path folder = make_roomy_folder();
    std::unique_ptr<Store> store = *Store::open(folder / "busbar.db", Log());
    CheckingCentral central;
    std::size_t highest = 0;
};

TEST_F(OutageTest, AWeekOfTwentyChargePointsDrainsInOrderWithFlatMemory) {
    SimulatedGateway gateway(*store, points, noon, std::ref(central));
    gateway.connect();
    gateway.look(false);
    gateway.serve_all();
    gateway.look();
    gateway.serve_all();
    for (const auto& told : central.told) ASSERT_EQ(told.starts, 1);

    gateway.disconnect();
    for (int minute = 0; minute < 60; ++minute) a_minute(gateway);
    const std::size_t after_an_hour = std::exchange(highest, heap_in_use());
    for (int minute = 60; minute < outage_minutes; ++minute) a_minute(gateway);
    EXPECT_LT(highest, after_an_hour + 1'000'000) << "while samples pile up";
    EXPECT_EQ(store->queue_length("CP07"), outage_minutes - 1) << "the newest waits 8 s for an answer";

    gateway.connect();
    highest = 0;
    constexpr int rounds_a_minute = 1200;
    int rounds = 0;
    while (gateway.serve()) {
        gateway.pass(50ms);  // from message to message
        if (++rounds % rounds_a_minute == 0) gateway.look();
        highest = std::max(highest, heap_in_use());
    }
    EXPECT_LT(highest, after_an_hour + 1'000'000) << "while they drain";

    gateway.look(false);
    gateway.serve_all();
    for (const auto& told : central.told) {
        EXPECT_EQ(told.disorder, "");
        EXPECT_EQ(told.samples, outage_minutes + rounds / rounds_a_minute);
        EXPECT_EQ(told.stops, 1);
    }
    EXPECT_EQ(store->queue_length("CP07"), 0);
}

}  // namespace
}  // namespace busbar::gateway
