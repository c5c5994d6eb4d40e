// SPDX-License-Identifier: Apache-2.0
// Edit distance with neighbouring letters swapped counted as one slip (optimal string alignment).
#include "config/nearest.hpp"

#include <algorithm>
#include <array>

namespace busbar::config {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
    // Three rows: two letters back, one letter back, this letter of `a`.
    std::array<std::vector<std::size_t>, 3> rows;
    for (auto& row : rows) row.resize(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) rows[1][j] = j;

    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& [two_back, back, now] = rows;
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = back[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            now[j] = std::min({change, back[j] + 1, now[j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) now[j] = std::min(now[j], two_back[j - 2] + 1);
        }
        std::rotate(rows.begin(), rows.begin() + 1, rows.end());
    }
    return rows[1][b.size()];
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    const std::size_t allowed = word.size() <= 3 ? 1 : word.size() <= 8 ? 2 : 3;
    const std::string* best = nullptr;
    std::size_t best_distance = allowed + 1;
    for (const auto& candidate : known) {
        const std::size_t slips = distance(word, candidate);
        if (slips < best_distance) {
            best = &candidate;
            best_distance = slips;
        }
    }
    return best == nullptr ? "" : "; did you mean '" + *best + "'?";
}

}  // namespace busbar::config
