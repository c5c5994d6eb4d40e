// SPDX-License-Identifier: Apache-2.0
// What travels over D-Bus, as plain values: the logic above the bus knows no D-Bus library.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace busbar::gateway::dbus {

struct ObjectPath {
    std::string text;
    friend bool operator==(const ObjectPath&, const ObjectPath&) = default;
};

/// A value of a type that is not among ours: it can be handed back as it came, no more.
struct Opaque {
    std::shared_ptr<const void> value;
};

struct Value;
using Bytes = std::vector<std::uint8_t>;
using Dict = std::map<std::string, Value>;             ///< a{sv}: the properties of an interface
using Sections = std::map<std::string, Dict>;          ///< a{sa{sv}}: the interfaces of an object; a profile
using Objects = std::map<std::string, Sections>;       ///< a{oa{sa{sv}}}: GetManagedObjects
using Pair = std::pair<std::uint32_t, std::uint32_t>;  ///< (uu)

struct Value {
    std::variant<Opaque, bool, std::uint8_t, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t,
                 std::string, ObjectPath, std::vector<std::string>, std::vector<ObjectPath>, Bytes,
                 std::vector<Bytes>, std::vector<std::uint32_t>, std::vector<Dict>, Pair, Dict, Sections,
                 Objects>
        as;
};

/// Null: it is not there, or of another type.
template <class T>
const T* find(const Dict& dict, const std::string& key) {
    const auto found = dict.find(key);
    return found == dict.end() ? nullptr : std::get_if<T>(&found->second.as);
}

/// `otherwise` where it is missing: versions of a service differ in what they tell.
template <class T>
T get(const Dict& dict, const std::string& key, T otherwise = {}) {
    const T* found = find<T>(dict, key);
    return found ? *found : std::move(otherwise);
}

}  // namespace busbar::gateway::dbus
