// SPDX-License-Identifier: Apache-2.0
// Whether bytes are a whole RTU answer, for what libmodbus passes over because of its unit id. Pure.
// Source: MODBUS over Serial Line V1.02, sections 2.5.1.2 and 6.2.2.
#pragma once

#include <cstdint>
#include <span>

namespace busbar::adapters {

/// `frame` begins with the answer of some unit, its checksum included; more bytes may follow.
bool is_intact_answer(std::span<const std::uint8_t> frame);

}  // namespace busbar::adapters
