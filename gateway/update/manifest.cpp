// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/manifest.hpp"

#include <array>

#include "gateway/update/key_lines.hpp"
#include "gateway/update/version.hpp"

namespace busbar::update {
namespace {

constexpr std::string_view format = "busbar-bundle-1";
constexpr std::size_t longest_notes = 500;
constexpr std::size_t longest_name = 64;

constexpr std::string_view digits = "0123456789";
constexpr std::string_view hex = "0123456789abcdef";
constexpr std::string_view name_letters = "abcdefghijklmnopqrstuvwxyz0123456789+.-";

bool consists_of(std::string_view text, std::string_view letters) {
    return text.find_first_not_of(letters) == std::string_view::npos;
}

bool is_format(std::string_view text) {
    return text == format;
}
bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_name && consists_of(text, name_letters);
}
bool is_size(std::string_view text) {
    const auto size = number_of(text);
    return size && *size > 0 && *size <= largest_package;
}
bool is_sha256(std::string_view text) {
    return text.size() == 64 && consists_of(text, hex);
}
bool is_date(std::string_view text) {
    return text.size() == 10 && text[4] == '-' && text[7] == '-' && consists_of(text.substr(0, 4), digits) &&
           consists_of(text.substr(5, 2), digits) && consists_of(text.substr(8), digits);
}
bool is_notes(std::string_view text) {
    return text.size() <= longest_notes;
}

struct Key {
    std::string_view name;
    bool (*is_good)(std::string_view);
};
constexpr std::array<Key, 8> keys{{{"format", is_format},
                                   {"package", is_name},
                                   {"version", is_version},
                                   {"architecture", is_name},
                                   {"size", is_size},
                                   {"sha256", is_sha256},
                                   {"released", is_date},
                                   {"notes", is_notes}}};

Refusal bad(std::string detail) {
    return {"bad_manifest", "The bundle's manifest " + std::move(detail) + "."};
}

}  // namespace

Judged<Manifest> read_manifest(std::string_view text) {
    if (text.size() > largest_manifest) return bad("is too long");
    auto lines = read_key_lines(text);
    if (!lines) return bad("is not made of lines key=value");
    lines->emplace("notes", "");
    for (const auto& [name, is_good] : keys) {
        const auto found = lines->find(name);
        if (found == lines->end()) return bad("has no " + std::string(name));
        if (!is_good(found->second)) return bad("has a bad " + std::string(name));
    }
    if (lines->size() != keys.size()) return bad("has keys that this release does not know");
    return Manifest{value_of(*lines, "package"),      value_of(*lines, "version"),
                    value_of(*lines, "architecture"), *number_of(value_of(*lines, "size")),
                    value_of(*lines, "sha256"),       value_of(*lines, "released"),
                    value_of(*lines, "notes")};
}

Judged<void> judge(const Manifest& manifest, const Installed& installed) {
    if (manifest.package != installed.package) {
        return Refusal{"wrong_package",
                       "The bundle holds " + manifest.package + ", not " + installed.package + "."};
    }
    if (manifest.architecture != installed.architecture) {
        return Refusal{"wrong_architecture", "The bundle is for " + manifest.architecture +
                                                 "; this machine is " + installed.architecture + "."};
    }
    if (compare_versions(manifest.version, installed.version) <= 0) {
        return Refusal{"not_newer", "The bundle holds " + manifest.version + ", and " + installed.version +
                                        " is installed: only a newer one is taken."};
    }
    return {};
}

}  // namespace busbar::update
