// SPDX-License-Identifier: Apache-2.0
// From the daemon's request to a journal: everything that can be judged is, before anything is touched.
#pragma once

#include <optional>
#include <string>

#include "gateway/update/journal.hpp"
#include "gateway/update/places.hpp"
#include "gateway/update_helper/dpkg.hpp"

namespace busbar::update {

/// The id of the request that waits in the spool; "" where it has none that can be read. Empty: there is
/// none.
std::optional<std::string> waiting_request(const Places& places);

/// Takes the bundle that waits: a copy of our own, verified, unpacked to new_package(), and judged against
/// this machine; a package to go back to is there.
Judged<Journal> take_in(const Places& places, const Dpkg& dpkg, const std::string& id);

/// The spool forgets the request; what cannot be removed is only said.
void forget_request(const Places& places);

/// Sees to it that current_package() is what is installed: after an update it is, after an installation by
/// hand it is made.
Judged<void> seed(const Places& places, const Dpkg& dpkg);

}  // namespace busbar::update
