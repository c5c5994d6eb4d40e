// SPDX-License-Identifier: Apache-2.0
// Scans, trials and profiles for people. Missing and null fields are shown as "-".
#pragma once

#include <string>
#include <string_view>

#include "config/profile.hpp"
#include "gateway/base/result.hpp"

namespace busbar::ctl {

/// The report of a scan as a table of devices, what to do about it, and what became of each setting. Error:
/// not the JSON that is expected.
Result<std::string> scan_report(std::string_view body);

/// How long a scan that runs may take, as a sentence; "" while that is not known.
std::string scan_expectation(std::string_view body);

/// One line while it runs: " 37 %, 2 min 41 s left, 1 found: 19200 baud, ...".
std::string scan_progress(std::string_view body);

struct ScanState {
    bool running = false;
    bool complete = false;
    bool found = false;
    bool none = false;  ///< none was started
};
ScanState scan_state(std::string_view body);

/// The answer of a trial: the register table with live values, and what the profile makes of them. Error: as
/// above.
Result<std::string> trial_report(std::string_view body);
/// Somebody answered, and every register that was asked gave a value or is absent by the profile's own word.
bool trial_is_good(std::string_view body);

/// What a profile says: its register table, what is written when, what happens when the gateway dies.
std::string profile_page(const config::Profile& profile);

}  // namespace busbar::ctl
