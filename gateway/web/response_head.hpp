// SPDX-License-Identifier: Apache-2.0
// The head of an answer as bytes.
#pragma once

#include <string>

#include "gateway/web/http.hpp"

namespace busbar::gateway {

/// Status line and fields up to the empty line. `length` absent: the connection's end ends the body.
std::string head_text(const HttpResponse& response, std::optional<std::size_t> length, bool keep_alive);

}  // namespace busbar::gateway
