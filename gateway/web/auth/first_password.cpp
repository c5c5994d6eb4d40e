// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/first_password.hpp"

#include <unistd.h>

#include "gateway/atomic_file.hpp"

namespace busbar::gateway {

Result<void> keep_first_password(const std::string& file, const Secret& password, const std::string& hash) {
    return replace_file(file, hash + '\n' + std::string(password.reveal()) + '\n', Durable::yes, owner_only);
}

std::optional<Secret> first_password_of(const std::string& file, const std::string& hash) {
    const auto text = file_content(file);
    if (text.empty()) return std::nullopt;
    const auto end_of_hash = text.find('\n');
    if (!hash.empty() && text.substr(0, end_of_hash) == hash) {
        const auto end = text.find('\n', end_of_hash + 1);
        if (end != std::string::npos) return Secret(text.substr(end_of_hash + 1, end - end_of_hash - 1));
    }
    ::unlink(file.c_str());
    return std::nullopt;
}

}  // namespace busbar::gateway
