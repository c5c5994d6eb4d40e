// SPDX-License-Identifier: Apache-2.0
// Between the described structs of messages.hpp and JSON: the only header that includes nlohmann/json.hpp.
// What breaks a message's schema becomes the CALLERROR code for it (OCPP-J 1.6 section 4.2.3); fields we do
// not know are ignored.
#pragma once

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/system/result.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "ocpp/date_time.hpp"
#include "ocpp/types.hpp"

namespace busbar::ocpp {

using Json = nlohmann::ordered_json;

/// Why a payload is not the message it should be; the first reason found.
struct SchemaViolation {
    CallErrorCode code{};
    std::string detail;  ///< "csChargingProfiles.stackLevel: must be an integer"
};

/// The place in a payload, kept on the stack while decoding goes down.
struct FieldPath {
    const FieldPath* parent = nullptr;
    std::string_view name;
    [[nodiscard]] std::string text() const;
};

class Decoder {
  public:
    /// Decodes `in` into `out`; false, and `violation` set, at the first violation.
    template <class T>
    bool read(const Json& in, T& out, const FieldPath& path);

    SchemaViolation violation;

  private:
    bool fail(CallErrorCode code, const FieldPath& path, std::string_view what);

    bool read_value(const Json& in, bool& out, const FieldPath& path);
    bool read_value(const Json& in, int& out, const FieldPath& path);
    bool read_value(const Json& in, double& out, const FieldPath& path);
    bool read_value(const Json& in, std::string& out, const FieldPath& path);
    bool read_value(const Json& in, UtcTime& out, const FieldPath& path);

    template <std::size_t N>
    bool read_value(const Json& in, CiString<N>& out, const FieldPath& path) {
        std::string text;
        if (!read_value(in, text, path)) return false;
        if (count_characters(text) > N) {
            return fail(CallErrorCode::PropertyConstraintViolation, path,
                        "longer than " + std::to_string(N) + " characters");
        }
        out = CiString<N>(text);
        return true;
    }

    template <class T>
    bool read_value(const Json& in, std::vector<T>& out, const FieldPath& path) {
        if (!in.is_array()) return fail(CallErrorCode::TypeConstraintViolation, path, "must be an array");
        for (const auto& element : in) {
            if (!read(element, out.emplace_back(), path)) return false;
        }
        return true;
    }

    template <class T>
    bool read_enum(const Json& in, T& out, const FieldPath& path) {
        std::string text;
        if (!read_value(in, text, path)) return false;
        // The comparison sees what follows a NUL, which the look-up does not.
        if (boost::describe::enum_from_string(text.c_str(), out) && name_of(out) == text) return true;
        return fail(CallErrorCode::PropertyConstraintViolation, path, "is not one of its values");
    }

    template <class T>
    bool read_struct(const Json& in, T& out, const FieldPath& path);

    template <class T>
    bool read_member(const Json& in, T& out, const FieldPath& path);
};

namespace detail {
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_public>;
}  // namespace detail

template <class T>
bool Decoder::read(const Json& in, T& out, const FieldPath& path) {
    if constexpr (std::is_enum_v<T>) {
        return read_enum(in, out, path);
    } else if constexpr (boost::describe::has_describe_members<T>::value) {
        return read_struct(in, out, path);
    } else {
        return read_value(in, out, path);
    }
}

template <class T>
bool Decoder::read_member(const Json& in, T& out, const FieldPath& path) {
    const auto found = in.find(path.name);
    const bool present = found != in.end() && !found->is_null();
    if constexpr (detail::is_optional<T>::value) {
        return !present || read(*found, out.emplace(), path);
    } else {
        return present ? read(*found, out, path) : fail(CallErrorCode::ProtocolError, path, "is missing");
    }
}

template <class T>
bool Decoder::read_struct(const Json& in, T& out, const FieldPath& path) {
    if (!in.is_object()) return fail(CallErrorCode::TypeConstraintViolation, path, "must be an object");
    bool good = true;
    boost::mp11::mp_for_each<detail::members_of<T>>([&](auto member) {
        good = good && read_member(in, out.*member.pointer, FieldPath{&path, member.name});
    });
    return good;
}

/// A message, or why the payload is not one.
template <class T>
boost::system::result<T, SchemaViolation> decode(const Json& payload) {
    Decoder decoder;
    T message;
    if (!decoder.read(payload, message, FieldPath{})) return decoder.violation;
    return message;
}

/// A field of a record of our own; `fallback` where it is missing or damaged.
template <class T>
T field(const Json& object, std::string_view name, T fallback) {
    const auto found = object.find(name);
    T value{};
    return found != object.end() && Decoder().read(*found, value, FieldPath{}) ? value : fallback;
}

// ---- to JSON
// ------------------------------------------------------------------------------------------------------

/// The text of `json`; bytes that are no UTF-8 (a charger's serial number may hold any) become U+FFFD.
std::string to_text(const Json& json);

inline Json encode(bool value) {
    return value;
}
inline Json encode(int value) {
    return value;
}
inline Json encode(const std::string& value) {
    return value;
}
inline Json encode(UtcTime value) {
    return to_iso8601(value);
}
Json encode(double value);  ///< whole numbers without a fraction, others with at most three decimals
template <std::size_t N>
Json encode(const CiString<N>& value) {
    return value.str();
}

template <class T>
requires std::is_enum_v<T> Json encode(T value) {
    return std::string(name_of(value));
}

template <class T>
requires boost::describe::has_describe_members<T>::value Json encode(const T& message);

template <class T>
Json encode(const std::vector<T>& values) {
    Json array = Json::array();
    for (const auto& value : values) array.push_back(encode(value));
    return array;
}

template <class T>
requires boost::describe::has_describe_members<T>::value Json encode(const T& message) {
    Json object = Json::object();
    boost::mp11::mp_for_each<detail::members_of<T>>([&](auto member) {
        const auto& field = message.*member.pointer;
        if constexpr (detail::is_optional<std::remove_cvref_t<decltype(field)>>::value) {
            if (field) object[member.name] = encode(*field);
        } else {
            object[member.name] = encode(field);
        }
    });
    return object;
}

}  // namespace busbar::ocpp
