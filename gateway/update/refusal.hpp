// SPDX-License-Identifier: Apache-2.0
// Why an update is not taken: a code for programs, a sentence for the person.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <utility>

namespace busbar::update {

/// Constructors, because of an aggregate g++ would make one of a lone string.
struct Refusal {
    Refusal() = default;
    Refusal(std::string the_code, std::string sentence)
        : code(std::move(the_code)), detail(std::move(sentence)) {}

    std::string code;  ///< stable, lower_snake_case: bad_signature, not_newer, ... (README.md lists them)
    std::string detail;
    friend bool operator==(const Refusal&, const Refusal&) = default;
};

template <class T>
using Judged = boost::system::result<T, Refusal>;

/// boost::system::result asks for this when value() is called on a refusal: a programming mistake.
[[noreturn]] void throw_exception_from_error(const Refusal& refusal, const boost::source_location& where);

}  // namespace busbar::update
