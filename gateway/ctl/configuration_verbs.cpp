// SPDX-License-Identifier: Apache-2.0
// The configuration as it is, as it would be, and as it shall be.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

constexpr seconds longest_apply{30};

/// The file without its comments; nothing, after saying so, when it cannot be read.
std::optional<std::string> json_in(const std::string& file) {
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto parsed = json::parse(text, nullptr, false, true);
    if (in.good() || in.eof()) {
        if (!parsed.is_discarded()) return parsed.dump();
    }
    complain(file + " cannot be read as JSON");
    return std::nullopt;
}

std::string value_text(const json& change, const char* pointer) {
    const json& value = at(change, pointer);
    return value.is_null() ? "-" : value.dump();
}

Result<std::string> change_report(std::string_view body) {
    const auto report = json::parse(body, nullptr, false);
    if (!report.is_object()) return unexpected();
    Rows rows{{"CHANGE", "WHERE", "FROM", "TO"}};
    for (const auto& change : list(report, "/changes"))
        rows.push_back({text(at(change, "/op")), text(at(change, "/path")), value_text(change, "/from"),
                        value_text(change, "/to")});
    std::string page = rows.size() > 1 ? text_table(rows) : "Nothing changes.\n";
    for (const auto& id : list(report, "/restarts")) page += fmt::format("{} starts anew.\n", text(id));
    if (at(report, "/restarts_all") == true) page += "All charge points start anew.\n";
    for (const auto& warning : list(report, "/warnings")) page += text(warning) + "\n";
    return page;
}

/// What somebody else changes between reading and writing is not overwritten.
int put(ApiClient& daemon, const std::string& file, bool as_json) {
    const auto wanted = json_in(file);
    if (!wanted) return refused;
    const auto seen = daemon.get("/api/v1/configuration");
    if (!seen || !seen->ok()) return tell_answer(seen, as_json);
    return tell_answer(daemon.send("PUT", "/api/v1/configuration", *wanted, longest_apply, seen->etag),
                       as_json, change_report);
}

int send_file(ApiClient& daemon, const char* method, const char* target, const std::string& file,
              bool as_json) {
    const auto wanted = json_in(file);
    if (!wanted) return refused;
    return tell_answer(daemon.send(method, target, *wanted, longest_apply), as_json, change_report);
}

Result<std::string> indented(std::string_view body) {
    return nlohmann::ordered_json::parse(body, nullptr, false).dump(2) + '\n';
}

}  // namespace

std::vector<ApiVerb> add_configuration_verbs(CLI::App& cli) {
    const auto file = std::make_shared<std::string>();
    auto* config = cli.add_subcommand("config", "The configuration: reads, compares and replaces it");
    config->require_subcommand(1);
    auto* get = config->add_subcommand("get", "As it is, without comments and secrets");
    auto* put_verb = config->add_subcommand("put", "Replace it by a file; null passwords stay as they are");
    auto* diff = config->add_subcommand("diff", "What a file would change");
    auto* backup =
        cli.add_subcommand("backup", "Configuration and own profiles as one file, without secrets");
    auto* restore = cli.add_subcommand("restore", "Put a backup in force");
    for (auto* verb : {put_verb, diff, restore}) verb->add_option("FILE", *file)->required();
    return {{get, [](ApiClient& daemon,
                     bool) { return tell_answer(daemon.get("/api/v1/configuration"), false, indented); }},
            {put_verb, [file](ApiClient& daemon, bool json) { return put(daemon, *file, json); }},
            {diff,
             [file](ApiClient& daemon, bool json) {
                 return send_file(daemon, "PUT", "/api/v1/configuration?dry_run=1", *file, json);
             }},
            {backup, [](ApiClient& daemon, bool) { return tell_answer(daemon.get("/api/v1/backup"), true); }},
            {restore, [file](ApiClient& daemon, bool json) {
                 return send_file(daemon, "POST", "/api/v1/restore", *file, json);
             }}};
}

}  // namespace busbar::ctl
