// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/backup_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "config/profile.hpp"
#include "gateway/atomic_file.hpp"
#include "gateway/web/api/configuration_edit.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view format = "busbar-backup-1";
constexpr std::size_t most_profiles = 100;
constexpr int indent = 2;

/// *.json of a directory and its direct subfolders, as the reader looks for profiles.
std::vector<fs::path> json_files(const std::string& dir) {
    std::vector<fs::path> files;
    std::error_code error;
    for (auto at = fs::recursive_directory_iterator(dir, error);
         !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        if (at.depth() > 0) at.disable_recursion_pending();
        if (at->is_regular_file(error) && at->path().extension() == ".json") files.push_back(at->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Those of one's own that a charger or meter uses, as they are written.
Json own_profiles(const config::Config& config) {
    std::set<std::string> used;
    for (const auto& charger : config.chargers) {
        used.insert(charger.profile);
        if (charger.meter) used.insert(charger.meter->profile);
    }
    Json profiles = Json::array();
    for (const auto& dir : config.charger_profile_dirs) {
        for (const auto& file : json_files(dir)) {
            auto profile = Json::parse(file_content(file.string()), nullptr, false, true);
            // Of two directories the first one counts.
            if (profile.is_object() && profile.contains("id") && profile["id"].is_string() &&
                used.erase(profile["id"].get<std::string>()) > 0 && profiles.size() < most_profiles)
                profiles.push_back(std::move(profile));
        }
    }
    return profiles;
}

HttpResponse backup(const ConfigurationDesk& desk, const Now& now) {
    const Json present = desk.present();
    if (present.is_null())
        return problem(409, "config_unreadable", "The configuration file cannot be read as JSON any more.");
    Json json{{"format", format}, {"version", BUSBAR_VERSION}, {"created_at", time_json(now.utc)}};
    json["configuration"] = without_secrets(present);
    json["profiles"] = own_profiles(desk.settings().config);
    HttpResponse response;
    response.body = json.dump(indent, ' ', false, Json::error_handler_t::replace) + '\n';
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"busbar-backup.json\"");
    return response;
}

/// Everything wrong with the profiles; paths begin below /profiles.
std::vector<config::Problem> profile_problems(const Json& profiles) {
    std::vector<config::Problem> problems;
    if (!profiles.is_array() || profiles.size() > most_profiles)
        return {{"/profiles", fmt::format("must be a list of at most {} profiles", most_profiles)}};
    for (std::size_t i = 0; i < profiles.size(); ++i) {
        for (const auto& [path, text] : config::parse_profile(text_of(profiles[i])).problems)
            problems.push_back({fmt::format("/profiles/{}{}", i, path), text});
    }
    return problems;
}

/// Their ids are file names: the reader lets through only [a-z0-9-].
Result<void> write_profiles(const Json& profiles, const std::string& dir) {
    std::error_code error;
    fs::create_directories(dir, error);
    for (const auto& profile : profiles) {
        const auto file = dir + "/" + profile.at("id").get<std::string>() + ".json";
        auto written = replace_file(file, profile.dump(indent) + '\n', Durable::yes);
        if (!written) return written;
    }
    return {};
}

/// The configuration with `dir` before the other directories of profiles.
Json naming(Json configuration, const std::string& dir) {
    auto& dirs = configuration["charger_profile_dirs"];
    if (!dirs.is_array()) dirs = Json::array();
    if (std::find(dirs.begin(), dirs.end(), dir) == dirs.end()) dirs.insert(dirs.begin(), dir);
    return configuration;
}

HttpResponse invalid(const std::vector<config::Problem>& problems) {
    return problem(422, "backup_invalid", "The backup has problems and is not taken.", problems);
}

HttpResponse restore(ConfigurationDesk& desk, const std::string& dir, const HttpRequest& request) {
    const auto body = object_in(request.body);
    if (!body || body->value("format", Json(nullptr)) != Json(format))
        return invalid({{"/format", fmt::format("must be \"{}\"", format)}});
    const Json configuration = body->value("configuration", Json(nullptr));
    if (!configuration.is_object()) return invalid({{"/configuration", "must be an object"}});
    const Json profiles = body->value("profiles", Json::array());
    if (const auto problems = profile_problems(profiles); !problems.empty()) return invalid(problems);
    const bool dry_run = query_number(request.query, "dry_run") == 1;
    if (profiles.empty()) return desk.replace(configuration, dry_run);
    // Profiles are judged with the configuration: they have to be there, and do no harm as long as nobody
    // names their directory.
    if (!dry_run && !desk.writable()) return desk.replace(configuration, dry_run);
    if (const auto written = write_profiles(profiles, dir); !written)
        return problem(500, "internal", written.error().detail);
    return desk.replace(naming(configuration, dir), dry_run);
}

}  // namespace

std::vector<Route> backup_routes(ConfigurationDesk& desk, std::string profile_dir, std::function<Now()> now) {
    constexpr auto installer = at_least(Role::installer);
    return {{"GET", "/api/v1/backup", installer,
             [&desk, now = std::move(now)](const HttpRequest&) { return backup(desk, now()); }},
            {"POST", "/api/v1/restore", installer,
             [&desk, dir = std::move(profile_dir)](const HttpRequest& request) {
                 return restore(desk, dir, request);
             }}};
}

}  // namespace busbar::gateway
