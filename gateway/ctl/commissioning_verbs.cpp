// SPDX-License-Identifier: Apache-2.0
// What there is to choose from.
#include "gateway/ctl/listings.hpp"

namespace busbar::ctl {

std::vector<ApiVerb> add_commissioning_verbs(CLI::App& cli) {
    static const Listing ports{
        "ports",
        "Serial devices of this machine, by a name that stays",
        "/api/v1/ports",
        "/ports",
        {{"DEVICE", "/device"}, {"NOW", "/path"}, {"WHAT", "/label"}, {"BUS", "/in_use_by"}}};
    static const Listing profiles{"profiles",
                                  "Models of chargers and meters that are known",
                                  "/api/v1/profiles",
                                  "/profiles",
                                  {{"PROFILE", "/id"},
                                   {"KIND", "/kind"},
                                   {"VENDOR", "/vendor"},
                                   {"MODEL", "/model"},
                                   {"CONFIDENCE", "/confidence"},
                                   {"FROM", "/origin"}}};
    return {add_listing(cli, ports), add_listing(cli, profiles)};
}

}  // namespace busbar::ctl
