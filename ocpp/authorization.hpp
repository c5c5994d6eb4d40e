// SPDX-License-Identifier: Apache-2.0
// An authorisation on its way to a transaction: asked for, granted, waiting for the cable (CONTRACT.md
// section 3).
#pragma once

#include <optional>
#include <string>

#include "gateway/base/time.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp {

struct Authorization {
    std::string id_tag;
    bool granted = false;                    ///< false: Authorize.req waits for its answer
    SteadyTime since;                        ///< ConnectionTimeOut counts from here
    std::optional<ChargingProfile> profile;  ///< RemoteStartTransaction's TxProfile
};

}  // namespace busbar::ocpp
