// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/refusal.hpp"

#include <stdexcept>

namespace busbar::update {

void throw_exception_from_error(const Refusal& refusal, const boost::source_location&) {
    throw std::logic_error(refusal.code + ": " + refusal.detail);
}

}  // namespace busbar::update
