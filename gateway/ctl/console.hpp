// SPDX-License-Identifier: Apache-2.0
// What a verb has of the terminal: words out, Ctrl-C in, an exit code at the end.
#pragma once

#include <optional>
#include <string>

namespace busbar::ctl {

enum ExitCode : int { done = 0, refused = 1, usage = 2, unreachable = 3 };

void print(const std::string& text);     ///< to stdout, at once
void complain(const std::string& text);  ///< to stderr, with the program's name
int refuse(const std::string& text);     ///< complains; gives `refused`
void remark(const std::string& text);    ///< a line on stderr that is no complaint

/// The text of a file that the person named; complains where it cannot be read or is empty.
std::optional<std::string> text_in(const std::string& file);

/// A line on stderr that replaces the one before, on a terminal only; empty: takes it away.
void show_progress(const std::string& text);

/// From now on the first Ctrl-C or SIGTERM is only noted; a second one ends the program where it is.
void watch_for_interrupt();
bool interrupted();

/// Lets time pass; ends early on an interrupt.
void wait_ms(int time);

}  // namespace busbar::ctl
