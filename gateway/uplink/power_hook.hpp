// SPDX-License-Identifier: Apache-2.0
// The program that cuts the modem's power, for boards that have a switch for it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// Cuts a modem's power for a while; `done` as below.
using PowerCycle = std::function<void(std::function<void(const Result<void>&)> done)>;

/// Runs `program` with the one argument `word` ("on", "off", "cycle"), without a shell, with an empty
/// environment and no input. `done` is called once, later: an error if it cannot be run, ends with another
/// status than 0, or is still running after `limit`, when it is killed. Loop thread only.
void run_power_hook(boost::asio::io_context& loop, const std::string& program, const std::string& word,
                    milliseconds limit, std::function<void(const Result<void>&)> done);

}  // namespace busbar::gateway
