// SPDX-License-Identifier: Apache-2.0
#include "ocpp/security_profile.hpp"

#include <fmt/format.h>

namespace busbar::ocpp {

SecurityProfiles::SecurityProfiles(Context& context, const std::vector<Record>& saved) : context_(context) {
    for (const auto& record : saved) {
        if (record.kind == record_kind) fallback_ = record.body == "2" ? std::optional(2) : std::nullopt;
    }
}

void SecurityProfiles::use(bool reconnect) {
    context_.effects.emplace_back(UseSecurityProfile{wanted(), fallback_, reconnect});
}

ConfigurationStatus SecurityProfiles::change(std::string_view value, const LinkSecurity& link,
                                             const Now& now) {
    const int before = wanted();
    const std::string old = context_.configuration.text(Key::SecurityProfile);
    const auto status = context_.configuration.change("SecurityProfile", value);
    if (status != ConfigurationStatus::Accepted || wanted() == before) return status;
    const bool can =
        link.client && now.utc && link.client->not_before <= *now.utc && *now.utc < link.client->not_after;
    if (wanted() < before || !can) {
        context_.configuration.set(Key::SecurityProfile, old);
        return ConfigurationStatus::Rejected;
    }
    fallback_ = before;
    context_.save({std::string(record_kind), "", std::to_string(before)});
    context_.save(context_.configuration.record(Key::SecurityProfile));
    context_.raise_event(SecurityEventType::ReconfigurationOfSecurityParameters,
                         fmt::format("SecurityProfile {} was set by the central system", wanted()));
    use(true);
    return status;
}

void SecurityProfiles::on_connected(int profile) {
    if (!fallback_) return;
    if (profile == *fallback_) {
        context_.raise_event(
            SecurityEventType::ReconfigurationOfSecurityParameters,
            fmt::format("SecurityProfile is {} again: no connection came about with {}", profile, wanted()));
        context_.configuration.set(Key::SecurityProfile, std::to_string(profile));
        context_.save(context_.configuration.record(Key::SecurityProfile));
    }
    fallback_.reset();
    context_.effects.emplace_back(EraseRecord{std::string(record_kind), ""});
    use(false);
}

}  // namespace busbar::ocpp
