// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/course.hpp"

namespace busbar::update {

Judged<Outcome> run(Journal journal, Machine& machine) {
    const bool untouched = journal.step == Step::stop;
    if (const auto saved = machine.save(journal); !saved && untouched) return saved.error();
    while (journal.step != Step::finish) {
        journal = after(journal, machine.carry_out(journal));
        (void)machine.save(journal);
    }
    machine.finish(journal);
    return journal.outcome;
}

}  // namespace busbar::update
