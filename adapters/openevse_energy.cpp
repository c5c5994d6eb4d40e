// SPDX-License-Identifier: Apache-2.0
// The total before the session, plus the session.
#include "adapters/openevse_energy.hpp"

#include <utility>

namespace busbar::adapters {

WattHours OpenEvseEnergy::lifetime(WattHours session, WattHours total, bool plugged) {
    const auto last = std::exchange(last_, Seen{session, total});
    if (!plugged) {
        before_.reset();
        return total;
    }
    if (last && session < last->session) before_ = total;
    // The car is there, and the counter still shows the session of the one before.
    const bool old_session = last && !before_ && session == last->session;
    if (old_session) return total;
    if (!before_) before_ = total;
    // Counted along, or the session was just added: either way it contains the session.
    if (last && session >= last->session && total != last->total) before_ = total - session;
    return *before_ + session;
}

}  // namespace busbar::adapters
