// SPDX-License-Identifier: Apache-2.0
// From text to a JSON tree: what the grammar forbids, with line and column, and what it lets pass but nobody
// means.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "config/json_reader.hpp"

namespace busbar::config {
namespace {

using nlohmann::json;

constexpr std::size_t kDeepest = 32;
constexpr std::size_t kLargestFile = 1 << 20;

/// Walks the text once before the tree is built: the tree keeps only the last of two equal keys.
class Scan final : public nlohmann::json_sax<json> {
  public:
    Scan(std::string_view text, std::vector<Problem>& problems) : text_(text), problems_(problems) {}

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t&) override { return value(); }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override { return open(false); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(true); }
    bool end_array() override { return close(); }

    bool key(string_t& key) override {
        Level& level = levels_.back();
        level.step = key;
        if (!level.keys.insert(key).second) {
            problems_.push_back({path(), "stands here twice: keep one '" + key + "'"});
        }
        return true;
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& why) override {
        const auto before = text_.substr(0, position == 0 ? 0 : position - 1);
        const auto line = 1 + std::count(before.begin(), before.end(), '\n');
        const auto line_start = before.rfind('\n');
        const auto column =
            line_start == std::string_view::npos ? before.size() + 1 : before.size() - line_start;
        problems_.push_back({"", "not JSON at line " + std::to_string(line) + ", column " +
                                     std::to_string(column) + ": " + cause(why.what())});
        return false;
    }

  private:
    struct Level {
        bool is_list;
        std::size_t count;  ///< items so far
        std::string step;   ///< the key of the member being read
        std::set<std::string> keys;
    };

    bool value() {
        if (!levels_.empty()) ++levels_.back().count;
        return true;
    }
    bool open(bool is_list) {
        value();
        levels_.push_back({is_list, 0, {}, {}});
        if (levels_.size() <= kDeepest) return true;
        problems_.push_back({"", "is nested more than " + std::to_string(kDeepest) + " deep"});
        return false;
    }
    bool close() {
        levels_.pop_back();
        return true;
    }
    [[nodiscard]] std::string path() const {
        json::json_pointer pointer;
        for (const auto& level : levels_) {
            pointer /= level.is_list ? std::to_string(level.count - 1) : level.step;
        }
        return pointer.to_string();
    }
    /// The library's words without its prefix and without what it read last, which may be a password.
    static std::string cause(std::string_view what) {
        what = what.substr(0, what.find("; last read: "));
        for (const std::string_view prefix : {"] ", ": "}) {
            const auto at = what.find(prefix);
            if (at != std::string_view::npos) what.remove_prefix(at + prefix.size());
        }
        return std::string(what);
    }

    std::string_view text_;
    std::vector<Problem>& problems_;
    std::vector<Level> levels_;
};

}  // namespace

void read_json(std::string_view text, std::vector<Problem>& problems,
               const std::function<void(Section&)>& read) {
    constexpr bool kStrict = true;  // nothing may follow the object
    constexpr bool kComments = true;
    constexpr bool kExceptions = false;
    Scan scan(text, problems);
    if (!json::sax_parse(text.begin(), text.end(), &scan, json::input_format_t::json, kStrict, kComments))
        return;

    const json tree = json::parse(text.begin(), text.end(), nullptr, kExceptions, kComments);
    Value(&tree, "", true, problems).object(read);
}

std::optional<std::string> read_file(const std::string& file, std::vector<Problem>& problems) {
    const auto refuse = [&problems](const std::string& why) {
        problems.push_back({"", why});
        return std::nullopt;
    };
    // A fifo or a device would block or never end.
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) {
        return refuse("cannot be opened (" + std::generic_category().message(errno) + "): check the path");
    }
    if (!S_ISREG(info.st_mode)) return refuse("is not a regular file");
    std::ifstream in(file, std::ios::binary);
    if (!in) return refuse("cannot be opened: check that this user may read it");
    std::string text;
    std::array<char, 8192> piece;
    do {
        in.read(piece.data(), piece.size());
        text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    } while (in && text.size() <= kLargestFile);
    if (in.bad()) return refuse("cannot be read to its end");
    if (text.size() > kLargestFile) return refuse("is larger than 1 MiB");
    return text;
}

}  // namespace busbar::config
