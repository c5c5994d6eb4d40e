// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/label.hpp"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "gateway/atomic_file.hpp"
#include "gateway/web/auth/secrets.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr double code_mm = 20;
constexpr int quiet_modules = 4;  // ISO/IEC 18004: around the code

/// A text of an SVG.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (static_cast<unsigned char>(c) >= ' ')
            out += c;
    }
    return out;
}

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

/// A path of the dark modules, `code_mm` wide at (x, y) with its quiet zone.
Result<std::string> qr_path(const std::string& text, double x, double y) {
    const std::unique_ptr<QRcode, FreeCode> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M));
    if (!code) return Error{Errc::invalid, "A text of the label is too long for a QR code."};
    std::string path;
    for (int row = 0; row < code->width; ++row) {
        for (int column = 0; column < code->width; ++column) {
            if ((code->data[row * code->width + column] & 1) != 0)
                path += fmt::format("M{} {}h1v1h-1z", column + quiet_modules, row + quiet_modules);
        }
    }
    const double scale = code_mm / (code->width + 2 * quiet_modules);
    return fmt::format("<path transform=\"translate({} {}) scale({:.5f})\" d=\"{}\"/>\n", x, y, scale, path);
}

std::string line(double x, double y, double size, std::string_view text) {
    return fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\">{}</text>\n", x, y, size, escaped(text));
}

Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

}  // namespace

std::string label_json(const Label& label) {
    Json json{{"name", label.name}, {"address", or_null(label.address)}};
    json["setup_password"] = label.setup_password ? Json(label.setup_password->reveal()) : Json(nullptr);
    json["access_point"] = nullptr;
    if (label.access_point)
        json["access_point"] = {{"ssid", label.access_point->ssid},
                                {"key", label.access_point->key.reveal()}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string wifi_qr_text(const WifiLogin& login) {
    const auto plain = [](std::string_view text) {
        std::string out;
        for (const char c : text) {
            if (std::string_view("\\;,:\"").find(c) != std::string_view::npos) out += '\\';
            out += c;
        }
        return out;
    };
    return fmt::format("WIFI:T:WPA;S:{};P:{};;", plain(login.ssid), plain(login.key.reveal()));
}

Result<std::string> label_svg(const Label& label) {
    std::string svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"62mm\" height=\"29mm\" viewBox=\"0 0 62 29\" "
        "font-family=\"Roboto, Arial, sans-serif\">\n<rect width=\"62\" height=\"29\" fill=\"#fff\"/>\n";
    double x = 1;
    const auto add_code = [&](const std::string& text, std::string_view caption) -> Result<void> {
        const auto path = qr_path(text, x, 6.5);
        if (!path) return path.error();
        svg += *path + line(x + 2.5, 28, 2, caption);
        x += code_mm + 0.5;
        return {};
    };
    svg += line(2, 4.8, 3.4, label.name);
    if (!label.address.empty()) {
        if (const auto added = add_code(label.address, "Pages"); !added) return added.error();
    }
    if (label.access_point) {
        if (const auto added = add_code(wifi_qr_text(*label.access_point), "WiFi"); !added)
            return added.error();
    }
    double y = 9;
    const auto say = [&](std::string_view what, std::string_view text) {
        svg += line(x, y, 1.6, what) + line(x, y + 2.1, 1.9, text);
        y += 4.6;
    };
    if (!label.address.empty()) say("address", label.address);
    if (label.setup_password) say("user installer, password", label.setup_password->reveal());
    if (!label.setup_password) say("user installer, password", "was changed by its owner");
    if (label.access_point) {
        say("WiFi for set-up", label.access_point->ssid);
        say("key", label.access_point->key.reveal());
    }
    return svg + "</svg>\n";
}

WifiLogin access_point_of_box(const std::string& file, const Log& log) {
    const auto kept = Json::parse(file_content(file), nullptr, false);
    const auto text = [&](const char* name) {
        return kept.is_object() && kept.contains(name) && kept[name].is_string()
                   ? kept[name].get<std::string>()
                   : std::string();
    };
    if (!text("ssid").empty() && !text("key").empty()) return {text("ssid"), Secret(text("key"))};
    WifiLogin made{"Busbar-" + random_id().substr(0, 4), random_password()};
    const Json json{{"ssid", made.ssid}, {"key", made.key.reveal()}};
    if (const auto written = replace_file(file, json.dump() + '\n', Durable::yes, owner_only); !written)
        log.error("label_not_kept", written.error().detail);
    return made;
}

}  // namespace busbar::gateway
