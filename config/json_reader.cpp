// SPDX-License-Identifier: Apache-2.0
// Values out of JSON, or the sentence that says what should have stood there.
#include "config/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "config/nearest.hpp"

namespace busbar::config {
namespace {

using nlohmann::json;

constexpr double kLargestWhole = 9007199254740992.0;  // 2^53: beyond, a double skips whole numbers

/// RFC 6901: '~' and '/' inside a key are escaped.
std::string step(std::string_view key) {
    std::string out = "/";
    for (const char c : key) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

std::string described(const json& value, bool quote) {
    switch (value.type()) {
        case json::value_t::object:
            return "an object";
        case json::value_t::array:
            return value.empty() ? "an empty list" : "a list";
        case json::value_t::null:
            return "null";
        case json::value_t::string: {
            const auto& text = value.get_ref<const std::string&>();
            if (text.empty()) return "an empty text";
            return text.size() <= 60 ? "'" + text + "'" : "this text";
        }
        case json::value_t::boolean:
            return value.get<bool>() ? "true" : "false";
        default:
            return quote ? value.dump() : "a number";
    }
}

/// The bounds, or `noun` where there are none.
std::string words(Range range, std::string_view noun) {
    const bool from = std::isfinite(range.least);
    const bool to = std::isfinite(range.most);
    if (from && to) return fmt::format("{} to {}", range.least, range.most);
    if (from) return fmt::format("at least {}", range.least);
    if (to) return fmt::format("at most {}", range.most);
    return std::string(noun);
}

/// "1 to 247, a whole number".
std::string with_noun(const std::string& bounds, std::string_view noun) {
    return bounds == noun ? bounds : fmt::format("{}, {}", bounds, noun);
}

std::optional<std::uint64_t> hex(const json& value) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text == nullptr || text->size() < 3 || text->size() > 18 || text->compare(0, 2, "0x") != 0) return {};
    std::uint64_t number = 0;
    const char* end = text->data() + text->size();
    const auto [last, error] = std::from_chars(text->data() + 2, end, number, 16);
    if (error != std::errc() || last != end) return {};
    return number;
}

}  // namespace

bool Value::is_text() const {
    return present() && json_->is_string();
}

bool Value::is_object() const {
    return present() && json_->is_object();
}

bool Value::expect(const std::string& must_be) const {
    if (!present() && required_) problem("is missing: must be " + must_be);
    return present();
}

bool Value::refuse(const std::string& must_be, bool quote) const {
    const bool tell = quote || !json_->is_string();
    problem("must be " + must_be + (tell ? ", not " + described(*json_, quote) : ""));
    return false;
}

Value Value::member(const std::string& key, const json& json) const {
    return {&json, path_ + step(key), true, *problems_};
}

bool Value::flag(bool& out) const {
    if (!expect("true or false")) return false;
    if (!json_->is_boolean()) return refuse("true or false");
    out = json_->get<bool>();
    return true;
}

bool Value::flag(std::optional<bool>& out) const {
    bool value = false;
    if (!flag(value)) return false;
    out = value;
    return true;
}

bool Value::text(std::string& out, const TextRule& rule) const {
    const std::string must_be(rule.must_be);
    if (!expect(must_be)) return false;
    const auto* text = json_->get_ptr<const std::string*>();
    if (text == nullptr) return refuse("a text, " + must_be, !rule.secret);
    if (!rule.accepts(*text)) return refuse(must_be, !rule.secret);
    out = *text;
    return true;
}

std::optional<long long> Value::whole_number(Range range) const {
    constexpr std::string_view kNoun = "a whole number";
    const std::string must_be = words(range, kNoun);
    if (!expect(must_be)) return {};
    const double value = json_->is_number() ? json_->get<double>() : 0;
    if (!json_->is_number() || std::floor(value) != value) {
        refuse(with_noun(must_be, kNoun));
        return {};
    }
    if (value < range.least || value > range.most || std::abs(value) > kLargestWhole) {
        refuse(must_be);
        return {};
    }
    return static_cast<long long>(value);
}

std::optional<double> Value::any_number(Range range) const {
    constexpr std::string_view kNoun = "a number";
    const std::string must_be = words(range, kNoun);
    if (!expect(must_be)) return {};
    const double value = json_->is_number() ? json_->get<double>() : 0;
    if (!json_->is_number()) {
        refuse(with_noun(must_be, kNoun));
        return {};
    }
    if (value < range.least || value > range.most) {
        refuse(must_be);
        return {};
    }
    return value;
}

