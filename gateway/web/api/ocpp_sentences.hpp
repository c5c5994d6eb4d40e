// SPDX-License-Identifier: Apache-2.0
// What an OCPP message is about, as a code and the values that a sentence needs. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace busbar::gateway {

/// {"code", "params"}: `answer` is null while there is none. The params come from the masked payloads.
nlohmann::ordered_json sentence_of(std::string_view action, const nlohmann::ordered_json& request,
                                   const nlohmann::ordered_json& answer);

}  // namespace busbar::gateway
