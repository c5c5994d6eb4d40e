// SPDX-License-Identifier: Apache-2.0
// An authorisation on its way to a transaction, or to the end of one: asked for, granted, waiting for the
// cable (CONTRACT.md section 3).
#pragma once

#include <optional>
#include <string>

#include "gateway/base/time.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp {

struct Authorization {
    std::string id_tag;
    std::optional<ChargingProfile> profile;  ///< RemoteStartTransaction's TxProfile
    SteadyTime since;                        ///< ConnectionTimeOut counts from here
    bool granted = false;                    ///< false: Authorize.req waits for its answer
    std::optional<IdToken> parent;           ///< parentIdTag of id_tag, where known
    bool remote = false;                     ///< RemoteStartTransaction asked for it
};

/// Authorize.req on its way.
struct Question {
    enum class Purpose { start, stop };
    std::string call;  ///< its message id
    std::string id_tag;
    Purpose purpose;
};

}  // namespace busbar::ocpp
