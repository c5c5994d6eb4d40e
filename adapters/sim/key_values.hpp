// SPDX-License-Identifier: Apache-2.0
// `key=value,key=value` of a --box argument; models take what they know, what is left over is a mistake.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"

namespace busbar::sim {

/// An integer, decimal or with 0x, within [minimum, maximum].
Result<long> to_number(std::string_view text, long minimum, long maximum);

class KeyValues {
  public:
    static Result<KeyValues> parse(std::string_view text);

    /// The value of `key`, or `otherwise` where the key is absent or wrong; a wrong one is remembered.
    long number(std::string_view key, long otherwise, long minimum, long maximum);
    bool flag(std::string_view key, bool otherwise) { return number(key, otherwise ? 1 : 0, 0, 1) == 1; }
    std::string text(std::string_view key, std::string_view otherwise);

    /// After the model took its values: the first wrong value, else the first key that nobody asked for.
    [[nodiscard]] Result<void> finish() const;

  private:
    std::map<std::string, std::string, std::less<>> values_;
    std::vector<std::string> known_;
    std::string mistake_;
};

}  // namespace busbar::sim
