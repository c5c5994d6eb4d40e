// SPDX-License-Identifier: Apache-2.0
// A password that does not end up in a log line by accident and does not outlive its owner in memory.
#pragma once

#include <string>
#include <string_view>

namespace busbar {

class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&&) noexcept = default;
    ~Secret();  ///< overwrites the bytes

    /// The bytes themselves; the name makes each use easy to find in review.
    [[nodiscard]] std::string_view reveal() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

    /// Takes the same time wherever the two differ.
    friend bool operator==(const Secret& a, const Secret& b);

  private:
    std::string text_;
};

}  // namespace busbar
