// SPDX-License-Identifier: Apache-2.0
// A typed reader over JSON that never stops at the first mistake: every problem, each with its JSON path and
// a cure.
//
//     read_json(text, problems, [&](Section& root) {
//         root.need("port").integer(port, {1, 65535});
//         root.may("name").text(name, kAnyText);
//     });
//
// A Section knows the keys it was asked for; what is left over is reported as unknown. No exception leaves.
#pragma once

#include <array>
#include <functional>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace busbar::config {

/// Inclusive; both bounds are said to the person, so unbounded sides are left out of the sentence.
struct Range {
    double least = -std::numeric_limits<double>::infinity();
    double most = std::numeric_limits<double>::infinity();
};

/// What a text must look like: the words for the person and the check that goes with them.
struct TextRule {
    std::string_view must_be;  ///< follows "must be": "1 to 15 characters without blanks"
    bool (*accepts)(std::string_view text);
    bool secret = false;  ///< never quoted in a problem
};

/// One spelling of an enumeration.
template <class E>
struct Name {
    std::string_view text;
    E value;
};

template <class E, std::size_t N>
constexpr std::string_view name_of(E value, const std::array<Name<E>, N>& names) {
    for (const auto& name : names) {
        if (name.value == value) return name.text;
    }
    return {};
}

class Section;

/// One place of the file, which may be empty. Each reading function stores into its first argument and
/// returns true, or leaves it alone and returns false; a wrong value, and an empty place that must not be, is
/// a problem.
class Value {
  public:
    /// `json` null: nothing there, which is a problem on reading if `required`.
    Value(const nlohmann::json* json, std::string path, bool required, std::vector<Problem>& problems)
        : json_(json), path_(std::move(path)), required_(required), problems_(&problems) {}

    [[nodiscard]] bool present() const { return json_ != nullptr; }
    [[nodiscard]] bool is_text() const;
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] const std::string& path() const { return path_; }
    /// Here, or at a place below: "/limit/address".
    void problem(std::string text, const std::string& below = {}) const {
        problems_->push_back({path_ + below, std::move(text)});
    }
    /// Of the whole file so far: tells whether what was just read is sound.
    [[nodiscard]] std::size_t problem_count() const { return problems_->size(); }

    bool flag(bool& out) const;
    bool flag(std::optional<bool>& out) const;
    bool text(std::string& out, const TextRule& rule) const;

    /// A whole number into an int, a chrono duration or an optional of them. 5.0 counts as 5, as in JSON
    /// Schema.
    template <class T>
    bool integer(T& out, Range range) const {
        return store(out, whole_number(range));
    }
    /// Any number into a double, a Quantity or an optional of them.
    template <class T>
    bool number(T& out, Range range) const {
        return store(out, any_number(range));
    }
    /// A whole number from 0 on, or the same in hex as text: "0x0108". Full 64 bits.
    bool code(std::uint64_t& out, std::uint64_t most) const;
    /// Any number, or a whole one in hex as text.
    bool number_or_code(double& out) const;

    template <class E, std::size_t N>
    bool choice(E& out, const std::array<Name<E>, N>& names) const {
        std::array<std::string_view, N> texts;
        for (std::size_t i = 0; i < N; ++i) texts[i] = names[i].text;
        const auto index = choose(texts);
        if (index) out = names[*index].value;
        return index.has_value();
    }

    /// Reads an object; keys that `read` did not ask for are reported as unknown.
    bool object(const std::function<void(Section&)>& read) const;
    /// Calls `read` for each item of a list.
    bool each(const std::function<void(const Value&)>& read) const;
    /// The same, where a single item may also stand alone without brackets; an empty list is refused.
    bool one_or_each(const std::function<void(const Value&)>& read) const;
    /// Calls `read` for each member of an object whose keys are free.
    bool members(const std::function<void(const std::string& key, const Value&)>& read) const;

  private:
    template <class T, class N>
    static bool store(T& out, std::optional<N> value) {
        if (value) out = T(*value);
        return value.has_value();
    }
    [[nodiscard]] std::optional<long long> whole_number(Range range) const;
    [[nodiscard]] std::optional<double> any_number(Range range) const;
    [[nodiscard]] std::optional<std::size_t> choose(std::span<const std::string_view> texts) const;
    /// Present; else reports what is missing, if it must not be.
    [[nodiscard]] bool expect(const std::string& must_be) const;
    bool refuse(const std::string& must_be, bool quote = true) const;
    [[nodiscard]] Value member(const std::string& key, const nlohmann::json& json) const;

    const nlohmann::json* json_;
    std::string path_;
    bool required_;
    std::vector<Problem>* problems_;
};

/// An object whose keys are known. Made by Value::object and read_json.
class Section {
  public:
    /// `json` must be an object and outlive the section.
    Section(const nlohmann::json& json, std::string path, std::vector<Problem>& problems);

    [[nodiscard]] Value need(const std::string& key) { return value(key, true); }
    [[nodiscard]] Value may(const std::string& key) { return value(key, false); }
    /// As need and may when `applies`; else the key must be absent, and `why_not` says what it is for.
    [[nodiscard]] Value need_if(bool applies, const std::string& key, std::string_view why_not);
    [[nodiscard]] Value may_if(bool applies, const std::string& key, std::string_view why_not);

    [[nodiscard]] bool has(std::string_view key) const;
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string path_of(std::string_view key) const;
    void problem(std::string text) const { problems_->push_back({path_, std::move(text)}); }
    void problem(std::string_view key, std::string text) const {
        problems_->push_back({path_of(key), std::move(text)});
    }

    /// At a place anywhere below: "/registers/limit/address".
    void problem_at(const std::string& below, std::string text) const {
        problems_->push_back({path_ + below, std::move(text)});
    }

    /// Reports the keys nobody asked for. Called by whoever made the section.
    void report_unknown() const;

  private:
    [[nodiscard]] Value value(const std::string& key, bool required);
    [[nodiscard]] Value refused(const std::string& key, std::string_view why_not);

    const nlohmann::json* json_;
    std::string path_;
    std::vector<Problem>* problems_;
    std::vector<std::string> known_;
};

/// Parses `text` (comments allowed) and hands the root object to `read`. Syntax errors carry line and column;
/// a key that stands twice in an object is a problem. `read` is not called when there is no object to read.
void read_json(std::string_view text, std::vector<Problem>& problems,
               const std::function<void(Section&)>& read);

/// The whole of a regular file of at most 1 MiB, or a problem with an empty path.
std::optional<std::string> read_file(const std::string& file, std::vector<Problem>& problems);

}  // namespace busbar::config
