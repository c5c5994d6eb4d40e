// SPDX-License-Identifier: Apache-2.0
// web and transfers: what the gateway listens on, and which URLs from outside it follows.
#include <algorithm>

#include "config/config_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr std::array<Name<std::string_view>, 5> kSchemes{
    {{"https", "https"}, {"http", "http"}, {"ftps", "ftps"}, {"ftp", "ftp"}, {"sftp", "sftp"}}};

}  // namespace

void read_web(Section& section, Web& out) {
    section.may("listen").text(
        out.listen,
        {"an IP address: 0.0.0.0 for every interface, 127.0.0.1 for this machine", kAddress.accepts});
    section.may("https_port").integer(out.https_port, {1, 65535});
    section.may("http_port").integer(out.http_port, {0, 65535});
    section.may("host_names").each([&](const Value& item) {
        std::string name;
        if (item.text(name, kHost)) out.host_names.push_back(name);
    });
    section.may("initial_password_file").text(out.initial_password_file, kAnyText);
    section.may("ui_dir").text(out.ui_dir, kAnyText);
    section.may("metrics").flag(out.metrics);
    if (out.http_port == out.https_port)
        section.problem("http_port", "must differ from https_port, or be 0 for none");
}

void read_transfers(Section& section, Transfers& out) {
    const Value schemes = section.may("schemes");
    if (schemes.present()) out.schemes.clear();
    schemes.each([&](const Value& item) {
        std::string_view scheme;
        if (!item.choice(scheme, kSchemes)) return;
        if (std::find(out.schemes.begin(), out.schemes.end(), scheme) != out.schemes.end()) {
            item.problem("stands here twice");
        }
        out.schemes.emplace_back(scheme);
    });
    section.may("allow_loopback").flag(out.allow_loopback);
    section.may("allow_link_local").flag(out.allow_link_local);
    section.may("max_mb").integer(out.max_mb, {1, 4096});
}

}  // namespace busbar::config
