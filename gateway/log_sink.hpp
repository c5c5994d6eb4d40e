// SPDX-License-Identifier: Apache-2.0
// Where the daemon's log goes: the systemd journal with fields when it listens, else one line a record on
// stderr.
#pragma once

#include "gateway/base/log.hpp"

namespace busbar::gateway {

/// Records less important than `most_verbose` are dropped. Any thread may call the sink; each record is one
/// system call, and an event has at most LogLimit::most_a_minute of them. A reader of stderr that stands
/// still loses lines and never holds up the gateway.
Log::Sink make_log_sink(LogLevel most_verbose);

/// The line form into `file_descriptor`, which the caller keeps open. For make_log_sink and the tests.
Log::Sink make_line_sink(int file_descriptor, LogLevel most_verbose);

}  // namespace busbar::gateway
