// SPDX-License-Identifier: Apache-2.0
// The one way a function reports that it could not do its work.
#pragma once

#include <boost/system/result.hpp>
#include <string>

namespace busbar {

enum class Errc {
    timeout,      ///< no answer in time
    garbled,      ///< an answer that breaks the protocol: CRC, length, another unit's
    refused,      ///< the peer answered no: a Modbus exception, a rejected write
    unreachable,  ///< the device, port or host cannot be opened or was closed
    unsupported,  ///< this device or configuration cannot do it
    invalid,      ///< the input is wrong; detail names the place and the cure
    io,           ///< the operating system said no; detail has its words
    cancelled,    ///< given up because we stop or something newer replaced it
};

/// What went wrong. `detail` is a sentence for the log and the person; programs look at `code`.
struct Error {
    Errc code;
    std::string detail;
};

template <class T>
using Result = boost::system::result<T, Error>;

/// boost::system::result asks for this when value() is called on an error: a programming mistake.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

}  // namespace busbar