bool Value::code(std::uint64_t& out, std::uint64_t most) const {
    const std::string must_be = fmt::format("0 to {0}, or in hex \"0x0\" to \"{0:#x}\"", most);
    if (!expect(must_be)) return false;
    std::optional<std::uint64_t> value = hex(*json_);
    if (json_->is_number_unsigned()) value = json_->get<std::uint64_t>();
    if (json_->is_number_float()) {
        const double number = json_->get<double>();
        if (number >= 0 && number <= kLargestWhole && std::floor(number) == number) {
            value = static_cast<std::uint64_t>(number);
        }
    }
    if (!value || *value > most) return refuse(must_be);
    out = *value;
    return true;
}

bool Value::number_or_code(double& out) const {
    static const std::string must_be = "a number, or one in hex such as \"0x55AA\"";
    if (!expect(must_be)) return false;
    if (json_->is_number()) {
        out = json_->get<double>();
        return true;
    }
    const auto value = hex(*json_);
    if (!value) return refuse(must_be);
    out = static_cast<double>(*value);
    return true;
}

std::optional<std::size_t> Value::choose(std::span<const std::string_view> texts) const {
    const std::string must_be = fmt::format("one of {}", fmt::join(texts, ", "));
    if (!expect(must_be)) return {};
    const auto* text = json_->get_ptr<const std::string*>();
    if (text == nullptr) {
        refuse(must_be);
        return {};
    }
    const auto found = std::find(texts.begin(), texts.end(), *text);
    if (found == texts.end()) {
        const std::vector<std::string> known(texts.begin(), texts.end());
        problem(fmt::format("must be {}, not {}{}", must_be, described(*json_, true),
                            did_you_mean(*text, known)));
        return {};
    }
    return static_cast<std::size_t>(found - texts.begin());
}

bool Value::object(const std::function<void(Section&)>& read) const {
    if (!expect("an object {...}")) return false;
    if (!json_->is_object()) return refuse("an object {...}");
    Section section(*json_, path_, *problems_);
    read(section);
    section.report_unknown();
    return true;
}

bool Value::each(const std::function<void(const Value&)>& read) const {
    if (!expect("a list [...]")) return false;
    if (!json_->is_array()) return refuse("a list [...]");
    for (std::size_t i = 0; i < json_->size(); ++i) read(member(std::to_string(i), (*json_)[i]));
    return true;
}

bool Value::one_or_each(const std::function<void(const Value&)>& read) const {
    if (!expect("an item or a list [...]")) return false;
    if (json_->is_array()) {
        if (json_->empty()) return refuse("an item or a list [...] with at least one");
        return each(read);
    }
    read(Value(json_, path_, true, *problems_));
    return true;
}

bool Value::members(const std::function<void(const std::string& key, const Value&)>& read) const {
    if (!expect("an object {...}")) return false;
    if (!json_->is_object()) return refuse("an object {...}");
    for (const auto& [key, item] : json_->items()) read(key, member(key, item));
    return true;
}

Section::Section(const json& json, std::string path, std::vector<Problem>& problems)
    : json_(&json), path_(std::move(path)), problems_(&problems) {}

bool Section::has(std::string_view key) const {
    return json_->find(key) != json_->end();
}

std::string Section::path_of(std::string_view key) const {
    return path_ + step(key);
}

Value Section::value(const std::string& key, bool required) {
    known_.push_back(key);
    const auto found = json_->find(key);
    return {found == json_->end() ? nullptr : &*found, path_of(key), required, *problems_};
}

Value Section::refused(const std::string& key, std::string_view why_not) {
    if (value(key, false).present()) problem(key, fmt::format("does not belong here: {}", why_not));
    return {nullptr, path_of(key), false, *problems_};
}

Value Section::need_if(bool applies, const std::string& key, std::string_view why_not) {
    return applies ? need(key) : refused(key, why_not);
}

Value Section::may_if(bool applies, const std::string& key, std::string_view why_not) {
    return applies ? may(key) : refused(key, why_not);
}

void Section::report_unknown() const {
    for (const auto& [key, item] : json_->items()) {
        if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
        std::string hint = did_you_mean(key, known_);
        if (hint.empty()) hint = fmt::format("; known here: {}", fmt::join(known_, ", "));
        problem(key, fmt::format("unknown key '{}'{}", key, hint));
    }
}

}  // namespace busbar::config
