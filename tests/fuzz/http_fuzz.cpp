// SPDX-License-Identifier: Apache-2.0
// Bytes of a client of the pages, in two parts: requests in bounds, or one refusal; and the gate's own
// readers.
#include "gateway/web/own_names.hpp"
#include "gateway/web/request_parser.hpp"
#include "tests/fuzz/expect.hpp"

namespace busbar::gateway {
namespace {

using fuzz::expect;
using State = RequestParser::State;

constexpr std::uint32_t most_header = 1024;
constexpr std::uint64_t most_body = 64;

void check(const HttpRequest& request) {
    expect(!request.method.empty(), "a request has a method");
    expect(request.path.starts_with('/'), "a path begins with a slash", request.path);
    expect(request.path.find_first_of(std::string_view("\0\r\n", 3)) == std::string::npos,
           "a path has no line end", request.path);
    for (const auto& [name, value] : request.fields) {
        expect(value.find_first_of("\r\n") == std::string::npos, "a field is one line", name);
    }
    const OwnNames own{"gateway.lan", {"192.0.2.7"}};
    const auto host = host_of(request.field("Host"));
    expect(!is_own(request.field("Host"), own, {}) || !host.empty(), "what is ours has a name", host);
}

/// False: nothing that follows can be read.
bool take(RequestParser& parser, std::string_view bytes) {
    for (;;) {
        const auto before = parser.state();
        if (const auto refused = parser.feed(bytes)) {
            expect(refused->status >= 400 && refused->status < 500, "a refusal is the client's fault");
            return false;
        }
        bytes = {};
        if (parser.state() == State::head) return true;
        check(parser.request());
        expect(parser.request().body.size() <= most_body, "a body is within its limit");
        if (parser.state() == State::complete) {
            parser.next();
        } else if (before == State::body) {
            return true;
        } else if (parser.limit_body(most_body)) {
            return false;
        }
    }
}

}  // namespace
}  // namespace busbar::gateway

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace busbar;
    if (size == 0) return 0;
    const auto text = fuzz::text_of(data, size);
    const auto first = std::min<std::size_t>(data[0], size - 1);
    gateway::RequestParser parser(gateway::most_header);
    if (gateway::take(parser, text.substr(1, first))) gateway::take(parser, text.substr(1 + first));
    return 0;
}
