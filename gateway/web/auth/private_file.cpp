// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/private_file.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "gateway/atomic_file.hpp"

namespace busbar::gateway {
namespace {

bool take_all(const std::string& text, const char* name,
              const std::function<bool(const nlohmann::json&)>& take) {
    try {
        const auto whole = nlohmann::json::parse(text);
        for (const auto& entry : whole.at(name)) {
            if (!take(entry)) return false;
        }
        return true;
    } catch (const nlohmann::json::exception&) {
        return false;
    }
}

}  // namespace

void read_private_list(const std::string& file, const char* name, const Log& log,
                       const std::function<bool(const nlohmann::json&)>& take) {
    const auto text = file_content(file);
    if (text.empty() || take_all(text, name, take)) return;
    const std::string aside = file + ".damaged";
    std::rename(file.c_str(), aside.c_str());
    log.error("web_file_damaged", file + " is damaged and was set aside as " + aside + ".", {{"file", file}});
}

Result<void> write_private_list(const std::string& file, const char* name, const nlohmann::json& list) {
    return replace_file(file, nlohmann::json{{name, list}}.dump(1) + '\n', Durable::yes, owner_only);
}

}  // namespace busbar::gateway
