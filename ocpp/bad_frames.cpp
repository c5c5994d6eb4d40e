// SPDX-License-Identifier: Apache-2.0
// Rows by cause; each line stands for ten times as many frames as the one before.
#include "ocpp/bad_frames.hpp"

namespace busbar::ocpp {
namespace {

constexpr std::chrono::minutes row_ends_after{10};
constexpr std::uint64_t growth = 10;

}  // namespace

std::uint64_t BadFrames::count(CallErrorCode cause, SteadyTime now) {
    auto& row = rows_[cause];
    if (now - row.last >= row_ends_after) row = {};
    row.last = now;
    if (++row.length < row.next_told) return 0;
    row.next_told *= growth;
    return row.length;
}

}  // namespace busbar::ocpp
