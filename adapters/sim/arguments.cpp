// SPDX-License-Identifier: Apache-2.0
// From the words of the command line to a line with its stations.
#include "adapters/sim/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace busbar::sim {

namespace {

constexpr int highest_unit = 255;  // of Modbus TCP; 0 is broadcast

struct Made {
    Station station;
    const Protocol* protocol;
};

Error wrong(std::string_view box, std::string_view why) {
    return Error{Errc::invalid, fmt::format("--box {}: {}", box, why)};
}

Result<Made> make_station(std::string_view box, int speed, SteadyTime start) {
    const std::string_view head = box.substr(0, box.find(','));
    const std::size_t colon = head.find(':');
    if (colon == std::string_view::npos) {
        return wrong(box, "not of the form MODEL:UNIT[,key=value...]");
    }
    const Model* model = find_model(head.substr(0, colon));
    if (model == nullptr) {
        return wrong(box, fmt::format("no model '{}'; there are:\n{}", head.substr(0, colon), models_help()));
    }
    const auto unit = to_number(head.substr(colon + 1), 1, highest_unit);
    if (!unit) {
        return wrong(box, unit.error().detail);
    }
    auto keys = KeyValues::parse(box.substr(std::min(box.size(), head.size() + 1)));
    if (!keys) {
        return wrong(box, keys.error().detail);
    }
    auto made = model->make(*keys, BoxSetup{int(*unit), speed, start});
    if (const auto finished = keys->finish(); !finished) {
        return wrong(box, finished.error().detail);
    }
    return Made{Station(int(*unit), std::move(made)), model->protocol};
}

}  // namespace

Result<Fleet> make_fleet(const std::vector<std::string>& boxes, int speed, SteadyTime start) {
    Fleet fleet{{}, nullptr};
    for (const std::string& box : boxes) {
        auto made = make_station(box, speed, start);
        if (!made) {
            return made.error();
        }
        if (fleet.protocol != nullptr && fleet.protocol != made->protocol) {
            return wrong(box, fmt::format("speaks {}, but the line speaks {}", made->protocol->name,
                                          fleet.protocol->name));
        }
        const int unit = made->station.unit();
        if (std::any_of(fleet.stations.begin(), fleet.stations.end(),
                        [unit](const Station& other) { return other.unit() == unit; })) {
            return wrong(box, fmt::format("unit {} is taken", unit));
        }
        fleet.protocol = made->protocol;
        fleet.stations.push_back(std::move(made->station));
    }
    return fleet;
}

std::string models_help() {
    std::string help;
    for (const Model* model : models()) {
        help += fmt::format("  {:<12} {}\n", model->name, model->about);
    }
    return help;
}

}  // namespace busbar::sim
