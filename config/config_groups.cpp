// SPDX-License-Identifier: Apache-2.0
// groups: chargers behind one feed.
#include "config/config_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {

void read_group(Section& section, Group& out) {
    section.need("id").text(out.id, kId);
    section.need("max_current_a").number(out.max_current, {6, 1000});
    section.need("chargers").one_or_each([&](const Value& item) {
        // One element each, also for a broken one: later checks speak of places.
        item.text(out.chargers.emplace_back(), {"the id of one of the chargers", kAnyText.accepts});
    });
}

}  // namespace busbar::config
