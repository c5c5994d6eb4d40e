// SPDX-License-Identifier: Apache-2.0
#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {

std::string FieldPath::text() const {
    const std::string above = parent == nullptr ? std::string() : parent->text();
    if (above.empty()) return std::string(name);
    return above + "." + std::string(name);
}

bool Decoder::fail(CallErrorCode code, const FieldPath& path, std::string_view what) {
    const std::string place = path.text();
    violation = {code, (place.empty() ? std::string("payload") : place) + ": " + std::string(what)};
    return false;
}

bool Decoder::read_value(const Json& in, bool& out, const FieldPath& path) {
    if (!in.is_boolean()) return fail(CallErrorCode::TypeConstraintViolation, path, "must be true or false");
    out = in.get<bool>();
    return true;
}

bool Decoder::read_value(const Json& in, int& out, const FieldPath& path) {
    // JSON Schema calls 3.0 an integer, so we do.
    const bool whole =
        in.is_number_integer() || (in.is_number_float() && std::trunc(in.get<double>()) == in.get<double>());
    if (!whole) return fail(CallErrorCode::TypeConstraintViolation, path, "must be an integer");
    const auto number = in.get<double>();
    if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max()) {
        return fail(CallErrorCode::PropertyConstraintViolation, path, "does not fit 32 bits");
    }
    out = static_cast<int>(number);
    return true;
}

bool Decoder::read_value(const Json& in, double& out, const FieldPath& path) {
    if (!in.is_number()) return fail(CallErrorCode::TypeConstraintViolation, path, "must be a number");
    out = in.get<double>();
    return true;
}

bool Decoder::read_value(const Json& in, std::string& out, const FieldPath& path) {
    if (!in.is_string()) return fail(CallErrorCode::TypeConstraintViolation, path, "must be a string");
    out = in.get<std::string>();
    return true;
}

bool Decoder::read_value(const Json& in, UtcTime& out, const FieldPath& path) {
    std::string text;
    if (!read_value(in, text, path)) return false;
    const auto time = parse_iso8601(text);
    if (!time) return fail(CallErrorCode::TypeConstraintViolation, path, "must be an ISO 8601 date and time");
    out = *time;
    return true;
}

std::string to_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json encode(double value) {
    if (std::abs(value) >= 1e15) return value;  // has no decimals to lose, and times 1000 may be infinite
    const double rounded = std::round(value * 1000.0) / 1000.0;
    if (std::trunc(rounded) == rounded) return static_cast<std::int64_t>(rounded);
    return rounded;
}

}  // namespace busbar::ocpp
