// SPDX-License-Identifier: Apache-2.0
// Bytes as a location, then as where it redirects to: refused in words without secrets, or a host and port
// that mean the same when they are read again.
#include "gateway/transfer/location.hpp"
#include "tests/fuzz/expect.hpp"

namespace busbar::gateway {
namespace {

using fuzz::expect;

const config::Transfers policy;

void check(const Result<Location>& location) {
    if (!location) return expect(location.error().code == Errc::invalid, "a refusal is final");
    expect(location->port > 0 && location->port < 65536, "a port is one");
    expect(!location->host.empty() && location->path.front() == '/', "host and path are there");
    expect(location->shown().find('@') == std::string::npos || location->host.find('@') != std::string::npos,
           "what is shown has no user");
    const auto again = read_location(location->url, policy.schemes);
    expect(again.has_value(), "what was read is read again");
    expect(
        again->host == location->host && again->port == location->port && again->scheme == location->scheme,
        "and leads to the same place");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto cut = std::min(text.find('\n'), text.size());
    const auto location = read_location(text.substr(0, cut), policy.schemes);
    check(location);
    if (!location) return 0;
    check(file_in(*location, "diagnostics.tar.gz"));
    if (cut == text.size()) return 0;
    const auto redirect = read_redirect(*location, text.substr(cut + 1), policy.schemes);
    if (!redirect) return 0;
    check(redirect);
    expect(redirect->is_http() && (location->scheme != "https" || redirect->scheme == "https"),
           "TLS is not left");
    return 0;
}

}  // namespace busbar::gateway
