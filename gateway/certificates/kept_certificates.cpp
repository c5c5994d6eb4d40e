// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/kept_certificates.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "gateway/atomic_file.hpp"
#include "gateway/update/files.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string text_at(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> texts_at(const Json& json, const char* name) {
    std::vector<std::string> texts;
    const auto found = json.find(name);
    if (found == json.end() || !found->is_array()) return texts;
    for (const auto& one : *found) {
        if (one.is_string()) texts.push_back(one.get<std::string>());
    }
    return texts;
}

}  // namespace

std::string kept_certificates_file(const std::string& dir, const std::string& charge_point) {
    std::string name;
    for (const char c : charge_point) {
        name += plain.find(c) != std::string_view::npos
                    ? std::string(1, c)
                    : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return dir + '/' + name + ".json";
}

Result<KeptCertificates> read_kept_certificates(const std::string& file) {
    if (::access(file.c_str(), F_OK) != 0) return KeptCertificates{};
    if (::access(file.c_str(), R_OK) != 0) return Error{Errc::io, file + ": " + std::strerror(errno)};
    const Json json = Json::parse(file_content(file), nullptr, false);
    if (!json.is_object()) return Error{Errc::invalid, file + " is damaged"};
    return KeptCertificates{Secret(text_at(json, "client")),      Secret(text_at(json, "next")),
                            Secret(text_at(json, "request_key")), texts_at(json, "central_system"),
                            texts_at(json, "manufacturer"),       texts_at(json, "replaced")};
}

Result<void> write_kept_certificates(const std::string& file, const KeptCertificates& kept) {
    ::mkdir(file.substr(0, file.rfind('/')).c_str(), S_IRWXU);
    const Json json{{"client", kept.client.reveal()},           {"next", kept.next.reveal()},
                    {"request_key", kept.request_key.reveal()}, {"central_system", kept.central_system},
                    {"manufacturer", kept.manufacturer},        {"replaced", kept.replaced}};
    return update::replace_durably(file, json.dump(-1, ' ', false, Json::error_handler_t::replace),
                                   owner_only);
}

}  // namespace busbar::gateway
