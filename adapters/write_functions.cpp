// SPDX-License-Identifier: Apache-2.0
// One refusal turns to the other function, a second one back.
#include "adapters/write_functions.hpp"

namespace busbar::adapters {
namespace {

using config::WriteFunction;

constexpr int illegal_function = 1;  ///< MODBUS Application Protocol V1.1b3, chapter 7

bool is_open(const config::Register& reg, const Span& span) {
    return reg.write_function == WriteFunction::automatic && span.count == 1;
}

}  // namespace

WriteFunction WriteFunctions::choose(const config::Register& reg, const Span& span) const {
    return is_open(reg, span) && multiple_.contains(span) ? WriteFunction::multiple : reg.write_function;
}

bool WriteFunctions::learn(const config::Register& reg, const Span& span, const ExchangeError& error) {
    if (!is_open(reg, span) || error.exception != illegal_function) return false;
    if (multiple_.insert(span).second) return true;
    multiple_.erase(span);
    return false;
}

}  // namespace busbar::adapters
