// SPDX-License-Identifier: Apache-2.0
// Drives an installation from step to step: the journal first, then the deed.
#pragma once

#include "gateway/update/journal.hpp"

namespace busbar::update {

/// What the course does to the world: the real machine, and the one that tests cut the power of.
class Machine {
  public:
    virtual ~Machine() = default;
    /// The journal is on the disk when this returns well.
    virtual Judged<void> save(const Journal& journal) = 0;
    /// Does what the journal's step says, to its end or until it fails; may have been begun before.
    virtual Judged<void> carry_out(const Journal& journal) = 0;
    /// Tells the outcome for good, then forgets the journal. May have been begun before.
    virtual void finish(const Journal& journal) = 0;
};

/// From the journal's step to the end. Refusal: the first page cannot be written; nothing was touched then. A
/// later page that cannot be written does not stop it: every step may be begun again.
Judged<Outcome> run(Journal journal, Machine& machine);

}  // namespace busbar::update
