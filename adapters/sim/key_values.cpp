// SPDX-License-Identifier: Apache-2.0
// `key=value,key=value` of a --box argument.
#include "adapters/sim/key_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace busbar::sim {

Result<long> to_number(std::string_view text, long minimum, long maximum) {
    const bool hex = text.substr(0, 2) == "0x";
    const std::string_view digits = hex ? text.substr(2) : text;
    long value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stopped, failure] = std::from_chars(digits.data(), end, value, hex ? 16 : 10);
    if (failure != std::errc{} || stopped != end || value < minimum || value > maximum) {
        return Error{Errc::invalid,
                     fmt::format("'{}' is not a number from {} to {}", text, minimum, maximum)};
    }
    return value;
}

Result<KeyValues> KeyValues::parse(std::string_view text) {
    KeyValues keys;
    while (!text.empty()) {
        const std::string_view item = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), item.size() + 1));
        const std::size_t equals = item.find('=');
        if (equals == std::string_view::npos || equals == 0) {
            return Error{Errc::invalid, fmt::format("'{}' is not of the form key=value", item)};
        }
        if (!keys.values_.emplace(item.substr(0, equals), item.substr(equals + 1)).second) {
            return Error{Errc::invalid, fmt::format("'{}' is given twice", item.substr(0, equals))};
        }
    }
    return keys;
}

long KeyValues::number(std::string_view key, long otherwise, long minimum, long maximum) {
    known_.emplace_back(key);
    const auto given = values_.find(key);
    if (given == values_.end()) {
        return otherwise;
    }
    const Result<long> value = to_number(given->second, minimum, maximum);
    if (value) {
        return *value;
    }
    if (mistake_.empty()) {
        mistake_ = fmt::format("{}: {}", key, value.error().detail);
    }
    return otherwise;
}

std::string KeyValues::text(std::string_view key, std::string_view otherwise) {
    known_.emplace_back(key);
    const auto given = values_.find(key);
    return given == values_.end() ? std::string(otherwise) : given->second;
}

Result<void> KeyValues::finish() const {
    if (!mistake_.empty()) {
        return Error{Errc::invalid, mistake_};
    }
    for (const auto& [key, value] : values_) {
        if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
            return Error{Errc::invalid,
                         fmt::format("unknown key '{}'; this model knows {}", key, fmt::join(known_, ", "))};
        }
    }
    return {};
}

}  // namespace busbar::sim
