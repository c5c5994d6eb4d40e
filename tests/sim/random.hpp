// SPDX-License-Identifier: Apache-2.0
// The one source of chance of a simulated life: the same seed gives the same draws with every compiler and
// library. Draw once a statement: the order in which arguments are evaluated is the compiler's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace busbar::simulation {

/// xoshiro256** by Blackman and Vigna, its state filled by splitmix64.
class Random {
  public:
    explicit Random(std::uint64_t seed) {
        for (auto& word : state_) {
            seed += 0x9e3779b97f4a7c15U;
            word = mixed(seed);
        }
    }

    std::uint64_t next() {
        const std::uint64_t result = rotated(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17U;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotated(state_[3], 45);
        return result;
    }

    /// 0 to limit - 1; 0 where limit is 0 or 1.
    std::int64_t below(std::int64_t limit) {
        const auto high = static_cast<std::uint32_t>(next() >> 32U);
        if (limit <= 1) return 0;
        return static_cast<std::int64_t>((std::uint64_t{high} * static_cast<std::uint64_t>(limit)) >> 32U);
    }
    /// least to most.
    std::int64_t between(std::int64_t least, std::int64_t most) { return least + below(most - least + 1); }
    bool chance(int one_in) { return below(one_in) == 0; }

    template <class Choices>
    const auto& pick(const Choices& choices) {
        return choices[static_cast<std::size_t>(below(static_cast<std::int64_t>(choices.size())))];
    }

  private:
    static constexpr std::uint64_t rotated(std::uint64_t value, unsigned by) {
        return (value << by) | (value >> (64U - by));
    }
    static constexpr std::uint64_t mixed(std::uint64_t value) {
        value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
        value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
        return value ^ (value >> 31U);
    }

    std::array<std::uint64_t, 4> state_{};
};

}  // namespace busbar::simulation
