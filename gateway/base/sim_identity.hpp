// SPDX-License-Identifier: Apache-2.0
// Whose SIM it is.
#pragma once

#include <string>

namespace busbar {

/// Of the SIM that the gateway's modem uses; "" what is not known.
struct SimIdentity {
    std::string iccid;
    std::string imsi;
};

}  // namespace busbar
