// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/passwords.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace busbar::gateway {
namespace {

constexpr std::size_t shortest = 10;
constexpr std::size_t longest = 256;
constexpr std::size_t least_variety = 5;

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// The password is `word` with little around it.
bool is_mostly(const std::string& password, const std::string& word) {
    constexpr std::size_t little = 6;
    return !word.empty() && password.find(word) != std::string::npos &&
           password.size() < word.size() + little;
}

}  // namespace

std::string_view weakness_of(std::string_view password, std::string_view user) {
    if (password.size() < shortest) return "short";
    if (password.size() > longest) return "long";
    if (std::set<char>(password.begin(), password.end()).size() < least_variety) return "monotonous";
    const auto low = lower(password);
    if (is_mostly(low, lower(user))) return "like_user";
    if (is_mostly(low, "busbar") || is_mostly(low, "password") || is_mostly(low, "1234567890")) {
        return "like_product";
    }
    return {};
}

}  // namespace busbar::gateway
