// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/result.hpp"

#include <stdexcept>

namespace busbar {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    throw std::logic_error(std::string("value() of a failed result at ") + where.to_string() + ": " +
                           error.detail);
}

}  // namespace busbar
