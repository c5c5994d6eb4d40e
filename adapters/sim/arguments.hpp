// SPDX-License-Identifier: Apache-2.0
// From the words of the command line to a line with its stations.
#pragma once

#include <string>
#include <vector>

#include "adapters/sim/line.hpp"
#include "adapters/sim/models.hpp"

namespace busbar::sim {

/// The stations of one line, and the protocol they have in common.
struct Fleet {
    std::vector<Station> stations;
    const Protocol* protocol;
};

/// Each of `boxes` is MODEL:UNIT[,key=value...]. An Error quotes the one that is wrong.
Result<Fleet> make_fleet(const std::vector<std::string>& boxes, int speed, SteadyTime start);

/// For --help: one line a model.
std::string models_help();

}  // namespace busbar::sim
