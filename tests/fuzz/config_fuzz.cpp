// SPDX-License-Identifier: Apache-2.0
// A configuration of any bytes: read, or refused with reasons that never quote a password.
#include "config/config.hpp"
#include "tests/fuzz/expect.hpp"

namespace busbar::config {
namespace {

using fuzz::expect;

void check(const Config& config) {
    expect(!config.central_system.url.host.empty(), "the URL has a host");
    for (const auto& charger : config.chargers) {
        const bool on_a_bus = std::any_of(config.buses.begin(), config.buses.end(),
                                          [&](const Bus& bus) { return bus.id == charger.bus; });
        expect(on_a_bus, "a charger is on a bus that exists", charger.bus);
        expect(charger.max_current.value() >= 6 && charger.failsafe_current <= charger.max_current,
               "the currents of a charger go together", charger.id);
        expect(charger.poll_interval > milliseconds(0), "a charger is polled", charger.id);
        expect(charger.phases >= 1 && charger.phases <= 3, "1 to 3 phases", charger.id);
        expect(charger.unit_id >= 0 && charger.unit_id <= 255, "a unit id is a byte", charger.id);
    }
    const auto& central = config.central_system;
    expect(central.reconnect_first > milliseconds(0) && central.reconnect_max >= central.reconnect_first,
           "a dial is followed by a wait", central.url.host);
    expect(config.failover.failback_hold >= seconds(0), "no hold is below 0");
    expect(config.transfers.max_mb > 0, "transfers have room");
}

}  // namespace
}  // namespace busbar::config

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const auto text = busbar::fuzz::text_of(data, size);
    // It would open files of the machine that runs this.
    if (text.find("password_file") != std::string_view::npos || text.find("\\u") != std::string_view::npos)
        return 0;
    const auto config = busbar::config::parse_config(text);
    const std::string problems = to_text("fuzz.json", config.problems);
    busbar::fuzz::expect(config.ok() == problems.empty(), "a problem is a line", problems);
    if (config.ok()) busbar::config::check(config.value);
    return 0;
}
