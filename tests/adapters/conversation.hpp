// SPDX-License-Identifier: Apache-2.0
// Recorded conversations in a proprietary protocol, to be replayed without hardware:
// config/chargers/ID.fixture.json.
//
//   {"profile": "openevse-rapi", "source": "...",
//    "exchanges": [["$GV^35", "$OK 7.1.3 5.2.1^23"], ...],       what every case has in common
//    "cases": [{"name": "a sentence",
//               "exchanges": [["$GS^30", "$AT ...", "$OK ..."]],  request, then all that follows it;
//                                                                 no answer: ["$GS^30"]
//               "limit_a": 10,                                    SetLimit, before the reading is taken
//               "writes": ["$SC 10 V^63", "$FE^27"],              all changing requests of the case, in order
//               "reading": {"state": "C2", "current_a": [10, null, null], "energy_import_wh": 1, ...},
//               "serial": "...", "firmware": "..."}]}
//
// Messages stand without line ends. A request that is listed several times is answered in that order, and
// from then on as the last time; one that is not listed is an error of the case. A case's own exchanges
// replace the common ones with the same request. Reading keys: state, current_a, voltage_v, power_w,
// energy_import_wh, energy_session_wh, offered_a, temperature_c, fault {code, vendor_code, text}, auth_wait,
// finished; what is not named must be absent, or false.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/charger.hpp"
#include "adapters/frame_line.hpp"

namespace busbar::adapters::test {

struct ConversationCase {
    std::string name;
    std::map<std::string, std::vector<std::vector<std::string>>> answers;  ///< request -> turn -> messages
    std::optional<double> limit_a;
    std::optional<std::vector<std::string>> writes;
    std::string reading;  ///< JSON; "": not compared
    std::optional<std::string> serial;
    std::optional<std::string> firmware;
};

struct Conversation {
    std::string profile;
    std::vector<ConversationCase> cases;
};

/// Throws what nlohmann::json throws, and std::runtime_error with a sentence.
Conversation load_conversation(const std::string& file);

/// Makes the driver that is to be played with.
using MakeDriver = std::function<std::unique_ptr<Charger>(FrameLine& line)>;
/// Does this request (without its line end) change something in the charger?
using IsWrite = std::function<bool(const std::string& request)>;

/// Plays one case from power-up on: its limit, then one whole cycle. One sentence a difference; none: the
/// driver behaves as the case says.
std::vector<std::string> play(const ConversationCase& each, const MakeDriver& make, const IsWrite& is_write);

}  // namespace busbar::adapters::test
